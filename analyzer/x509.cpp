#include "x509.hpp"

#include "wire/event_limits.hpp"

#include <fmt/format.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

namespace linnet {
namespace {

/// RFC 4514, section 3: the attribute types that have a name; the others are their numbers.
constexpr std::array<std::pair<int, std::string_view>, 9> attribute_names{{{NID_commonName, "CN"},
                                                                           {NID_localityName, "L"},
                                                                           {NID_stateOrProvinceName, "ST"},
                                                                           {NID_organizationName, "O"},
                                                                           {NID_organizationalUnitName, "OU"},
                                                                           {NID_countryName, "C"},
                                                                           {NID_streetAddress, "STREET"},
                                                                           {NID_domainComponent, "DC"},
                                                                           {NID_userId, "UID"}}};

std::string attribute_name(const ASN1_OBJECT* type) {
    const int number = OBJ_obj2nid(type);
    for (const auto& [known, name] : attribute_names)
        if (known == number) return std::string{name};
    std::array<char, 80> dotted{};
    OBJ_obj2txt(dotted.data(), static_cast<int>(dotted.size()), type, 1);
    return dotted.data();
}

/// RFC 4514, section 2.4; control characters as their hexadecimal code.
std::string escaped(std::string_view value) {
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        const bool edge = (i == 0 && (c == ' ' || c == '#')) || (i + 1 == value.size() && c == ' ');
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            text += fmt::format("\\{:02X}", static_cast<unsigned char>(c));
        } else {
            if (edge || std::string_view{"\"+,;<>\\"}.find(c) != std::string_view::npos) text += '\\';
            text += c;
        }
    }
    return text;
}

std::string value_of(const ASN1_STRING* value) {
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, value);
    if (size < 0) return "";
    std::string text = escaped({reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size)});
    OPENSSL_free(utf8);
    return text;
}

/// RFC 4514, section 2.1: the last part of the name comes first.
std::string text_of(const X509_NAME* name) {
    std::string text;
    int set_before = -1;
    for (int i = X509_NAME_entry_count(name) - 1; i >= 0 && text.size() <= max_text; --i) {
        const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
        const int set = X509_NAME_ENTRY_set(entry);
        if (!text.empty()) text += set == set_before ? '+' : ',';
        set_before = set;
        text += attribute_name(X509_NAME_ENTRY_get_object(entry)) + '=' + value_of(X509_NAME_ENTRY_get_data(entry));
    }
    return legal_text(text);
}

std::optional<CertificateTime> time_of(const ASN1_TIME* time) {
    std::tm tm{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &tm) != 1) return std::nullopt;
    const std::chrono::year_month_day day{std::chrono::year{tm.tm_year + 1900},
                                          std::chrono::month{static_cast<unsigned>(tm.tm_mon + 1)},
                                          std::chrono::day{static_cast<unsigned>(tm.tm_mday)}};
    if (!day.ok()) return std::nullopt;
    return std::chrono::sys_days{day} + std::chrono::hours{tm.tm_hour} + std::chrono::minutes{tm.tm_min} +
           std::chrono::seconds{tm.tm_sec};
}

std::string text_of(CertificateTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

}  // namespace

X509Ptr read_x509(std::string_view der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const auto* const end = bytes + der.size();
    X509Ptr certificate{d2i_X509(nullptr, &bytes, static_cast<long>(der.size()))};
    if (bytes != end) certificate.reset();
    return certificate;
}

std::optional<CertificateFacts> facts_of(const X509& certificate) {
    const auto not_before = time_of(X509_get0_notBefore(&certificate)),
               not_after = time_of(X509_get0_notAfter(&certificate));
    if (!not_before || !not_after) return std::nullopt;
    return CertificateFacts{.subject = text_of(X509_get_subject_name(&certificate)),
                            .issuer = text_of(X509_get_issuer_name(&certificate)),
                            .not_before = *not_before,
                            .not_after = *not_after};
}

void put(const CertificateFacts& facts, TlsFacts& into) {
    into.subject = facts.subject;
    into.issuerdn = facts.issuer;
    into.notbefore = text_of(facts.not_before);
    into.notafter = text_of(facts.not_after);
}

}  // namespace linnet
