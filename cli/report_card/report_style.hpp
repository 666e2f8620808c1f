// How the HTML report looks: on a light and a dark screen, and on paper. Each pair of colours of text and ground has a
// contrast of at least 4.5 (WCAG 2.2, 1.4.3).
#pragma once

#include <string_view>

namespace linnet {

inline constexpr std::string_view report_style = R"css(
:root { --ground: #fbfaf7; --card: #ffffff; --text: #22262b; --faint: #5b636c; --line: #dcd9d2; --red: #a3261d;
  --red-ground: #fbe9e7; --amber: #7a4f00; --amber-ground: #fdf1d8; --green: #1c6338; --green-ground: #e4f3e9;
  --grey-ground: #eceae5; }
@media (prefers-color-scheme: dark) { :root { --ground: #16191c; --card: #1f2327; --text: #e6e4df; --faint: #a4abb3;
  --line: #383e44; --red: #ffb4ab; --red-ground: #4a1f1b; --amber: #f5c469; --amber-ground: #43320f; --green: #8fd6a8;
  --green-ground: #1b3a27; --grey-ground: #2d3237; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 52rem; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .2rem 0 .8rem; }
h2 { font-size: 1.3rem; margin: 2.4rem 0 .9rem; }
h3 { font-size: 1.12rem; margin: 0; display: flex; flex-wrap: wrap; gap: .3rem .7rem; align-items: center; }
h4 { font-size: .95rem; margin: 1.1rem 0 .4rem; }
p { margin: .3rem 0; }
.kicker, .identity, .source, .happened { color: var(--faint); font-size: .88rem; }
.kicker { margin: 0; }
article { background: var(--card); border: 1px solid var(--line); border-left-width: 5px; border-radius: 8px;
  padding: 1rem 1.2rem; margin: 0 0 1rem; }
article.act-now { border-left-color: var(--red); }
article.important { border-left-color: var(--amber); }
.badge { display: inline-block; white-space: nowrap; border-radius: 99px; padding: .05rem .65rem; font-size: .82rem;
  font-weight: 600; line-height: 1.5; background: var(--grey-ground); color: var(--faint); }
.badge.refuted, .badge.act-now { background: var(--red-ground); color: var(--red); }
.badge.important { background: var(--amber-ground); color: var(--amber); }
.badge.supported { background: var(--green-ground); color: var(--green); }
.tasks { margin: 0; padding-left: 1.4rem; }
.tasks li { margin-bottom: .5rem; }
.tasks .advice { font-weight: 600; }
.judgements { list-style: none; margin: 0; padding: 0; }
.judgements li { margin-bottom: .6rem; }
.meanings { margin: 1.2rem 0 0; padding: .8rem 0 0; border-top: 1px solid var(--line); font-size: .92rem; }
.meanings div { display: flex; gap: .8rem; margin: .3rem 0; }
.meanings dt { flex: 0 0 9.5rem; }
.meanings dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .6rem .7rem .6rem 0; border-bottom: 1px solid var(--line); }
tbody th { width: 2.2rem; }
thead th { white-space: nowrap; font-size: .88rem; color: var(--faint); }
td:last-child { width: 32%; padding-right: 0; font-size: .92rem; }
@media (max-width: 34rem) { td:last-child { width: 40%; } .meanings div { display: block; } }
@media print { :root { --ground: #fff; --card: #fff; --text: #000; --faint: #444; --line: #bbb; --red: #a3261d;
  --amber: #7a4f00; --green: #1c6338; --red-ground: #fff; --amber-ground: #fff; --green-ground: #fff; --grey-ground: #fff; }
  @page { margin: 18mm; } body { padding: 0; max-width: none; font-size: 10.5pt; } h2, h3, h4 { break-after: avoid; }
  .tasks li, .judgements li, tr { break-inside: avoid; } .badge { border: 1px solid currentcolor; } }
)css";

}  // namespace linnet
