// MongoDB (wire protocol: OP_QUERY, OP_REPLY, OP_MSG; documents are BSON, bsonspec.org): logins by SASL PLAIN, the only
// mechanism of its that sends the password; and a command that needs an account, carried out for somebody who has not signed
// in. What everybody may ask (hello, buildInfo, …) does not tell.
#include "open_service.hpp"
#include "sasl.hpp"
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

/// Moves to the elements of the first document that the message carries. False where it has none.
bool enter_document(Message& message) {
    ByteReader& body = message.body;
    body.skip(4);  // flags
    if (message.operation == op_query) {
        body.text_to_zero();  // collection
        body.skip(8);
    } else if (message.operation == op_reply) {
        body.skip(16);  // cursor, first, count
    } else if (message.operation != op_msg || body.u8() != 0) {
        return false;
    }
    body.skip(4);  // size of the document
    return body.ok();
}

/// The name of the document's first element, which for a command is the command. Empty where it cannot be read.
std::string_view first_name(Message message) {
    if (!enter_document(message)) return {};
    message.body.skip(1);  // type of the element
    const auto name = message.body.text_to_zero();
    return message.body.ok() ? name : std::string_view{};
}

/// An element of a document: text and bytes as they are, and of the others nothing but that they are over.
struct Element {
    std::string_view name, value;
};
std::optional<Element> next_element(ByteReader& in) {
    const std::uint8_t type = in.u8();
    Element element{in.text_to_zero(), {}};
    const auto counted = [&](std::size_t more) {
        const std::size_t size = in.u32_le();
        in.skip(more);
        element.value = in.text(size);
    };
    switch (type) {
        case 0x02: counted(0); break;  // text, with the zero behind it
        case 0x05: counted(1); break;  // bytes, of a subtype
        case 0x03:
        case 0x04: {  // document, list: their size counts itself
            const std::size_t size = in.u32_le();
            in.skip(size < 4 ? 0 : size - 4);
            break;
        }
        case 0x01:
        case 0x09:
        case 0x11:
        case 0x12: in.skip(8); break;
        case 0x07: in.skip(12); break;
        case 0x08: in.skip(1); break;
        case 0x0A: break;
        case 0x10: in.skip(4); break;
        case 0x13: in.skip(16); break;
        default: return std::nullopt;  // the end, or what no login has
    }
    return in.ok() ? std::optional{element} : std::nullopt;
}

/// The credential of a saslStart, where its mechanism is PLAIN.
bool read_plain(Message request, SaslCredential& out) {
    if (!enter_document(request)) return false;
    bool plain = false;
    std::string_view payload;
    while (const auto element = next_element(request.body)) {
        if (element->name == "mechanism") plain = element->value == std::string_view{"PLAIN\0", 6};
        if (element->name == "payload") payload = element->value;
    }
    return plain && read_sasl_plain(payload, out);
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
bool is_served(Message reply) {
    const auto name = first_name(reply);
    if (name.empty() || name == "errmsg" || name == "$err" || name == "code" || name == "operationTime") return false;
    if (name != "ok")
        return name == "cursor" || name == "databases" || name == "n" || name == "host" || name == "argv" || name == "db" ||
               name == "totalLinesWritten" || name == "nIndexesWas" || name == "dropped";
    constexpr std::uint64_t one_as_double = 0x0000'0000'0000'F03F;  // 1.0, little endian
    (void)enter_document(reply);
    reply.body.skip(1 + sizeof "ok");
    return reply.body.u64() == one_as_double && reply.body.ok();
}

std::optional<Message> reply_to(std::string_view server, std::uint32_t id) {
    ByteReader reader{server};
    auto message = next_message(reader);
    while (message && message->answers != id) message = next_message(reader);
    return message;
}

/// A login that was accepted is answered with the number of its conversation, a refusal begins as others do.
Outcome outcome_of(const std::optional<Message>& reply) {
    if (!reply || !reply->whole) return Outcome::unknown;
    return first_name(*reply) == "conversationId" ? Outcome::success : Outcome::failure;
}

void report_plain(const Message& request, const Conversation& c, Findings& findings) {
    SaslCredential credential;
    if (!request.whole || !read_plain(request, credential)) return;
    findings.login(Service::mongodb, credential.user.view(), credential.secret.view(),
                   outcome_of(reply_to(c.server_head, request.id)));
}

void inspect(const Conversation& c, Findings& findings) {
    ByteReader client{c.client_head};
    if (c.midstream) return;
    while (auto request = next_message(client)) {
        const auto command = first_name(*request);
        if (command == "saslStart") report_plain(*request, c, findings);
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
