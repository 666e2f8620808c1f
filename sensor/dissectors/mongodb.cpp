// MongoDB (wire protocol: OP_QUERY, OP_REPLY, OP_MSG): a command that needs an account, carried out for somebody who has not
// signed in. What everybody may ask (hello, buildInfo, …) does not tell.
#include "open_service.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace linnet {
namespace {

constexpr std::uint32_t op_reply = 1, op_query = 2004, op_msg = 2013;
constexpr std::size_t header_size = 16;

bool wants(const Conversation& c) {
    if (c.server.port.number == 27017 || c.app_proto == "mongodb") return true;
    ByteReader client{c.client_head};
    const std::uint32_t size = client.u32_le();
    client.skip(8);
    const std::uint32_t operation = client.u32_le();
    return client.ok() && size > header_size && size < (1U << 24) && (operation == op_query || operation == op_msg);
}

struct Message {
    std::uint32_t id = 0, answers = 0, operation = 0;
    ByteReader body;  ///< as far as it has arrived
    bool whole = false;
};

std::optional<Message> next_message(ByteReader& reader) {
    const std::uint32_t size = reader.u32_le();
    Message message{reader.u32_le(), reader.u32_le(), reader.u32_le(), ByteReader{""}};
    if (!reader.ok() || size < header_size) return std::nullopt;
    message.whole = size - header_size <= reader.remaining();
    message.body = ByteReader{reader.bytes(std::min<std::size_t>(size - header_size, reader.remaining()))};
    return message;
}

/// Moves to the first document that the message carries, and reads the name of its first element, which for a command is
/// the command. Empty where it cannot be read.
std::string_view first_name(Message& message) {
    ByteReader& body = message.body;
    body.skip(4);  // flags
    if (message.operation == op_query) {
        body.text_to_zero();  // collection
        body.skip(8);
    } else if (message.operation == op_reply) {
        body.skip(16);  // cursor, first, count
    } else if (message.operation != op_msg || body.u8() != 0) {
        return {};
    }
    body.skip(5);  // size of the document, type of the element
    const auto name = body.text_to_zero();
    return body.ok() ? name : std::string_view{};
}

bool signs_in(std::string_view command) {
    return command == "saslStart" || command == "authenticate" || command == "saslContinue";
}

/// Commands that the server carries out only for those who may (without "requires authentication" in the manual).
bool needs_account(std::string_view command) {
    constexpr std::array<std::string_view, 16> commands{
        "find",    "insert",       "update",         "delete",  "count", "aggregate",    "listDatabases", "listCollections",
        "getMore", "serverStatus", "getCmdLineOpts", "dbStats", "drop",  "dropDatabase", "listIndexes",   "getLog"};
    return std::find(commands.begin(), commands.end(), command) != commands.end();
}

/// A refusal begins with "ok" (of value 0), "errmsg" or "$err"; what was asked for comes before "ok".
bool is_served(Message& reply) {
    const auto name = first_name(reply);
    if (name.empty() || name == "errmsg" || name == "$err" || name == "code" || name == "operationTime") return false;
    if (name != "ok")
        return name == "cursor" || name == "databases" || name == "n" || name == "host" || name == "argv" || name == "db" ||
               name == "totalLinesWritten" || name == "nIndexesWas" || name == "dropped";
    constexpr std::uint64_t one_as_double = 0x0000'0000'0000'F03F;  // 1.0, little endian
    return reply.body.u64() == one_as_double && reply.body.ok();
}

std::optional<Message> reply_to(std::string_view server, std::uint32_t id) {
    ByteReader reader{server};
    auto message = next_message(reader);
    while (message && message->answers != id) message = next_message(reader);
    return message;
}

void inspect(const Conversation& c, Findings& findings) {
    ByteReader client{c.client_head};
    if (c.midstream) return;
    while (auto request = next_message(client)) {
        const auto command = first_name(*request);
        if (signs_in(command)) return;
        if (!request->whole || !needs_account(command)) continue;
        auto reply = reply_to(c.server_head, request->id);
        if (!reply) return;
        if (!is_served(*reply)) continue;
        tell_open_service(findings, "mongodb", "a database that asks for no password");
        return;
    }
}

}  // namespace

const StreamDissector mongodb{"mongodb", wants, inspect};

}  // namespace linnet
