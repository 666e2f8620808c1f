#include "decode.hpp"

#include "decode_walk.hpp"
#include "fragment_table.hpp"

namespace linnet {

struct Decoder::Impl {
    explicit Impl(const DecoderLimits& given) : limits{given} {}

    DecoderLimits limits;
    DecoderCounters counters;
    FragmentTable fragments{limits, counters};
};

Decoder::Decoder(const DecoderLimits& limits) : impl_{std::make_unique<Impl>(limits)} {}
Decoder::~Decoder() = default;

const DecoderCounters& Decoder::counters() const { return impl_->counters; }

Decoded Decoder::decode(const RawPacket& raw, Packet& out) {
    DecoderCounters& counters = impl_->counters;
    PacketWalk walk{raw, out, impl_->limits, impl_->fragments};
    const Decoded result = walk.link(raw.link_type);
    if (result == Decoded::malformed)
        ++counters.malformed;
    else if (walk.cut())
        ++counters.truncated;
    if (result == Decoded::unsupported) ++counters.unsupported;
    out.truncated = walk.cut();
    return result;
}

}  // namespace linnet
