#include "trust_store.hpp"

#include "x509.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <fstream>
#include <iterator>
#include <new>
#include <string>

namespace linnet {

TrustStore::TrustStore() : store_{X509_STORE_new()} {
    if (!store_) throw std::bad_alloc{};
}

TrustStore TrustStore::of_pem(std::string_view pem) {
    TrustStore trust;
    const std::unique_ptr<BIO, int (*)(BIO*)> bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
    while (bio) {
        const X509Ptr root{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
        if (!root) break;
        if (X509_STORE_add_cert(trust.store_.get(), root.get()) == 1) ++trust.size_;
    }
    ERR_clear_error();
    return trust;
}

TrustStore TrustStore::read(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return of_pem(std::string{std::istreambuf_iterator<char>{in}, {}});
}

}  // namespace linnet
