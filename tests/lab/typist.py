#!/usr/bin/env python3
"""Types into a program on a terminal of its own, one character after the other:

    typist.py COMMAND EXPECT SEND [EXPECT SEND]…

waits for each EXPECT before it types SEND and Return; a last EXPECT without SEND is waited for. Ends after 20 s at most.
"""
import os
import pty
import select
import sys
import time

KEY_INTERVAL = 0.02  # seconds; a quick typist
DEADLINE = time.monotonic() + 20


def read_until(terminal: int, expected: str) -> None:
    seen = b""
    while expected.encode() not in seen:
        if time.monotonic() > DEADLINE:
            sys.exit(f"typist: '{expected}' did not come, but: {seen.decode(errors='replace')!r}")
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 4096)


def type_line(terminal: int, line: str) -> None:
    for key in line + "\r":
        os.write(terminal, key.encode())
        time.sleep(KEY_INTERVAL)


def main() -> None:
    command, *steps = sys.argv[1:]
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command.split()[0], command.split())
    for index, step in enumerate(steps):
        if index % 2 == 0:
            read_until(terminal, step)
        else:
            type_line(terminal, step)
    time.sleep(0.3)
    os.close(terminal)
    os.waitpid(child, 0)


main()
