// Capture files: both formats, plain and gzip, whole and broken. Formats: draft-ietf-opsawg-pcap and -pcapng.
#include "packet_bytes.hpp"
#include "sensor/packet_source.hpp"
#include "temporary_files.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <chrono>
#include <cstdlib>
#include <thread>

using namespace linnet;
using namespace linnet::test;
using namespace std::chrono_literals;

namespace {

const std::string frame = ethernet("08 00", Ipv4{.payload = udp_data}.hex());                    // 46 bytes: 2e
const std::string tcp_frame = ethernet("08 00", Ipv4{.payload = tcp_syn, .protocol = 6}.hex());  // 54 bytes: 36

// Little endian, version 2.4, snapshot length 65535, Ethernet.
const std::string pcap_header = "d4 c3 b2 a1 02 00 04 00 00 00 00 00 00 00 00 00 ff ff 00 00 01 00 00 00";
// 2023-11-14T22:13:20.5Z is 1700000000.5: 6553f100 and 7a120 in hexadecimal.
const std::string two_packets = "00 f1 53 65 20 a1 07 00 2e 00 00 00 2e 00 00 00" + frame +
                                "01 f1 53 65 00 00 00 00 36 00 00 00 36 00 00 00" + tcp_frame;

// pcapng, little endian: section header, and an interface of Ethernet without options.
const std::string section = "0a 0d 0d 0a 1c 00 00 00 4d 3c 2b 1a 01 00 00 00 ff ff ff ff ff ff ff ff 1c 00 00 00";
const std::string ethernet_interface = "01 00 00 00 14 00 00 00 01 00 00 00 ff ff 00 00 14 00 00 00";
/// An enhanced packet block with `frame`, padded to 48 bytes; 1700000000.5 s is 60a241825e120 in microseconds.
std::string enhanced(const std::string& interface, const std::string& ticks = "24 0a 06 00 20 e1 25 18") {
    return "06 00 00 00 50 00 00 00" + interface + ticks + "2e 00 00 00 2e 00 00 00" + frame + "00 00 50 00 00 00";
}

struct Reading {
    std::vector<std::string> times;
    std::vector<int> link_types;
    std::vector<std::size_t> sizes;
    SourceRead last = SourceRead::packet;
    std::string error;
};

Reading read_all(PacketSource& source) {
    Reading reading;
    RawPacket packet;
    while ((reading.last = source.next(packet)) == SourceRead::packet) {
        reading.times.push_back(to_string(packet.at));
        reading.link_types.push_back(packet.link_type);
        reading.sizes.push_back(packet.bytes.size());
        CHECK(packet.wire_length >= packet.bytes.size());
    }
    reading.error = source.error();
    return reading;
}

Reading read_file(const std::string& path, const std::string& filter = "") {
    return read_all(*open_capture_file(path, filter));
}

std::string complaint(const std::string& path, const std::string& filter = "") {
    try {
        open_capture_file(path, filter);
    } catch (const SourceError& error) {
        return error.what();
    }
    return "";
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string write_gzip(const TemporaryFiles& files, const std::string& name, std::span<const std::byte> bytes) {
    const gzFile file = gzopen(files.path(name).c_str(), "ab");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    return files.path(name);
}

/// Standard input is something else as long as this lives.
class StandardInput {
 public:
    explicit StandardInput(int descriptor) : saved_{dup(STDIN_FILENO)} {
        dup2(descriptor, STDIN_FILENO);
        close(descriptor);
    }
    ~StandardInput() {
        dup2(saved_, STDIN_FILENO);
        close(saved_);
    }
    StandardInput(const StandardInput&) = delete;
    StandardInput& operator=(const StandardInput&) = delete;

 private:
    int saved_;
};

}  // namespace

TEST_CASE("A pcap file gives its packets with their times, in either byte order and either resolution") {
    const TemporaryFiles files;
    const auto check = [&](const std::string& hex, const std::string& time) {
        const Reading reading = read_file(files.write("a.pcap", from_hex(hex)));
        CHECK(reading.last == SourceRead::end);
        CHECK(reading.sizes.front() == 46);
        CHECK(reading.times.front() == time);
        CHECK(reading.link_types.front() == DLT_EN10MB);
    };
    check(pcap_header + two_packets, "2023-11-14T22:13:20.500000Z");
    check(
        "a1 b2 c3 d4 00 02 00 04 00 00 00 00 00 00 00 00 00 00 ff ff 00 00 00 01 65 53 f1 00 00 07 a1 20 00 00 00 2e 00 00 "
        "00 2e" +
            frame,
        "2023-11-14T22:13:20.500000Z");
    // Nanoseconds, 123456789 of them, lose their last three digits.
    check(
        "4d 3c b2 a1 02 00 04 00 00 00 00 00 00 00 00 00 ff ff 00 00 01 00 00 00 00 f1 53 65 15 cd 5b 07 2e 00 00 00 2e 00 "
        "00 00" +
            frame,
        "2023-11-14T22:13:20.123456Z");
    CHECK(read_file(files.write("a.pcap", from_hex(pcap_header + two_packets))).sizes == std::vector<std::size_t>{46, 54});
    CHECK(read_file(files.write("no-packets.pcap", from_hex(pcap_header))).last == SourceRead::end);
}

TEST_CASE("A pcapng file gives its packets, also where its interfaces differ in link type, snapshot length and resolution") {
    const TemporaryFiles files;
    // Raw IP, which files call 101; options: nanoseconds (9), ten seconds later (14).
    const std::string raw_interface =
        "01 00 00 00 2c 00 00 00 65 00 00 00 00 00 04 00 09 00 01 00 09 00 00 00 0e 00 08 00 0a 00 00 00 00 00 00 00 00 00 "
        "00 00 2c 00 00 00";
    // 1700000000500000789 ns is 17979cfe53f76815
    const std::string nanoseconds = "fe 9c 97 17 15 68 f7 53";
    const Reading reading =
        read_file(files.write("a.pcapng", from_hex(section + ethernet_interface + enhanced("00 00 00 00") + raw_interface +
                                                   enhanced("01 00 00 00", nanoseconds))));
    CHECK(reading.last == SourceRead::end);
    CHECK(reading.link_types == std::vector<int>{DLT_EN10MB, DLT_RAW});
    CHECK(reading.times == std::vector<std::string>{"2023-11-14T22:13:20.500000Z", "2023-11-14T22:13:30.500000Z"});
}

TEST_CASE("pcapng: a section in the other byte order, a resolution in powers of 2, blocks of other kinds, simple packets") {
    const TemporaryFiles files;
    const std::string big_section = "0a 0d 0d 0a 00 00 00 1c 1a 2b 3c 4d 00 01 00 00 ff ff ff ff ff ff ff ff 00 00 00 1c";
    // Resolution 2^-1, so that 1700000000.5 s is 3400000001 ticks: caa7e201. Snapshot length 40 (28).
    const std::string big_interface =
        "00 00 00 01 00 00 00 20 00 01 00 00 00 00 00 28 00 09 00 01 81 00 00 00 00 00 00 00 00 00 00 20";
    const std::string big_packet =
        "00 00 00 06 00 00 00 50 00 00 00 00 00 00 00 00 ca a7 e2 01 00 00 00 2e 00 00 00 2e" + frame + "00 00 00 00 00 50";
    const std::string name_resolution = "00 00 00 04 00 00 00 10 00 00 00 00 00 00 00 10";
    // A simple packet: its length on the wire, and as many bytes as the snapshot length allows. It has no time of its own.
    const std::string simple_packet = "00 00 00 03 00 00 00 38 00 00 00 2e" + repeat("aa", 40) + "00 00 00 38";
    const Reading reading =
        read_file(files.write("a.pcapng", from_hex(section + ethernet_interface + enhanced("00 00 00 00") + big_section +
                                                   big_interface + name_resolution + big_packet + simple_packet)));
    CHECK(reading.last == SourceRead::end);
    CHECK(reading.sizes == std::vector<std::size_t>{46, 46, 40});
    CHECK(reading.times == std::vector<std::string>(3, "2023-11-14T22:13:20.500000Z"));
}

TEST_CASE("pcapng: times beyond reason are brought into the years 1970 to 9999") {
    const TemporaryFiles files;
    const std::string seconds =
        "01 00 00 00 20 00 00 00 01 00 00 00 ff ff 00 00 09 00 01 00 00 00 00 00 00 00 00 00 20 00 00 00";
    const std::string long_ago =
        "01 00 00 00 24 00 00 00 01 00 00 00 ff ff 00 00 0e 00 08 00 00 00 00 00 00 00 00 80 00 00 00 00 24 00 00 00";
    const Reading reading =
        read_file(files.write("a.pcapng", from_hex(section + seconds + long_ago + enhanced("00 00 00 00", repeat("ff", 8)) +
                                                   enhanced("01 00 00 00"))));
    REQUIRE(reading.times.size() == 2);
    CHECK(reading.times[0].substr(0, 19) == "9999-12-31T23:59:59");
    CHECK(reading.times[1].substr(0, 19) == "1970-01-01T00:00:00");
}

TEST_CASE("Damaged pcapng: what was readable has been read, and the reason is told") {
    const TemporaryFiles files;
    const std::string good = section + ethernet_interface + enhanced("00 00 00 00");
    const auto check = [&](const std::string& damage, std::string_view reason) {
        const Reading reading = read_file(files.write("a.pcapng", from_hex(good + damage)));
        CHECK(reading.sizes.size() == 1);
        CHECK(reading.last == SourceRead::truncated);
        CHECK_MESSAGE(contains(reading.error, reason), reading.error);
        CHECK(contains(reading.error, "1 packets"));
    };
    check("06 00 00 00 50", "middle of a block");
    check("06 00 00 00 50 00 00 00 00 00 00 00", "middle of a block");
    check("06 00 00 00 0a 00 00 00", "impossible length");
    check("06 00 00 00 00 00 00 00", "impossible length");
    check("06 00 00 00 ff ff ff 7f" + repeat("00", 64), "impossible length");
    check("04 00 00 00 10 00 00 00 00 00 00 00 14 00 00 00", "lengths of a block differ");
    check(enhanced("01 00 00 00"), "not described");
    check("06 00 00 00 20 00 00 00" + repeat("00", 12) + "ff ff 00 00 00 00 00 00 20 00 00 00", "longer than its block");
    check("0a 0d 0d 0a 1c 00 00 00 4d 3c 2b 1a 09 00 00 00 ff ff ff ff ff ff ff ff 1c 00 00 00", "version");
    check("0a 0d 0d 0a 1c 00 00 00 00 00 00 00", "byte order");
    check("01 00 00 00 20 00 00 00 01 00 00 00 ff ff 00 00 09 00 01 00 c0 00 00 00 00 00 00 00 20 00 00 00",
          "description of an interface");
}

TEST_CASE("gzip is recognised by its first bytes, whatever the name says, also in several members") {
    const TemporaryFiles files;
    const auto whole = from_hex(pcap_header + two_packets);
    CHECK(read_file(write_gzip(files, "zipped.pcap", whole)).sizes == std::vector<std::size_t>{46, 54});

    write_gzip(files, "members.gz", std::span{whole}.first(30));
    CHECK(read_file(write_gzip(files, "members.gz", std::span{whole}.subspan(30))).sizes ==
          std::vector<std::size_t>{46, 54});

    const auto pcapng = from_hex(section + ethernet_interface + enhanced("00 00 00 00"));
    CHECK(read_file(write_gzip(files, "a.pcapng.gz", pcapng)).sizes == std::vector<std::size_t>{46});
}

TEST_CASE("A gzip file that ends early or is damaged gives what was readable") {
    const TemporaryFiles files;
    std::vector<std::byte> many = from_hex(pcap_header);
    const auto record = from_hex(two_packets);
    for (int i = 0; i < 1000; ++i) many.insert(many.end(), record.begin(), record.end());
    const std::string path = write_gzip(files, "early.pcap.gz", many);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    const Reading early = read_file(path);
    CHECK(early.last == SourceRead::truncated);
    CHECK_FALSE(early.sizes.empty());
    CHECK(early.sizes.size() < 2000);
    CHECK(contains(early.error, "early.pcap.gz is damaged or ends early"));
}

TEST_CASE("A capture cut at any length gives its whole packets, and says so where a packet was cut") {
    const TemporaryFiles files;
    for (const auto& whole :
         {from_hex(pcap_header + two_packets), from_hex(section + ethernet_interface + enhanced("00 00 00 00"))}) {
        for (std::size_t length = 0; length < whole.size(); ++length) {
            CAPTURE(length);
            const std::string path = files.write("cut", std::span{whole}.first(length));
            const std::string reason = complaint(path);
            if (!reason.empty()) {
                CHECK(length < 28);
                CHECK(contains(reason, "is not a packet capture (pcap or pcapng)"));
                continue;
            }
            const Reading reading = read_file(path);
            CHECK(reading.sizes.size() <= 1);
            CHECK((reading.last == SourceRead::truncated) == !reading.error.empty());
        }
    }
}

TEST_CASE("What cannot be opened is told in a sentence") {
    const TemporaryFiles files;
    CHECK(contains(complaint(files.path("nothing.pcap")), "There is no file "));
    CHECK(contains(complaint(files.path("")), "is a directory"));
    CHECK(contains(complaint(files.write("empty.pcap", {})), "empty.pcap is not a packet capture (pcap or pcapng)."));
    CHECK(contains(complaint(files.write("text.txt", from_hex("48 65 6c 6c 6f 20 77 6f 72 6c 64 0a"))),
                   "is not a packet capture"));
    CHECK(contains(complaint(files.write("lf.txt", from_hex("0a 0a 0a 0a 48 65 6c 6c 6f 20 77 6f 72 6c 64 0a"))),
                   "is not a packet capture"));

    const auto wireless = from_hex("d4 c3 b2 a1 02 00 04 00 00 00 00 00 00 00 00 00 ff ff 00 00 7f 00 00 00");
    CHECK(contains(complaint(files.write("wlan.pcap", wireless)), "link of type IEEE802_11_RADIO"));
    const auto wireless_ng = from_hex(section + "01 00 00 00 14 00 00 00 7f 00 00 00 ff ff 00 00 14 00 00 00");
    CHECK(contains(complaint(files.write("wlan.pcapng", wireless_ng)), "link of type IEEE802_11_RADIO"));

    const std::string good = files.write("good.pcap", from_hex(pcap_header + two_packets));
    CHECK(contains(complaint(good, "port what"), "The filter \"port what\" is not valid"));
}

TEST_CASE("A filter chooses packets, for every link type in a file") {
    const TemporaryFiles files;
    const std::string pcap = files.write("a.pcap", from_hex(pcap_header + two_packets));
    CHECK(read_file(pcap, "tcp port 23").sizes == std::vector<std::size_t>{54});
    CHECK(read_file(pcap, "udp").sizes == std::vector<std::size_t>{46});
    CHECK(read_file(pcap, "icmp").sizes.empty());

    // The same bytes are a UDP packet on Ethernet, and nothing at all as raw IP.
    const std::string raw_interface = "01 00 00 00 14 00 00 00 65 00 00 00 ff ff 00 00 14 00 00 00";
    const auto pcapng =
        from_hex(section + ethernet_interface + raw_interface + enhanced("00 00 00 00") + enhanced("01 00 00 00"));
    CHECK(read_file(files.write("a.pcapng", pcapng), "udp").link_types == std::vector<int>{DLT_EN10MB});
}

TEST_CASE("The fingerprint is the file's content's, not its name's") {
    const TemporaryFiles files;
    const auto bytes = from_hex(pcap_header + two_packets);
    auto other = bytes;
    other.back() ^= std::byte{1};
    const auto fingerprint = [&](const std::string& name, const std::vector<std::byte>& content) {
        return open_capture_file(files.write(name, content), "")->fingerprint();
    };
    const auto first = fingerprint("a.pcap", bytes);
    CHECK(first != 0);
    CHECK(fingerprint("a.pcap", bytes) == first);
    CHECK(fingerprint("b.pcap", bytes) == first);
    CHECK(fingerprint("c.pcap", other) != first);
    CHECK(open_capture_file(files.path("b.pcap"), "")->name() == "b.pcap");

    // In a large file only the beginning and the end count: the last byte still does.
    auto large = bytes;
    large.resize(300'000);
    const auto large_first = fingerprint("d.pcap", large);
    large.back() = std::byte{7};
    CHECK(fingerprint("d.pcap", large) != large_first);
}

TEST_CASE("\"-\" is standard input, plain or gzip, and has no fingerprint") {
    const TemporaryFiles files;
    const auto bytes = from_hex(pcap_header + two_packets);
    for (const std::string& path : {files.write("a.pcap", bytes), write_gzip(files, "a.pcap.gz", bytes)}) {
        const StandardInput input{open(path.c_str(), O_RDONLY)};
        const auto source = open_capture_file("-", "");
        CHECK(source->name() == "-");
        CHECK(source->fingerprint() == 0);
        CHECK(read_all(*source).sizes == std::vector<std::size_t>{46, 54});
    }
}

TEST_CASE("A pipe's packets come as soon as they are there, and stop() ends the waiting for more") {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const StandardInput input{ends[0]};
    const auto bytes = from_hex(pcap_header + two_packets);
    REQUIRE(write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));

    const auto source = open_capture_file("-", "");
    RawPacket packet;
    CHECK(source->next(packet) == SourceRead::packet);
    CHECK(source->next(packet) == SourceRead::packet);
    const auto before = std::chrono::steady_clock::now();
    std::thread stopper{[&] {
        std::this_thread::sleep_for(50ms);
        source->stop();
    }};
    CHECK(source->next(packet) == SourceRead::end);
    CHECK(std::chrono::steady_clock::now() - before < 2s);
    stopper.join();
    close(ends[1]);
    CHECK(source->error().empty());
}

TEST_CASE("After stop() there is nothing more, even where the file has more") {
    const TemporaryFiles files;
    const auto source = open_capture_file(files.write("a.pcap", from_hex(pcap_header + two_packets)), "");
    RawPacket packet;
    CHECK(source->next(packet) == SourceRead::packet);
    source->stop();
    CHECK(source->next(packet) == SourceRead::end);
}

TEST_CASE("Every capture that there is: read to its end, and each packet is counted as one thing") {
    const char* const given = std::getenv("LINNET_CAPTURES");
    const std::filesystem::path folder = given != nullptr
                                             ? std::filesystem::path{given}
                                             : std::filesystem::path{LINNET_SOURCE_DATADIR} / "../shared/captures";
    if (!std::filesystem::is_directory(folder)) return;
    std::uint64_t packets = 0, refused = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file()) continue;
        CAPTURE(entry.path().string());
        try {
            const auto source = open_capture_file(entry.path().string(), "");
            Decoder decoder;
            RawPacket raw;
            Packet packet;
            std::uint64_t read = 0, good = 0, held = 0;
            while (source->next(raw) == SourceRead::packet) {
                ++read;
                const Decoded result = decoder.decode(raw, packet);
                good += result == Decoded::packet ? 1 : 0;
                held += result == Decoded::held ? 1 : 0;
            }
            CHECK(read == good + held + decoder.counters().malformed + decoder.counters().unsupported);
            packets += read;
        } catch (const SourceError& error) {
            CHECK(std::string{error.what()}.ends_with('.'));
            ++refused;
        }
    }
    MESSAGE(packets << " packets read, " << refused << " files refused");
    CHECK(packets > 0);
}
