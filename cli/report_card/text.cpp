#include "text.hpp"

#include "cli/severity.hpp"
#include "cli/text.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace linnet {
namespace {

constexpr std::size_t longest_line = 100;

Paint paint_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::refuted: return Paint::red;
        case Verdict::supported: return Paint::bold;
        default: return Paint::faint;
    }
}

class Page {
 public:
    explicit Page(const Terminal& terminal) : terminal_{terminal} {}

    /// `text` in lines of the terminal's width, the first behind `lead`, the others as far to the right.
    void add(std::size_t indent, std::string_view lead, std::string_view text, const Paint* paint = nullptr) {
        const std::size_t margin = indent + display_width(lead);
        const std::size_t width = std::min(terminal_.columns, longest_line);
        std::string begin = std::string(indent, ' ') + std::string{lead};
        for (const std::string& line : wrapped(escaped(text), std::max<std::size_t>(width - margin, 20))) {
            out_ += begin + (paint == nullptr ? line : terminal_.painted(*paint, line)) + "\n";
            begin = std::string(margin, ' ');
        }
    }
    void add(std::size_t indent, std::string_view lead, std::string_view text, Paint paint) {
        add(indent, lead, text, &paint);
    }
    void gap() { out_ += "\n"; }
    std::string take() { return std::move(out_); }

 private:
    const Terminal& terminal_;
    std::string out_;
};

void add_house(Page& page, const ReportCard& card) {
    page.add(0, "", "The 13 guidelines in your home", Paint::bold);
    page.gap();
    for (std::size_t i = 0; i < card.house.size(); ++i) {
        const HouseVerdict& verdict = card.house[i];
        page.add(1, fmt::format("{:>2}  ", i + 1), card.guidelines[i].title);
        page.add(5, "", report_words::in_the_house(verdict, card.device_count), paint_of(verdict.verdict));
    }
    page.gap();
}

void add_tasks(Page& page, const DeviceCard& device) {
    if (device.tasks.empty()) return;
    page.add(3, "", "What to do", Paint::bold);
    for (std::size_t i = 0; i < device.tasks.size(); ++i) {
        const Task& task = device.tasks[i];
        page.add(3, fmt::format("{:>2}. ", i + 1), task.advice);
        page.add(7, "", task.happened, Paint::faint);
        page.add(7, "", report_words::muted(task), Paint::yellow);
    }
    if (device.more_tasks > 0)
        page.add(7, "", counted(device.more_tasks, "more thing", "more things") + ": `linnet alerts` tells.");
    page.gap();
}

void add_judgement(Page& page, const ReportCard& card, const DeviceCard& device, const Judgement& judgement) {
    const auto& title = card.guidelines[static_cast<std::size_t>(judgement.guideline) - 1].title;
    page.add(3, fmt::format("{:>2}  ", judgement.guideline), fmt::format("{}: {}", title, to_string(judgement.verdict)),
             paint_of(judgement.verdict));
    for (const Evidence& evidence : judgement.evidence) {
        if (report_words::says_more(device, evidence)) page.add(7, "", evidence.what);
        page.add(7, "", report_words::source(evidence), Paint::faint);
    }
    if (judgement.more > 0)
        page.add(7, "", counted(judgement.more, "more alert", "more alerts") + " of the kind.", Paint::faint);
    if (!judgement.note.empty()) page.add(7, "", judgement.note);
}

bool worth_a_line(const Judgement& judgement) {
    return judgement.verdict != Verdict::not_observable || !judgement.note.empty();
}

void add_device(Page& page, const ReportCard& card, const DeviceCard& device) {
    const SeverityLook* look = device.need ? &look_of(*device.need) : nullptr;
    if (look != nullptr)
        page.add(0, fmt::format("{:<3}", look->symbol), fmt::format("{}: {}", device.name, look->word), look->paint);
    else
        page.add(0, "   ", device.name, Paint::bold);
    page.add(3, "", report_words::identity(device), Paint::faint);
    page.gap();
    if (!device.note.empty()) page.add(3, "", device.note);
    add_tasks(page, device);
    if (std::any_of(device.judgements.begin(), device.judgements.end(), worth_a_line)) {
        page.add(3, "", "What was seen", Paint::bold);
        for (const Judgement& judgement : device.judgements)
            if (worth_a_line(judgement)) add_judgement(page, card, device, judgement);
        page.gap();
    }
}

void add_quiet_devices(Page& page, const ReportCard& card) {
    const auto quiet = std::find_if(card.devices.begin(), card.devices.end(), [](const DeviceCard& d) { return !d.need; });
    if (quiet == card.devices.end() && card.left_out == 0) return;
    page.add(0, "", "Nothing serious was found about these", Paint::bold);
    page.gap();
    for (auto device = quiet; device != card.devices.end(); ++device) {
        std::string supported;
        for (const Judgement& judgement : device->judgements)
            if (judgement.verdict == Verdict::supported)
                supported += (supported.empty() ? "" : ", ") + std::to_string(judgement.guideline);
        page.add(3, "", device->name + (supported.empty() ? "" : ": supported " + supported));
    }
    if (card.left_out > 0) page.add(3, "", report_words::left_out(card));
    page.gap();
}

void add_meanings(Page& page) {
    for (const auto& meaning : report_words::meanings())
        page.add(0, "", fmt::format("{}: {}", meaning.word, meaning.sentence), Paint::faint);
}

}  // namespace

std::string report_card_text(const ReportCard& card, const Terminal& terminal) {
    Page page{terminal};
    page.add(0, "", report_words::headline(card), Paint::bold);
    page.add(0, "", report_words::basis(card));
    page.gap();
    const bool single = !card.device.empty();
    for (const DeviceCard& device : card.devices)
        if (single || device.need) add_device(page, card, device);
    if (single) {
        for (const DeviceCard& device : card.devices)
            page.add(0, "", "Not observable: " + report_words::unobservable(card, device) + ".");
        page.gap();
    } else {
        add_quiet_devices(page, card);
        add_house(page, card);
    }
    add_meanings(page);
    return page.take();
}

}  // namespace linnet
