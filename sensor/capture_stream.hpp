// A capture file as a C stream, which is what libpcap reads: plain or gzip (by its first bytes), from a path or from
// standard input, without seeking and without waiting for more than is there.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

namespace linnet {

struct CloseStream {
    void operator()(std::FILE* stream) const { std::fclose(stream); }  // NOLINT(cppcoreguidelines-owning-memory)
};
using CaptureStream = std::unique_ptr<std::FILE, CloseStream>;

/// "-" is standard input. Reading ends when `stopped` is set. `bytes_read`, as they are in the file, must outlive the
/// stream. Throws SourceError.
CaptureStream open_capture_stream(const std::string& path, const std::atomic<bool>& stopped, std::uint64_t& bytes_read);

/// 0 for anything but a regular file. Throws nothing.
std::uint64_t size_of(const std::string& path);

/// Of a regular file's size and of its first and last 64 KiB; 0 for anything else. Throws nothing.
std::uint64_t fingerprint_of(const std::string& path);

}  // namespace linnet
