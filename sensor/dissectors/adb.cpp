// Android's debugging bridge over the network (protocol.txt of adb): a device that answers CNXN with CNXN, and not with AUTH
// or STLS, gives a command line to everybody who connects.
#include "open_service.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

namespace linnet {
namespace {

bool wants(const Conversation& c) { return c.client_head.starts_with("CNXN"); }

/// A message's header begins with the command and ends with its complement.
bool starts_with_cnxn(std::string_view head) {
    ByteReader reader{head};
    const bool named = reader.text(4) == "CNXN";
    reader.skip(16);  // two arguments, length and checksum of the data
    return reader.u32() == ~0x434E584EU && reader.ok() && named;
}

void inspect(const Conversation& c, Findings& findings) {
    if (!c.midstream && starts_with_cnxn(c.client_head) && starts_with_cnxn(c.server_head))
        tell_open_service(findings, "adb", "Android debugging, open to everybody");
}

}  // namespace

const StreamDissector adb{"adb", wants, inspect};

}  // namespace linnet
