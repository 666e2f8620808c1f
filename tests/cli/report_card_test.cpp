// The report card in each format: what it says first, what it escapes, how it ends.
#include "cli/device_choice.hpp"
#include "cli/report_card/html.hpp"
#include "cli/report_card/output.hpp"
#include "cli/report_card/pdf.hpp"
#include "cli/report_card/text.hpp"
#include "cli/report_card/words.hpp"
#include "cli/temporary_directory.hpp"
#include "shell.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

using namespace linnet;

namespace {

constexpr Timestamp evening{std::chrono::seconds{1'772'389'211}};  // 2026-03-01T18:20:11Z

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto place = text.find(part); place != std::string::npos; place = text.find(part, place + 1)) ++count;
    return count;
}

DeviceCard quiet(const std::string& name, const std::string& key) {
    DeviceCard card;
    card.key = key;
    card.name = name;
    card.first_seen = card.last_seen = evening;
    for (int number = 1; number <= guideline_count; ++number) card.judgements.push_back({.guideline = number});
    return card;
}

DeviceCard needy(const std::string& name, const std::string& key, Severity need) {
    DeviceCard card = quiet(name, key);
    card.need = need;
    card.maker = "Espressif";
    card.ips = {*IpAddress::parse("192.168.1.24")};
    card.tasks = {{7, need, "Factory password in use", name + " let somebody in.", "Give " + name + " a password."}};
    card.judgements[0].verdict = Verdict::refuted;
    card.judgements[0].evidence = {{.event = "default-login",
                                    .alert = 7,
                                    .provisions = {"5.1-1"},
                                    .first_seen = evening,
                                    .last_seen = evening,
                                    .count = 3,
                                    .peer = "laptop",
                                    .what = name + " let somebody in."}};
    card.judgements[5].note = "It was seen to answer on TCP port 80 (http).";
    return card;
}

ReportCard house(std::vector<DeviceCard> devices) {
    setenv("TZ", "UTC", 1);
    tzset();
    ReportCard card;
    card.since = evening - std::chrono::hours{24};
    card.as_of = evening;
    for (int number = 1; number <= guideline_count; ++number) {
        card.guidelines.push_back({.number = number,
                                   .title = fmt::format("Title {}", number),
                                   .asks = "Something.",
                                   .unseen = "For a reason.",
                                   .provisions = {fmt::format("5.{}-1", number), fmt::format("5.{}-2", number)},
                                   .duty = number <= 3 ? "A duty." : ""});
        card.house.push_back({.guideline = number});
    }
    for (const DeviceCard& device : devices) {
        ++card.device_count;
        if (!device.need) continue;
        ++(*device.need == Severity::act_now ? card.act_now : card.important);
        card.house[0].verdict = Verdict::refuted;
        ++card.house[0].refuted;
        card.house[0].names.push_back(device.name);
    }
    card.devices = std::move(devices);
    return card;
}

const ReportCard& home() {
    static const ReportCard card =
        house({needy("coffee-plug", "a4:cf:12:9b:02:24", Severity::act_now),
               needy("garden-hub", "a4:cf:12:9b:02:25", Severity::important), quiet("phone", "84:cf:bf:52:0d:11")});
    return card;
}

const std::string hostile = "<script>alert('1')</script>&\x1b[2J\xE2\x80\xAE\"</title>\xff";

}  // namespace

TEST_CASE("one sentence first, for who reads no further") {
    using report_words::headline;
    CHECK(headline(home()) == "2 of your 3 devices need attention, 1 of them now.");
    CHECK(headline(house({quiet("a", "1"), quiet("b", "2")})) ==
          "None of your 2 devices needs attention, as far as could be heard.");
    CHECK(headline(house({needy("a", "1", Severity::act_now)})) == "1 of your 1 device needs attention now.");
    CHECK(headline(house({needy("a", "1", Severity::important), quiet("b", "2")})) ==
          "1 of your 2 devices needs attention.");
    CHECK(headline(house({})) == "No device was heard.");
    ReportCard one = house({needy("plug", "1", Severity::act_now)});
    one.device = "1";
    CHECK(headline(one) == "plug needs attention now.");
}

TEST_CASE("text: what to do, what was seen and on what it rests; sentences are said once; no colours in a file") {
    const std::string text = report_card_text(home(), Terminal{});
    CHECK(text.rfind("2 of your 3 devices need attention, 1 of them now.\n", 0) == 0);
    CHECK(text.find("!! coffee-plug: act now") < text.find("!  garden-hub: important"));
    CHECK(contains(text, " 1. Give coffee-plug a password.\n"));
    CHECK(count_of(text, "coffee-plug let somebody in.") == 1);
    CHECK(contains(text, "Title 1: refuted\n"));
    CHECK(contains(text, "Seen as default-login (alert 7) on 2026-03-01 18:20, 3 times, with"));
    CHECK(contains(text, "ETSI 5.1-1"));
    CHECK(contains(text, "TCP port 80 (http)"));
    CHECK(contains(text, "refuted for coffee-plug, garden-hub\n"));
    CHECK(contains(text, "   phone\n"));
    CHECK_FALSE(contains(text, "\x1b"));
    for (const std::string& line : lines_of(text)) CHECK(line.size() <= 80);
    Terminal colours{.interactive = true, .colours = true, .columns = 60};
    CHECK(contains(report_card_text(home(), colours), "\x1b[31m"));
}

TEST_CASE("a device that was asked for is told of in full, also where nothing was found") {
    ReportCard card = house({quiet("phone", "84:cf:bf:52:0d:11")});
    card.device = "84:cf:bf:52:0d:11";
    const std::string text = report_card_text(card, Terminal{});
    CHECK(text.rfind("phone: nothing was found", 0) == 0);
    CHECK(contains(text, "Not observable: 1 Title 1; 2 Title 2;"));
}

TEST_CASE("html: one complete file that fetches nothing and runs nothing") {
    const std::string html = report_card_html(home());
    CHECK(html.rfind("<!DOCTYPE html>\n<html lang=\"en\">", 0) == 0);
    CHECK(html.ends_with("</html>\n"));
    CHECK(contains(html, "<h1>2 of your 3 devices need attention, 1 of them now.</h1>"));
    CHECK(contains(html, "default-src 'none'"));
    for (const std::string never :
         {"<script", "http:", "https:", "url(", "@import", "onclick", "<img", "<link", "javascript:"})
        CHECK_FALSE_MESSAGE(contains(html, never), never);
    for (const char* element :
         {"html", "head", "body", "main", "header", "section", "article", "table", "tbody", "ol", "ul", "p",
          "h1",   "h2",   "h3",   "h4",   "li",     "tr",      "td",      "span",  "bdi",   "dl", "div"}) {
        CAPTURE(element);
        CHECK(count_of(html, fmt::format("<{}>", element)) + count_of(html, fmt::format("<{} ", element)) ==
              count_of(html, fmt::format("</{}>", element)));
    }
    CHECK(count_of(html, "<tr>") == 14);
}

TEST_CASE("hostile names are text in each format") {
    ReportCard card = house({needy(hostile, "a4:cf:12:9b:02:24", Severity::act_now)});
    const std::string html = report_card_html(card);
    CHECK_FALSE(contains(html, "<script"));
    CHECK_FALSE(contains(html, "\x1b"));
    CHECK_FALSE(contains(html, "\xE2\x80\xAE"));
    CHECK(contains(html, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;\\x1B[2J\\u202E&quot;&lt;/title&gt;\\xFF"));
    CHECK(count_of(html, "</title>") == 1);
    const std::string text = report_card_text(card, Terminal{});
    CHECK_FALSE(contains(text, "\x1b"));
    CHECK_FALSE(contains(text, "\xE2\x80\xAE"));
    const std::string pdf = report_card_pdf(card);
    CHECK(pdf.rfind("%PDF-", 0) == 0);
    const TemporaryDirectory folder;
    write_report_card(card, ReportFormat::pdf, (folder.path() / "report.pdf").string());
    const Ran read = run("pdftotext -layout " + (folder.path() / "report.pdf").string() + " -");
    REQUIRE_MESSAGE(read.exit_code == 0, read.error);
    CHECK(contains(read.out, "\\x1B[2J\\u202E"));
    CHECK_FALSE(contains(read.out, "\x1b"));
    CHECK_FALSE(contains(read.out, "\xE2\x80\xAE"));
    card.devices.front().name = std::string(20'000, 'x');  // no room on any page
    card.house[0].names.front() = std::string(20'000, 'y');
    CHECK(report_card_pdf(card).rfind("%PDF-", 0) == 0);
}

TEST_CASE("pdf: whole, with text that can be selected, names in other scripts with it") {
    const TemporaryDirectory folder;
    ReportCard card = home();
    card.devices.push_back(quiet("Küche Кухня", "84:cf:bf:52:0d:12"));
    const auto file = folder.path() / "report.pdf";
    write_report_card(card, ReportFormat::pdf, file.string());
    const std::string pdf = content_of(file);
    CHECK(pdf.rfind("%PDF-", 0) == 0);
    CHECK(contains(pdf.substr(pdf.size() - 16), "%%EOF"));
    const Ran text = run("pdftotext -layout " + file.string() + " -");
    REQUIRE_MESSAGE(text.exit_code == 0, text.error);
    for (const char* part : {"2 of your 3 devices need attention", "coffee-plug", "Give coffee-plug a password.",
                             "Küche Кухня", "Title 13", "page 1 of "})
        CHECK_MESSAGE(contains(text.out, part), part);
}

TEST_CASE("a file that cannot be written is a sentence") {
    CHECK_THROWS_WITH_AS(write_report_card(home(), ReportFormat::html, "/nowhere/report.html"),
                         "/nowhere/report.html could not be written: No such file or directory.", std::runtime_error);
    CHECK_FALSE(parse_report_format("docx"));
    CHECK(check_report_format("docx") == "docx is none of text, json, html or pdf");
    CHECK(check_report_format("pdf").empty());
}

TEST_CASE("a device is named by MAC, address, name or a part of it; several are listed") {
    const auto made = [](const std::string& key, const std::string& name, const std::string& address) {
        Device device;
        device.key = key;
        device.name = name;
        device.ips = {*IpAddress::parse(address)};
        return device;
    };
    const std::vector<Device> devices{
        made("b8:27:eb:00:00:23", "Hall camera", "192.168.1.23"), made("b8:27:eb:00:00:24", "Garden camera", "192.168.1.24"),
        made("b8:27:eb:00:00:25", "camera", "fd00::25"), made("b8:27:eb:00:00:26", "plug", "192.168.1.26"),
        made("b8:27:eb:00:00:27", "plug", "192.168.1.27")};
    CHECK(chosen_device(devices, "B8:27:EB:00:00:23").key == "b8:27:eb:00:00:23");
    CHECK(chosen_device(devices, "192.168.1.24").key == "b8:27:eb:00:00:24");
    CHECK(chosen_device(devices, "fd00:0::25").key == "b8:27:eb:00:00:25");
    CHECK(chosen_device(devices, "hall CAMERA").key == "b8:27:eb:00:00:23");
    CHECK(chosen_device(devices, "camera").key == "b8:27:eb:00:00:25");  // called exactly so
    CHECK(chosen_device(devices, "garden").key == "b8:27:eb:00:00:24");
    CHECK_THROWS_WITH_AS(
        chosen_device(devices, "plug"),
        "plug fits several devices: plug (b8:27:eb:00:00:26), plug (b8:27:eb:00:00:27). Name one by its MAC "
        "or address.",
        std::runtime_error);
    CHECK_THROWS_AS(chosen_device(devices, "cam"), std::runtime_error);
    CHECK_THROWS_WITH_AS(chosen_device(devices, "toaster"), "No device is called toaster; `linnet devices` lists them.",
                         std::runtime_error);
    CHECK_THROWS_AS(chosen_device(devices, ""), std::runtime_error);
}

TEST_CASE("a task that a person muted is told all the same, and that it is muted, in each format") {
    auto camera = needy("hall-camera", "02:00:00:00:00:17", Severity::act_now);
    camera.tasks[0].muted_until = evening + std::chrono::hours{24};
    const ReportCard card = house({camera});
    CHECK(report_card_from_json(to_json(card)) == card);
    const std::string sentence = "Muted until 2026-03-02 18:20: nobody is told of it. It counts here all the same.";
    CHECK(contains(report_card_text(card, Terminal{}), sentence.substr(0, sentence.find(" It counts"))));
    CHECK(contains(report_card_html(card), sentence));
    CHECK_FALSE(contains(report_card_html(house({needy("plug", "02:00:00:00:00:18", Severity::act_now)})), "Muted"));
}
