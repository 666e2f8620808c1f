#include "curl_handle.hpp"

#include "message.hpp"

namespace linnet {
namespace {

constexpr std::size_t longest_reason = 200;

}  // namespace

CurlHandle::CurlHandle(const std::string& url, const std::filesystem::path& ca_file, const char* protocols)
    : handle_{curl_easy_init()} {
    if (!handle_) throw std::runtime_error{"libcurl cannot be used."};
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, protocols);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    if (!ca_file.empty()) {
        set(CURLOPT_CAINFO, ca_file.c_str());
        set(CURLOPT_CAPATH, nullptr);
    }
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::chrono::milliseconds{connect_time}.count()));
    set(CURLOPT_ERRORBUFFER, error_.data());
}

std::string CurlHandle::reason(CURLcode code) const {
    return plain_line(error_[0] != '\0' ? error_.data() : curl_easy_strerror(code), longest_reason);
}

/// For what most often goes wrong, words of our own.
std::string CurlHandle::sentence(CURLcode code) const {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST: return "The server's name is not known now.";
        case CURLE_COULDNT_CONNECT: return "The server cannot be reached now.";
        case CURLE_OPERATION_TIMEDOUT: return "The server did not answer in time.";
        case CURLE_PEER_FAILED_VERIFICATION: return "The server's certificate is not to be trusted: " + reason(code) + ".";
        case CURLE_SSL_CACERT_BADFILE: return "The file with certificates to believe cannot be read.";
        case CURLE_SSL_CERTPROBLEM: return "Linnet's own certificate or its key cannot be used: " + reason(code) + ".";
        case CURLE_USE_SSL_FAILED: return "The server offers no encryption, so nothing was sent.";
        case CURLE_ABORTED_BY_CALLBACK: return "Linnet was stopped.";
        case CURLE_WRITE_ERROR: return "The server's answer is too long.";
        default: return "The transfer failed: " + reason(code) + ".";
    }
}

}  // namespace linnet
