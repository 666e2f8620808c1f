#include "html.hpp"

#include "cli/text.hpp"
#include "report_style.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace linnet {
namespace {

/// Text from outside, safe between tags and inside quotation marks (WHATWG HTML, section 13.3).
std::string safe(std::string_view text) {
    std::string out;
    for (const char c : escaped(text)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

/// A name, which must not turn the direction of the text around it.
std::string name(std::string_view text) { return "<bdi>" + safe(text) + "</bdi>"; }

std::string paragraph(std::string_view text, std::string_view css = {}) {
    if (text.empty()) return {};
    return fmt::format("<p{}>{}</p>\n", css.empty() ? "" : fmt::format(" class=\"{}\"", css), safe(text));
}

std::string_view css_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::refuted: return "refuted";
        case Verdict::supported: return "supported";
        default: return "unseen";
    }
}

std::string_view css_of(const DeviceCard& device) {
    if (!device.need) return "quiet";
    return *device.need == Severity::act_now ? "act-now" : "important";
}

/// The word beside a sign, so that nobody needs to see the colour.
std::string badge(Verdict verdict) {
    const char* sign = verdict == Verdict::refuted ? "✗" : verdict == Verdict::supported ? "✓" : "–";
    return fmt::format("<span class=\"badge {}\"><span aria-hidden=\"true\">{}</span> {}</span>", css_of(verdict), sign,
                       to_string(verdict));
}

std::string badge(const DeviceCard& device) {
    return fmt::format("<span class=\"badge {}\">{}</span>", css_of(device), report_words::need(device));
}

std::string tasks(const DeviceCard& device) {
    if (device.tasks.empty()) return {};
    std::string html = "<h4>What to do</h4>\n<ol class=\"tasks\">\n";
    for (const Task& task : device.tasks)
        html += "<li>" + paragraph(task.advice, "advice") + paragraph(task.happened, "happened") +
                paragraph(report_words::muted(task), "happened") + "</li>\n";
    html += "</ol>\n";
    if (device.more_tasks > 0)
        html += paragraph(counted(device.more_tasks, "more thing", "more things") + ": the command “linnet alerts” tells.");
    return html;
}

std::string judgement_item(const ReportCard& card, const DeviceCard& device, const Judgement& judgement) {
    const auto& title = card.guidelines[static_cast<std::size_t>(judgement.guideline) - 1].title;
    std::string html =
        fmt::format("<li>{} <strong>{}. {}</strong>\n", badge(judgement.verdict), judgement.guideline, safe(title));
    for (const Evidence& evidence : judgement.evidence) {
        if (report_words::says_more(device, evidence)) html += paragraph(evidence.what);
        html += paragraph(report_words::source(evidence), "source");
    }
    if (judgement.more > 0)
        html += paragraph(counted(judgement.more, "more alert", "more alerts") + " of the kind.", "source");
    return html + paragraph(judgement.note) + "</li>\n";
}

std::string judgements(const ReportCard& card, const DeviceCard& device) {
    std::string items;
    for (const Judgement& judgement : device.judgements)
        if (judgement.verdict != Verdict::not_observable || !judgement.note.empty())
            items += judgement_item(card, device, judgement);
    if (items.empty()) return {};
    return "<h4>What was seen</h4>\n<ul class=\"judgements\">\n" + items + "</ul>\n";
}

std::string device_section(const ReportCard& card, const DeviceCard& device, std::size_t number) {
    return fmt::format("<article class=\"{}\" aria-labelledby=\"device-{}\">\n<h3 id=\"device-{}\">{} {}</h3>\n",
                       css_of(device), number, number, name(device.name), badge(device)) +
           paragraph(report_words::identity(device), "identity") + paragraph(device.note) + tasks(device) +
           judgements(card, device) + "</article>\n";
}

std::string devices(const ReportCard& card) {
    std::string needy, quiet;
    for (std::size_t i = 0; i < card.devices.size(); ++i)
        (card.devices[i].need ? needy : quiet) += device_section(card, card.devices[i], i + 1);
    std::string html;
    if (!needy.empty()) html += "<section>\n<h2>What needs attention</h2>\n" + needy + "</section>\n";
    if (!quiet.empty())
        html += "<section>\n<h2>Nothing serious was found about " + std::string{needy.empty() ? "these" : "the others"} +
                "</h2>\n" + quiet + "</section>\n";
    return html + paragraph(report_words::left_out(card));
}

std::string guideline_rows(const ReportCard& card) {
    const bool single = !card.device.empty() && card.devices.size() == 1;
    std::string rows;
    for (std::size_t i = 0; i < card.guidelines.size(); ++i) {
        const GuidelineWords& words = card.guidelines[i];
        const Verdict verdict = single ? card.devices.front().judgements[i].verdict : card.house[i].verdict;
        const std::string where = single ? std::string{} : report_words::in_the_house(card.house[i], card.device_count);
        rows += fmt::format("<tr><th scope=\"row\">{}</th><td><strong>{}</strong>{}{}</td><td>{}{}</td></tr>\n",
                            words.number, safe(words.title), paragraph(words.asks), paragraph(words.unseen, "source"),
                            badge(verdict), where.empty() || where == to_string(verdict) ? "" : paragraph(where));
    }
    return rows;
}

std::string guidelines(const ReportCard& card) {
    return "<section>\n<h2>The 13 guidelines</h2>\n<p>They are those of the Code of Practice for Consumer IoT Security "
           "(ETSI EN 303 645).</p>\n<table>\n<thead><tr><th scope=\"col\">No.</th><th scope=\"col\">What it asks</th><th "
           "scope=\"col\">Verdict</th></tr></thead>\n<tbody>\n" +
           guideline_rows(card) + "</tbody>\n</table>\n</section>\n";
}

std::string duties(const ReportCard& card) {
    std::string html;
    for (const GuidelineWords& words : card.guidelines)
        if (!words.duty.empty())
            html += fmt::format("<li value=\"{}\">{} <span class=\"source\">{}</span></li>\n", words.number,
                                safe(words.duty), safe(report_words::provisions(words)));
    return "<section>\n<h2>What the law asks of makers</h2>\n<p>In the United Kingdom, the Product Security and "
           "Telecommunications Infrastructure regime (PSTI) makes parts of three guidelines a duty. Whether a maker keeps "
           "it "
           "is on its website, not on your network, but for a factory password that was seen to work.</p>\n<ol>\n" +
           html + "</ol>\n</section>\n";
}

std::string meanings() {
    std::string html = "<dl class=\"meanings\">\n";
    for (const auto& meaning : report_words::meanings())
        html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", badge(meaning.verdict), meaning.sentence);
    return html + "</dl>\n";
}

}  // namespace

std::string report_card_html(const ReportCard& card) {
    const std::string headline = safe(report_words::headline(card));
    return fmt::format(
               "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
               "<title>Linnet: {}</title>\n<style>\n{}</style>\n</head>\n<body>\n<header>\n<p class=\"kicker\">Linnet "
               "report, "
               "{}</p>\n<h1>{}</h1>\n",
               headline, report_style, safe(report_words::minute(card.as_of)), headline) +
           paragraph(report_words::basis(card)) + meanings() + "</header>\n<main>\n" + devices(card) + guidelines(card) +
           duties(card) + "</main>\n</body>\n</html>\n";
}

}  // namespace linnet
