// Bytes that should be a spool's segments: the first byte says where one ends and the next begins.
#include "sensor/spool.hpp"
#include "wire/frame.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <variant>
#include <vector>

using namespace linnet;

namespace {

int slot_with(std::span<const std::byte> bytes) {
    const int fd = ::memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || ::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
    return fd;
}

/// All that the spool hands out, with everything acknowledged at once. It must come to an end, and say nothing twice.
void deliver(Spool& spool) {
    constexpr int most_epochs = 100'000;
    for (int epochs = 0; !spool.empty() || epochs == 0; ++epochs) {
        if (epochs > most_epochs) std::abort();
        const auto epoch = spool.epoch();
        std::uint64_t accepted = 0;
        spool.start_behind(0);
        while (spool.epoch() == epoch) {
            const auto message = spool.next({});
            if (!message) break;
            if (!link::decode(link::encode(*message))) std::abort();
            if (const auto* data = std::get_if<link::Data>(&*message)) {
                if (data->first != accepted + 1 || data->epoch != epoch) std::abort();
                accepted += whole_frames(data->frames).count;
            } else {
                const auto& skip = std::get<link::Skip>(*message);
                if (skip.last <= accepted || skip.epoch != epoch) std::abort();
                accepted = skip.last;
            }
        }
        spool.acknowledge(accepted);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto bytes = std::as_bytes(std::span{data + 1, size - 1});
    const auto cut = bytes.size() * data[0] / 256;
    const std::array<int, 4> slots{slot_with(bytes.first(cut)), slot_with(bytes.subspan(cut)), slot_with({}), slot_with({})};
    {
        Spool spool{slots, {.bytes = 1024 * 1024}, 0x6c696e6e65740001};
        const std::array<std::byte, 6> frame{std::byte{2}};
        spool.append(frame, 1, {});
        deliver(spool);
    }
    for (const int slot : slots) ::close(slot);
    return 0;
}
