// The one way in which outlets use libcurl: a server's certificate, and the name in it, are always verified (there is no
// switch), TLS is 1.2 or newer, no proxy of the environment is used, and after connect_time a connection has to be there.
#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace linnet {

inline constexpr std::chrono::seconds connect_time{5};

class CurlHandle {
 public:
    /// `protocols` are those that are possible: "https". Throws std::runtime_error where libcurl cannot be used.
    CurlHandle(const std::string& url, const std::filesystem::path& ca_file, const char* protocols);
    CurlHandle(const CurlHandle&) = delete;  // libcurl knows where the buffer for errors is
    CurlHandle& operator=(const CurlHandle&) = delete;
    ~CurlHandle() = default;

    /// Throws the same where this libcurl does not know the option.
    template <class Value>
    void set(CURLoption option, Value value) {
        if (curl_easy_setopt(handle_.get(), option, value) != CURLE_OK)
            throw std::runtime_error{"libcurl lacks something that Linnet needs."};
    }

    [[nodiscard]] CURL* get() const { return handle_.get(); }

    /// For people: what went wrong; it may quote the server, as plain text.
    [[nodiscard]] std::string sentence(CURLcode code) const;

 private:
    struct CloseEasy {
        void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    };
    [[nodiscard]] std::string reason(CURLcode code) const;

    std::array<char, CURL_ERROR_SIZE> error_{};
    std::unique_ptr<CURL, CloseEasy> handle_;
};

}  // namespace linnet
