// Whom this computer trusts to vouch for servers: the system's root certificates. Read once at start; the core only looks
// things up in it, so that the same store gives the same verdicts.
#pragma once

#include <openssl/x509_vfy.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>

namespace linnet {

class TrustStore {
 public:
    static constexpr const char* system_file = "/etc/ssl/certs/ca-certificates.crt";

    /// Root certificates in PEM, one after the other; what cannot be read between them is left out.
    static TrustStore of_pem(std::string_view pem);
    /// An empty one where the file does not exist or has none: then nobody's issuer is known or unknown.
    static TrustStore read(const std::filesystem::path& file);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] X509_STORE* handle() const { return store_.get(); }

 private:
    struct Free {
        void operator()(X509_STORE* store) const { X509_STORE_free(store); }
    };
    TrustStore();

    std::unique_ptr<X509_STORE, Free> store_;
    std::size_t size_ = 0;
};

}  // namespace linnet
