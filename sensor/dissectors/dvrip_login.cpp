// DVRIP ("Sofia", "XMEye"): how recorders and cameras with Xiongmai's firmware are signed in to, by custom at port 34567. As
// published programs that speak it (python-dvr, OpenIPC) describe it: a header of 20 bytes, little endian: FF, version, two
// bytes, session (4), number (4), two bytes, kind (2), length (4); then JSON. Kind 1000 is a login, 1001 its answer, in
// which "Ret" is 100 where it was accepted.
//
// What is sent is no password but a short hash of it, always the same: whoever has read it can send it, too. It is compared
// with the hashes of known default passwords (credentials.toml, service dvrip) and never called clear text.
#include "json_texts.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <algorithm>
#include <optional>

namespace linnet {
namespace {

constexpr std::uint16_t login_request = 1000, login_answer = 1001;
constexpr std::size_t longest_login = 1024;

struct Message {
    std::uint16_t kind = 0;
    std::string_view text;
};

/// Nothing where it is no header, or the message has not wholly come.
std::optional<Message> next_message(ByteReader& in) {
    const std::uint8_t mark = in.u8(), version = in.u8();
    in.skip(2 + 4 + 4 + 2);
    const std::uint16_t kind = in.u16_le();
    const std::size_t length = in.u32_le();
    const auto text = in.text(length);
    if (!in.ok() || mark != 0xFF || version > 1) return std::nullopt;
    return Message{kind, text};
}

bool wants(const Conversation& c) {
    ByteReader in{c.client_head};
    const std::uint8_t mark = in.u8(), version = in.u8();
    in.skip(12);
    const std::uint16_t kind = in.u16_le();
    const std::uint32_t length = in.u32_le();
    return in.ok() && mark == 0xFF && version <= 1 && kind == login_request && length <= longest_login;
}

/// The value of this member, as written.
std::optional<std::string_view> member(std::string_view document, std::string_view name) {
    JsonTexts members{document};
    while (const auto found = members.next())
        if (found->name == name) return found->value;
    return std::nullopt;
}

Outcome outcome_of(std::string_view answer) {
    const auto code = member(answer, "Ret");
    if (!code) return Outcome::unknown;
    return *code == "100" ? Outcome::success : Outcome::failure;
}

/// Of the answer to the login with this number, counted from 0.
Outcome outcome_of_login(std::string_view server, std::size_t number) {
    ByteReader in{server};
    while (const auto message = next_message(in))
        if (message->kind == login_answer && number-- == 0) return outcome_of(message->text);
    return Outcome::unknown;
}

void inspect(const Conversation& c, Findings& findings) {
    ByteReader in{c.client_head};
    std::size_t logins = 0;
    while (const auto message = next_message(in)) {
        if (message->kind != login_request) continue;
        const auto hash = member(message->text, "PassWord"), user = member(message->text, "UserName");
        const auto outcome = outcome_of_login(c.server_head, logins++);
        if (!hash || !user) continue;
        findings.app_proto("dvrip");
        findings.login(Service::dvrip, json_text(*user), *hash, outcome);
        if (outcome == Outcome::unknown && !c.closing) return;
    }
}

}  // namespace

const StreamDissector dvrip_login{"dvrip-login", wants, inspect};

}  // namespace linnet
