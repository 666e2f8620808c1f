#include "capture_stream.hpp"

#include "packet_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace linnet {
namespace {

class Descriptor {
 public:
    explicit Descriptor(int number) : number_{number} {}
    ~Descriptor() {
        if (number_ > STDIN_FILENO) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }

 private:
    int number_;
};

/// What stands behind the stream. read() is a `cookie_read_function_t`: the bytes read, 0 at the end, -1 and errno.
class Input {
 public:
    Input(int descriptor, const std::atomic<bool>& stopped, std::uint64_t& bytes_read)
        : file_{descriptor}, stopped_{stopped}, bytes_read_{bytes_read} {}
    ~Input() {
        if (compressed_) inflateEnd(&zlib_);
    }
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    ssize_t read(char* into, std::size_t size) {
        if (!begun_ && !begin()) return -1;
        if (compressed_) return read_compressed(into, size);
        if (zlib_.avail_in == 0) return read_file(into, size);
        const std::size_t count = std::min<std::size_t>(size, zlib_.avail_in);
        std::memcpy(into, zlib_.next_in, count);
        zlib_.next_in += count;
        zlib_.avail_in -= static_cast<uInt>(count);
        return static_cast<ssize_t>(count);
    }

 private:
    /// Reads as much as tells whether this is gzip (RFC 1952, section 2.3.1).
    bool begin() {
        begun_ = true;
        std::size_t have = 0;
        while (have < 2) {
            const ssize_t count = read_file(buffer_.data() + have, buffer_.size() - have);
            if (count < 0) return false;
            if (count == 0) break;
            have += static_cast<std::size_t>(count);
        }
        zlib_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
        zlib_.avail_in = static_cast<uInt>(have);
        compressed_ = have >= 2 && buffer_[0] == '\x1f' && buffer_[1] == '\x8b';
        constexpr int gzip_only = 16 + MAX_WBITS;
        return !compressed_ || inflateInit2(&zlib_, gzip_only) == Z_OK;
    }

    ssize_t read_compressed(char* into, std::size_t size) {
        zlib_.next_out = reinterpret_cast<Bytef*>(into);
        zlib_.avail_out = static_cast<uInt>(size);
        while (zlib_.avail_out == size) {
            if (zlib_.avail_in == 0) {
                const ssize_t count = read_file(buffer_.data(), buffer_.size());
                if (count < 0) return -1;
                if (count == 0) return member_ended_ ? 0 : failed();
                zlib_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
                zlib_.avail_in = static_cast<uInt>(count);
            }
            // A file may be several gzip members one after the other (RFC 1952, section 2.2).
            if (member_ended_ && inflateReset(&zlib_) != Z_OK) return failed();
            const int result = inflate(&zlib_, Z_NO_FLUSH);
            if (result != Z_OK && result != Z_STREAM_END) return failed();
            member_ended_ = result == Z_STREAM_END;
        }
        return static_cast<ssize_t>(size - zlib_.avail_out);
    }

    /// Whatever is there; waits in steps, so that a silent pipe can be stopped.
    ssize_t read_file(char* into, std::size_t size) {
        constexpr int step_ms = 100;
        while (!stopped_.load(std::memory_order_relaxed)) {
            pollfd waiting{file_.number(), POLLIN, 0};
            const int ready = ::poll(&waiting, 1, step_ms);
            if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
            const ssize_t count = ::read(file_.number(), into, size);
            if (count > 0) bytes_read_ += static_cast<std::uint64_t>(count);
            if (count >= 0 || (errno != EINTR && errno != EAGAIN)) return count;
        }
        return 0;
    }

    static ssize_t failed() {
        errno = EIO;
        return -1;
    }

    Descriptor file_;
    const std::atomic<bool>& stopped_;
    std::uint64_t& bytes_read_;
    std::array<char, 16 * 1024> buffer_{};
    z_stream zlib_{};
    bool begun_ = false;
    bool compressed_ = false;
    bool member_ended_ = false;
};

ssize_t read_input(void* input, char* into, std::size_t size) { return static_cast<Input*>(input)->read(into, size); }

int close_input(void* input) {
    const std::unique_ptr<Input> owner{static_cast<Input*>(input)};
    return 0;
}

int open_descriptor(const std::string& path) {
    if (path == "-") return STDIN_FILENO;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        if (errno == ENOENT) throw SourceError{fmt::format("There is no file {}.", path)};
        throw SourceError{fmt::format("{} cannot be read: {}.", path, std::strerror(errno))};
    }
    return descriptor;
}

void hash_part(std::uint64_t& hash, int descriptor, std::vector<char>& buffer, off_t from) {
    const ssize_t count = ::pread(descriptor, buffer.data(), buffer.size(), from);
    for (ssize_t i = 0; i < count; ++i)
        hash = (hash ^ static_cast<unsigned char>(buffer[static_cast<std::size_t>(i)])) * 0x100000001b3;
}

}  // namespace

CaptureStream open_capture_stream(const std::string& path, const std::atomic<bool>& stopped, std::uint64_t& bytes_read) {
    auto input = std::make_unique<Input>(open_descriptor(path), stopped, bytes_read);
    if (struct stat about{}; path != "-" && ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode))
        throw SourceError{fmt::format("{} is a directory; give the capture files in it.", path)};
    CaptureStream stream{
        ::fopencookie(input.get(), "rb", {.read = read_input, .write = nullptr, .seek = nullptr, .close = close_input})};
    if (!stream) throw SourceError{fmt::format("{} cannot be read: {}.", path, std::strerror(errno))};
    static_cast<void>(input.release());  // the stream has it now
    std::setvbuf(stream.get(), nullptr, _IOFBF, 64 * 1024);
    return stream;
}

std::uint64_t size_of(const std::string& path) {
    struct stat about {};
    const bool is_file = path != "-" && ::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode);
    return is_file ? static_cast<std::uint64_t>(about.st_size) : 0;
}

/// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), 64 bits.
std::uint64_t fingerprint_of(const std::string& path) {
    constexpr off_t part = 64 * 1024;
    const Descriptor file{path == "-" ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat about {};
    if (file.number() < 0 || ::fstat(file.number(), &about) != 0 || !S_ISREG(about.st_mode)) return 0;
    std::uint64_t hash = 0xcbf29ce484222325 ^ static_cast<std::uint64_t>(about.st_size);
    std::vector<char> buffer(part);
    hash_part(hash, file.number(), buffer, 0);
    if (about.st_size > part) hash_part(hash, file.number(), buffer, std::max<off_t>(part, about.st_size - part));
    return hash == 0 ? 1 : hash;
}

}  // namespace linnet
