#include "open_questions.hpp"

#include "byte_reader.hpp"
#include "dissectors/dns_message.hpp"

#include <utility>

namespace linnet {

OpenQuestions::Question* OpenQuestions::find(const IpAddress& client, Port port, std::uint16_t id) {
    for (std::size_t i = 0; i < waiting_; ++i) {
        auto& question = questions_[(first_ + i) % most];
        if (question.open && question.is_by(client, port, id)) return &question;
    }
    return nullptr;
}

void OpenQuestions::note(const Packet& packet, Timestamp now) {
    ByteReader reader{packet.payload};
    const std::uint16_t id = reader.u16();
    if (!reader.ok()) return;
    if (packet.src_port.number == dns_port) {
        if (Question* question = find(packet.dst, packet.dst_port, id)) question->open = false;
        return;
    }
    if (!packet.src.is_private() || packet.tunnelled || find(packet.src, packet.src_port, id) != nullptr) return;
    auto name = read_dns_question(packet.payload);
    if (!name) return;
    if (waiting_ == most) {
        first_ = (first_ + 1) % most;
        --waiting_;
    }
    auto& place = questions_[(first_ + waiting_++) % most];
    place.at = now;
    place.client = packet.src;
    place.client_port = packet.src_port.number;
    place.id = id;
    place.open = true;
    place.hint = {packet.at, packet.src_mac, packet.src, "dns", "question", *std::move(name)};
}

void OpenQuestions::take_oldest(const Tell& tell) {
    Question& question = oldest();
    first_ = (first_ + 1) % most;
    --waiting_;
    if (std::exchange(question.open, false)) tell(std::move(question.hint));
}

}  // namespace linnet
