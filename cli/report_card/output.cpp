#include "output.hpp"

#include "cli/terminal.hpp"
#include "html.hpp"
#include "pdf.hpp"
#include "text.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <utility>

#include <unistd.h>

namespace linnet {
namespace {

constexpr std::array<std::pair<std::string_view, ReportFormat>, 4> formats{
    {{"text", ReportFormat::text}, {"json", ReportFormat::json}, {"html", ReportFormat::html}, {"pdf", ReportFormat::pdf}}};

std::string rendered(const ReportCard& card, ReportFormat format, const Terminal& terminal) {
    switch (format) {
        case ReportFormat::json: return dump(to_json(card)) + "\n";
        case ReportFormat::html: return report_card_html(card);
        case ReportFormat::pdf: return report_card_pdf(card);
        case ReportFormat::text: break;
    }
    return report_card_text(card, terminal);
}

void write_file(const std::string& name, const std::string& bytes) {
    std::ofstream file{name, std::ios::binary};
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) throw std::runtime_error{fmt::format("{} could not be written: {}.", name, std::strerror(errno))};
}

}  // namespace

std::optional<ReportFormat> parse_report_format(std::string_view name) {
    for (const auto& [known, format] : formats)
        if (name == known) return format;
    return std::nullopt;
}

std::string check_report_format(const std::string& name) {
    return parse_report_format(name) ? std::string{} : fmt::format("{} is none of {}", name, report_formats);
}

void write_report_card(const ReportCard& card, ReportFormat format, const std::string& file) {
    if (!file.empty()) return write_file(file, rendered(card, format, Terminal{}));
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    if (format == ReportFormat::pdf && terminal.interactive)
        throw std::runtime_error{"A PDF is no text for a terminal: name a file with --output, or send it on with > or |."};
    const std::string bytes = rendered(card, format, terminal);
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);  // whoever runs the command looks at ferror(stdout)
}

}  // namespace linnet
