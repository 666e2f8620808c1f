#include "pdf.hpp"

#include "cli/text.hpp"
#include "paper.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace linnet {
namespace {

constexpr Ink black{0.13, 0.15, 0.17}, faint{0.36, 0.39, 0.42}, pale{0.82, 0.81, 0.78};
constexpr Ink red{0.64, 0.15, 0.11}, amber{0.48, 0.31, 0}, green{0.11, 0.39, 0.22};

constexpr Type plain{"Sans 10", black}, strong{"Sans Bold 10", black}, small{"Sans 8.5", faint};
constexpr Type headline{"Sans Bold 18", black}, heading{"Sans Bold 14", black}, name{"Sans Bold 12", black};
constexpr double step = 16;  // indent

Ink ink_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::refuted: return red;
        case Verdict::supported: return green;
        default: return faint;
    }
}

Ink ink_of(const DeviceCard& device) {
    if (!device.need) return faint;
    return *device.need == Severity::act_now ? red : amber;
}

void section(Paper& paper, const std::string& title) {
    constexpr double with_its_first_lines = 90;
    paper.gap(18);
    paper.keep_together(with_its_first_lines);
    paper.bookmark(title);
    paper.text({title, heading});
    paper.gap(4);
}

void draw_tasks(Paper& paper, const DeviceCard& device) {
    if (device.tasks.empty()) return;
    paper.gap(5);
    paper.keep_together(50);
    paper.text({"What to do", strong});
    for (std::size_t i = 0; i < device.tasks.size(); ++i) {
        paper.gap(2);
        paper.text(fmt::format("{}.", i + 1), {device.tasks[i].advice, plain}, 0, step);
        paper.text({device.tasks[i].happened, small}, step);
        if (const auto muted = report_words::muted(device.tasks[i]); !muted.empty()) paper.text({muted, small}, step);
    }
    if (device.more_tasks > 0)
        paper.text({counted(device.more_tasks, "more thing", "more things") + ": the command “linnet alerts” tells.", small},
                   step);
}

void draw_judgement(Paper& paper, const ReportCard& card, const DeviceCard& device, const Judgement& judgement) {
    const auto& title = card.guidelines[static_cast<std::size_t>(judgement.guideline) - 1].title;
    paper.gap(3);
    paper.keep_together(36);
    paper.text(std::to_string(judgement.guideline),
               {fmt::format("{}: {}", title, to_string(judgement.verdict)), {strong.font, ink_of(judgement.verdict)}}, 0,
               step);
    for (const Evidence& evidence : judgement.evidence) {
        if (report_words::says_more(device, evidence)) paper.text({evidence.what, plain}, step);
        paper.text({report_words::source(evidence), small}, step);
    }
    if (judgement.more > 0)
        paper.text({counted(judgement.more, "more alert", "more alerts") + " of the kind.", small}, step);
    paper.text({judgement.note, plain}, step);
}

void draw_device(Paper& paper, const ReportCard& card, const DeviceCard& device) {
    const auto worth_a_line = [](const Judgement& judgement) {
        return judgement.verdict != Verdict::not_observable || !judgement.note.empty();
    };
    const bool anything = std::any_of(device.judgements.begin(), device.judgements.end(), worth_a_line);
    paper.gap(10);
    paper.keep_together(device.need ? 90 : 40);
    paper.bookmark(device.name);
    paper.line(pale);
    paper.gap(6);
    paper.row({{0.75, {{device.name, name}}},
               {0.25, {{std::string{report_words::need(device)}, {strong.font, ink_of(device)}}}, Side::right}});
    paper.text({report_words::identity(device), small});
    paper.text({device.note, plain});
    draw_tasks(paper, device);
    if (!anything) return;
    paper.gap(5);
    paper.keep_together(50);
    paper.text({"What was seen", strong});
    for (const Judgement& judgement : device.judgements)
        if (worth_a_line(judgement)) draw_judgement(paper, card, device, judgement);
}

void draw_devices(Paper& paper, const ReportCard& card) {
    const auto quiet = std::find_if(card.devices.begin(), card.devices.end(), [](const DeviceCard& d) { return !d.need; });
    const bool anybody_needy = quiet != card.devices.begin();
    if (anybody_needy) section(paper, "What needs attention");
    for (auto device = card.devices.begin(); device != quiet; ++device) draw_device(paper, card, *device);
    if (quiet != card.devices.end())
        section(paper, fmt::format("Nothing serious was found about {}", anybody_needy ? "the others" : "these"));
    for (auto device = quiet; device != card.devices.end(); ++device) draw_device(paper, card, *device);
    paper.gap(8);
    paper.text({report_words::left_out(card), plain});
}

void draw_guidelines(Paper& paper, const ReportCard& card) {
    const bool single = !card.device.empty() && card.devices.size() == 1;
    section(paper, "The 13 guidelines");
    paper.text({"They are those of the Code of Practice for Consumer IoT Security (ETSI EN 303 645).", small});
    for (std::size_t i = 0; i < card.guidelines.size(); ++i) {
        const GuidelineWords& words = card.guidelines[i];
        const Verdict verdict = single ? card.devices.front().judgements[i].verdict : card.house[i].verdict;
        const std::string where =
            single ? std::string{to_string(verdict)} : report_words::in_the_house(card.house[i], card.device_count);
        std::vector<Block> asked{{words.title, strong}, {words.asks, plain}, {words.unseen, small}};
        if (!words.duty.empty()) asked.push_back({"Duty of makers in the UK (PSTI): " + words.duty, small});
        asked.push_back({report_words::provisions(words), small});
        paper.gap(6);
        paper.row({{0.05, {{std::to_string(words.number), strong}}},
                   {0.65, std::move(asked)},
                   {0.30, {{where, {strong.font, ink_of(verdict)}}}}});
    }
}

void draw(Paper& paper, const ReportCard& card) {
    paper.text({"Linnet report, " + report_words::minute(card.as_of), small});
    paper.gap(2);
    paper.text({report_words::headline(card), headline});
    paper.gap(6);
    paper.text({report_words::basis(card), plain});
    paper.gap(8);
    for (const auto& meaning : report_words::meanings()) {
        paper.gap(2);
        paper.row({{0.24, {{std::string{meaning.word}, {strong.font, ink_of(meaning.verdict)}}}},
                   {0.76, {{std::string{meaning.sentence}, plain}}}});
    }
    draw_devices(paper, card);
    draw_guidelines(paper, card);
}

}  // namespace

std::string report_card_pdf(const ReportCard& card) {
    const std::string title = "Linnet: " + report_words::headline(card);
    Paper draft{title, card.as_of, 0};  // only to count its pages
    draw(draft, card);
    Paper paper{title, card.as_of, draft.pages()};
    draw(paper, card);
    return paper.finish();
}

}  // namespace linnet
