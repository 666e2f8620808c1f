// The program with its configuration read anew (SIGHUP): tried first in a process of its own, so that one that is no good
// changes nothing; then this process becomes the program again, and what it held, secrets too, is gone.
#pragma once

namespace linnet {

/// Would the program start with these arguments now? What is wrong is on standard error. Waits for the answer.
bool would_start(char** arguments);

/// Returns only where it fails.
void start_anew(char** arguments);

}  // namespace linnet
