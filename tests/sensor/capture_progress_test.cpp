// How much of a capture file is read: what a progress bar shows.
#include "packet_bytes.hpp"
#include "sensor/packet_source.hpp"
#include "temporary_files.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

using namespace linnet;
using namespace linnet::test;

namespace {

/// draft-ietf-opsawg-pcap: 24 bytes, then 10,000 packets of 16 + 46 bytes: 620,024 bytes.
std::vector<std::byte> long_capture() {
    const auto packet =
        from_hex("00 f1 53 65 20 a1 07 00 2e 00 00 00 2e 00 00 00" + ethernet("08 00", Ipv4{.payload = udp_data}.hex()));
    auto bytes = from_hex("d4 c3 b2 a1 02 00 04 00 00 00 00 00 00 00 00 00 ff ff 00 00 01 00 00 00");
    for (int i = 0; i < 10'000; ++i) bytes.insert(bytes.end(), packet.begin(), packet.end());
    return bytes;
}

void read_packets(PacketSource& source, int count) {
    RawPacket packet;
    while (count-- > 0 && source.next(packet) == SourceRead::packet) {
    }
}

}  // namespace

TEST_CASE("Progress rises from the beginning to 1000 thousandths, and runs ahead by no more than a buffer of 64 KiB") {
    const TemporaryFiles files;
    const auto source = open_capture_file(files.write("a.pcap", long_capture()), "");
    read_packets(*source, 1);
    CHECK(source->progress() > 0);
    CHECK(source->progress() <= 2 * 65'536 * 1000 / 620'024);  // the buffer, and a second read into it
    read_packets(*source, 4'999);
    CHECK(source->progress() >= 500);
    CHECK(source->progress() <= 500 + 2 * 65'536 * 1000 / 620'024);
    read_packets(*source, 5'001);
    CHECK(source->progress() == 1000);
}

TEST_CASE("Progress of a compressed file is that of the file as it is on disk") {
    const TemporaryFiles files;
    const auto bytes = long_capture();
    const gzFile file = gzopen(files.path("a.pcap.gz").c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    const auto source = open_capture_file(files.path("a.pcap.gz"), "");
    read_packets(*source, 10'001);
    CHECK(source->progress() == 1000);
}
