// Certificates for tests, signed on the spot.
#pragma once

#include "analyzer/x509.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace linnet::test {

using Key = std::shared_ptr<EVP_PKEY>;
inline Key owned(EVP_PKEY* key) {
    if (key == nullptr) throw std::runtime_error{"no key"};
    return {key, EVP_PKEY_free};
}
inline Key ec_key(const char* curve = "P-256") { return owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve)); }
inline Key rsa_key(unsigned bits) { return owned(EVP_RSA_gen(bits)); }

struct Paper {
    std::string subject;  ///< common name
    std::string names;    ///< "DNS:a.example,DNS:*.b.example"; empty = no such extension
    bool authority = false;
    const char* not_before = "20250101000000Z";
    const char* not_after = "20270101000000Z";
    const EVP_MD* digest = EVP_sha256();
    Key key = ec_key();
};

struct Issuer {
    std::string subject;
    Key key;
};

inline void add_extension(X509* certificate, int kind, const std::string& value) {
    std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension{
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), X509_EXTENSION_free};
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) throw std::runtime_error{"extension " + value};
}

inline void add_common_name(X509_NAME* name, const std::string& text) {
    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("Lab"), -1, -1, 0);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
}

inline X509Ptr sign(const Paper& paper, const Issuer& issuer) {
    X509Ptr certificate{X509_new()};
    X509* c = certificate.get();
    X509_set_version(c, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(c), 7);
    ASN1_TIME_set_string_X509(X509_getm_notBefore(c), paper.not_before);
    ASN1_TIME_set_string_X509(X509_getm_notAfter(c), paper.not_after);
    add_common_name(X509_get_subject_name(c), paper.subject);
    add_common_name(X509_get_issuer_name(c), issuer.subject);
    X509_set_pubkey(c, paper.key.get());
    if (paper.authority) add_extension(c, NID_basic_constraints, "critical,CA:TRUE");
    if (!paper.names.empty()) add_extension(c, NID_subject_alt_name, paper.names);
    if (X509_sign(c, issuer.key.get(), paper.digest) == 0) throw std::runtime_error{"cannot sign"};
    return certificate;
}
inline X509Ptr self_signed(const Paper& paper) { return sign(paper, {paper.subject, paper.key}); }

inline Der der_of(const X509Ptr& certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate.get(), &bytes);
    Der der{std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size))};
    OPENSSL_free(bytes);
    return der;
}

inline std::string pem_of(const X509Ptr& certificate) {
    const std::unique_ptr<BIO, int (*)(BIO*)> bio{BIO_new(BIO_s_mem()), BIO_free};
    PEM_write_bio_X509(bio.get(), certificate.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace linnet::test
