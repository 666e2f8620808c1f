// Bots without a server, which find each other among the peers of BitTorrent.
//
// Every message of BitTorrent's distributed hash table (BEP 5) begins with the sender's own number, 20 bytes: in a question
// "d1:ad2:id20:", in an answer "d1:rd2:id20:", there perhaps behind the address of the one who asked (BEP 42). Other
// programs make theirs up at random; Mozi's begin with 888888 (Netlab 360, "Mozi, another botnet using DHT", 2019;
// Suricata's rule ET 2030919), which chance does once in 2^48. What the message asks or answers tells nothing: anybody may
// ask a bot.
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <string_view>

namespace linnet {
namespace {

using namespace std::string_view_literals;

constexpr auto question = "d1:ad2:id20:"sv, answer = "d1:rd2:id20:"sv;
constexpr auto addressed = "d2:ip6:"sv, addressed_answer = "1:rd2:id20:"sv;
constexpr auto mozi = "888888"sv;
constexpr std::size_t id_size = 20, address_size = 6;

bool wants(const Packet& packet) {
    constexpr std::size_t shortest = question.size() + id_size;
    return packet.proto == Proto::udp && packet.payload.size() >= shortest && packet.payload[0] == std::byte{'d'} &&
           packet.payload[2] == std::byte{':'};
}

/// The number of who sent the message; empty where it is none.
std::string_view sender_id(std::string_view message) {
    ByteReader in{message};
    if (message.starts_with(question) || message.starts_with(answer)) {
        in.skip(question.size());
    } else if (message.starts_with(addressed)) {
        in.skip(addressed.size() + address_size);
        if (in.text(addressed_answer.size()) != addressed_answer) return {};
    } else {
        return {};
    }
    const auto id = in.text(id_size);
    return in.ok() ? id : std::string_view{};
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    const std::string_view message{reinterpret_cast<const char*>(packet.payload.data()), packet.payload.size()};
    if (!sender_id(message).starts_with(mozi)) return;
    Observation found;
    found.at = packet.at;
    found.client = {packet.src, packet.src_port, packet.src_mac};
    found.server = {packet.dst, packet.dst_port, packet.dst_mac};
    found.kind = ObservationKind::bot_command;
    found.protocol = "dht";
    found.subject = "Mozi: looks for its like";
    emit(std::move(found));
}

}  // namespace

const DatagramDissector peer_bot{"peer-bot", wants, inspect};

}  // namespace linnet
