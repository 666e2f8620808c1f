// The dashboard's words for values: severities, times, amounts, addresses. Everything returned is plain text.
#pragma once

#include "wire/alert.hpp"

#include <QDateTime>
#include <QString>

namespace linnet::wording {

QString severity(Severity severity);        ///< "Act now", "Important", "Worth knowing"
QString confidence(Confidence confidence);  ///< "Confirmed", "Likely", "Possible"

/// "Today 18:20", "Yesterday 09:05", "3 March 18:20", "3 March 2025 18:20", in the time zone of `now`; "–" where unknown.
QString moment(Timestamp time, const QDateTime& now);

QString amount(std::uint64_t bytes);                                            ///< "1.2 MB"
QString number(std::uint64_t value);                                            ///< "12,345", by locale
QString counted(std::uint64_t value, const QString& one, const QString& many);  ///< "1 device", "3 devices"
QString listed(const std::vector<QString>& names, std::size_t most);            ///< "A, B and 3 more"

QString device_name(const Device& device);  ///< what a person would call it, never empty
QString device_name(const DeviceRef& device);
std::string device_key(const DeviceRef& device);  ///< the same as Device::key

/// The other side of what happened: "203.0.113.9, port 23 (TCP)"; "many" where there is no single one; and where somebody
/// came to the device, "198.51.100.7, to port 23 here (TCP)". `device_ips` tell which side the device is.
QString peer(const Alert& alert, const std::vector<IpAddress>& device_ips);

/// "kernel_dropped" -> "Kernel dropped".
QString label(const std::string& key);
/// Any JSON value on one line: lists joined with commas.
QString value(const Json& value);

}  // namespace linnet::wording
