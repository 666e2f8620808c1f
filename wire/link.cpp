#include "link.hpp"

#include "crc32c.hpp"
#include "event_limits.hpp"
#include "schema/link_messages_generated.h"

#include <algorithm>
#include <cstring>

namespace linnet::link {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;

constexpr std::size_t max_sensor_name = 64;

struct ContentEncoder {
    Builder& to;

    flatbuffers::Offset<void> operator()(const Hello& m) const {
        const auto sensor = to.CreateString(m.sensor), source = to.CreateString(legal_text(m.source)),
                   sandbox = to.CreateString(legal_text(m.sandbox));
        return fb::CreateHello(to, m.protocol, sensor, m.epoch, source, sandbox).Union();
    }
    flatbuffers::Offset<void> operator()(const Welcome& m) const {
        return fb::CreateWelcome(to, m.epoch, m.committed).Union();
    }
    flatbuffers::Offset<void> operator()(const Data& m) const {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(m.frames.data());
        const auto frames = to.CreateVector(bytes, m.frames.size());
        return fb::CreateData(to, m.epoch, m.first, frames, crc32c(m.frames)).Union();
    }
    flatbuffers::Offset<void> operator()(const Ack& m) const { return fb::CreateAck(to, m.epoch, m.committed).Union(); }
    flatbuffers::Offset<void> operator()(const Skip& m) const {
        const auto time = [](Timestamp at) { return std::clamp(at, earliest_time, latest_time).time_since_epoch().count(); };
        const auto reason = to.CreateString(legal_text(m.reason));
        return fb::CreateSkip(to, m.epoch, m.last, time(m.from), time(m.to), reason).Union();
    }
};

bool is_text(const std::string& text) { return text.size() <= max_text && utf8_prefix(text) == text.size(); }

std::string text(const flatbuffers::String* there) { return there == nullptr ? std::string{} : there->str(); }

std::optional<Message> decode_hello(const fb::Hello& from) {
    Hello hello{from.protocol(), from.sensor()->str(), from.epoch(), text(from.source()), text(from.sandbox())};
    if (!is_sensor_name(hello.sensor) || !is_text(hello.source) || !is_text(hello.sandbox)) return std::nullopt;
    return hello;
}

std::optional<Message> decode_data(const fb::Data& from) {
    Data data{from.epoch(), from.first(), {}};
    if (data.first == 0) return std::nullopt;
    const std::span frames{reinterpret_cast<const std::byte*>(from.frames()->data()), from.frames()->size()};
    if (crc32c(frames) != from.crc32c()) return std::nullopt;
    data.frames.assign(frames.begin(), frames.end());
    return data;
}

std::optional<Message> decode_skip(const fb::Skip& from) {
    Skip skip{from.epoch(), from.last(), Timestamp{Duration{from.from()}}, Timestamp{Duration{from.to()}},
              text(from.reason())};
    if (skip.last == 0 || skip.last > max_sequence) return std::nullopt;
    const auto is_time = [](Timestamp at) { return at >= earliest_time && at <= latest_time; };
    if (!is_time(skip.from) || !is_time(skip.to) || !is_text(skip.reason)) return std::nullopt;
    return skip;
}

}  // namespace

bool is_sensor_name(std::string_view name) {
    return !name.empty() && name.size() <= max_sensor_name && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '_' ||
               c == '-';
    });
}

std::vector<std::byte> encode(const Message& message) {
    Builder builder{1024};
    const auto content = std::visit(ContentEncoder{builder}, message);
    const auto type = static_cast<fb::Content>(message.index() + 1);  // the union has the variant's order, behind NONE
    builder.Finish(fb::CreateMessage(builder, type, content));
    const auto* bytes = reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
    return {bytes, bytes + builder.GetSize()};
}

std::optional<Message> decode(std::span<const std::byte> bytes) {
    if (bytes.empty() || bytes.size() > max_message) return std::nullopt;
    std::vector<std::uint64_t> aligned((bytes.size() + 7) / 8);
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
    const auto* start = reinterpret_cast<const std::uint8_t*>(aligned.data());
    constexpr flatbuffers::uoffset_t max_depth = 3, max_tables = 2;  // Message and its content
    flatbuffers::Verifier verifier{start, bytes.size(), max_depth, max_tables};
    if (!fb::VerifyMessageBuffer(verifier)) return std::nullopt;
    const auto* message = fb::GetMessage(start);
    switch (message->content_type()) {
        case fb::Content::Hello: return decode_hello(*message->content_as_Hello());
        case fb::Content::Welcome: {
            const auto* from = message->content_as_Welcome();
            return Welcome{from->epoch(), from->committed()};
        }
        case fb::Content::Data: return decode_data(*message->content_as_Data());
        case fb::Content::Ack: {
            const auto* from = message->content_as_Ack();
            return Ack{from->epoch(), from->committed()};
        }
        case fb::Content::Skip: return decode_skip(*message->content_as_Skip());
        default: return std::nullopt;
    }
}

}  // namespace linnet::link
