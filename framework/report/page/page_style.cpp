#include "framework/report/page/page_style.h"

namespace mtl {
namespace {

// Text has a contrast of 4.5:1 or more to its ground, lines of charts 3:1. Series are the colours of Okabe and Ito
// (2008), darkened or lightened until they do.
constexpr const char* colours = R"(:root {
  color-scheme: light dark;
  --page: #f7f8f9; --card: #ffffff; --ink: #1a2027; --soft: #535d68; --rule: #d8dde2; --faint: #eceff2;
  --link: #0a5a91; --shade: rgb(20 30 40 / 0.16); --good: #08684f; --bad: #a53f06; --good-rgb: 0 114 178;
    --bad-rgb: 230 120 20;
  --c0: #0072b2; --c1: #cc5500; --c2: #00855f; --c3: #a84a86; --c4: #946300; --c5: #2f86bd; --c6: #3b434c;
    --c7: #b03a48;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #101316; --card: #171b1f; --ink: #e7eaed; --soft: #a5afb9; --rule: #343b42; --faint: #22282d;
    --link: #78bff0; --shade: rgb(0 0 0 / 0.6); --good: #5fd3b0; --bad: #f7a36b; --good-rgb: 60 150 220;
      --bad-rgb: 222 116 30;
    --c0: #5aa9e6; --c1: #f0803c; --c2: #2fc19a; --c3: #e195c4; --c4: #e8b030; --c5: #9bd6f5; --c6: #cfd6dc;
      --c7: #f28a95;
  }
}
)";

constexpr const char* text = R"(* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 90rem; padding: clamp(1rem, 3vw, 2.75rem); background: var(--page); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, h4 { line-height: 1.25; margin: 0; font-weight: 650; text-wrap: balance; }
h1 { font-size: clamp(1.7rem, 1.2rem + 2vw, 2.5rem); letter-spacing: -0.015em; }
h2 { font-size: 1.4rem; letter-spacing: -0.01em; margin-bottom: 1rem; }
h3 { font-size: 1.08rem; margin: 2rem 0 0.5rem; } h4 { margin: 1.6rem 0 0.5rem; }
p, ul, ol, dl { margin: 0 0 1rem; max-width: 46rem; }
p { text-wrap: pretty; }
a { color: var(--link); text-underline-offset: 0.2em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
header { margin-bottom: 2.5rem; }
header .lead { font-size: 1.2rem; line-height: 1.5; margin-top: 1rem; max-width: 52rem; }
.kind { color: var(--soft); font-size: 0.85rem; letter-spacing: 0.04em; margin: 0 0 0.35rem; }
.note, .quiet { color: var(--soft); }
.note { font-size: 0.875rem; line-height: 1.5; }
.good { color: var(--good); } .bad { color: var(--bad); }
.skip { position: absolute; left: -100vw; background: var(--card); padding: 0.5rem 1rem; z-index: 2; }
.skip:focus { left: 1rem; top: 1rem; }
.notice {
  border-left: 4px solid var(--bad); background: var(--card); padding: 0.9rem 1.2rem; margin: 1.5rem 0 0;
  border-radius: 0 6px 6px 0; max-width: 52rem;
}
.notice ul { margin: 0.4rem 0 0; padding-left: 1.2rem; } .notice p { margin: 0; }
main { min-width: 0; } main:focus { outline: none; }
section { margin-bottom: 4rem; }
nav h2 { font-size: 0.85rem; color: var(--soft); font-weight: 500; margin-bottom: 0.5rem; letter-spacing: 0.02em; }
nav ol { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; font-size: 0.925rem; }
nav { border-bottom: 1px solid var(--rule); margin-bottom: 2.5rem; padding-bottom: 0.4rem; }
@media (min-width: 74rem) {
  .columns { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 2.5rem; }
  nav { position: sticky; top: 2rem; align-self: start; max-height: calc(100vh - 4rem); overflow-y: auto; border: 0;
    padding: 0.2rem; }
  nav ol { flex-direction: column; gap: 0.4rem; line-height: 1.4; }
  nav a { text-decoration: none; } nav a:hover { text-decoration: underline; }
}
)";

constexpr const char* blocks = R"(.key {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11.5rem), 1fr)); gap: 1px; max-width: none;
  background: var(--rule); border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; margin-bottom: 2rem;
}
.key > div { background: var(--card); padding: 1rem 1.2rem; }
.key dt { font-size: 0.875rem; color: var(--soft); }
.key dd { margin: 0; font-size: 1.75rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
.key dd.note { font-size: 0.8125rem; line-height: 1.45; font-weight: 400; margin-top: 0.3rem; }
.verdicts { list-style: none; padding: 0; max-width: 52rem; }
.verdicts li { padding: 0.65rem 0; border-top: 1px solid var(--rule); display: grid; gap: 0 1rem;
  grid-template-columns: 6.5rem minmax(0, 1fr); }
.verdicts li:last-child { border-bottom: 1px solid var(--rule); }
@media (max-width: 34rem) { .verdicts li { grid-template-columns: minmax(0, 1fr); } }
.table { margin: 0 0 2rem; }
.table .note { margin: 0.6rem 0 0; }
.scroll {
  overflow-x: auto; width: fit-content; min-width: min(100%, 34rem); max-width: 100%; border: 1px solid var(--rule);
  border-radius: 8px; background:
    linear-gradient(to right, var(--card) 40%, transparent) left / 3rem 100% no-repeat local,
    linear-gradient(to left, var(--card) 40%, transparent) right / 3rem 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) left / 1rem 100% no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) right / 1rem 100% no-repeat scroll, var(--card);
}
pre.scroll { width: auto; }
table { border-collapse: separate; border-spacing: 0; font-size: 0.9rem; line-height: 1.45; width: 100%; }
caption { text-align: left; padding: 0.8rem 0.9rem 0.5rem; font-weight: 600; font-size: 0.95rem; }
caption span { position: sticky; left: 0.9rem; display: inline-block; max-width: min(calc(100vw - 5rem), 52rem); }
th, td { padding: 0.5rem 0.8rem; text-align: left; vertical-align: top; border-top: 1px solid var(--faint); }
thead th { font-weight: 500; color: var(--soft); font-size: 0.825rem; vertical-align: bottom; border-top: 0;
  border-bottom: 1px solid var(--rule); line-height: 1.3; }
tbody tr:first-child > * { border-top: 0; }
tbody th { font-weight: 600; position: sticky; left: 0; background: var(--card); }
th > span, td > span { display: inline-block; width: max-content; max-width: 17rem; }
tbody th > span { max-width: min(17rem, 38vw); } thead .n > span { max-width: 8rem; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .n { white-space: normal; }
.detail { display: block; font-size: 0.8125rem; color: var(--soft); font-weight: 400; }
.good .detail, .bad .detail { color: inherit; }
.matrix { width: auto; font-size: 0.8125rem; }
.matrix td { min-width: 2.5rem; padding: 0.35rem 0.3rem; text-align: center; border: 0;
  border-left: 1px solid var(--card);
  border-top: 1px solid var(--card); }
.matrix tbody th { padding: 0.35rem 0.7rem; border: 0; border-right: 1px solid var(--rule); font-weight: 500; }
.matrix thead th.n { padding: 0.5rem 0.3rem; height: 6rem; }
.matrix thead th.n span { writing-mode: vertical-rl; transform: rotate(180deg); height: max-content;
  max-height: 11rem; max-width: none; width: auto;
  text-align: left; }
.matrix thead th.n { text-align: center; }
.matrix .hot-good, .matrix .hot-bad { color: var(--ink); font-weight: 550; }
.hot-good { background: rgb(var(--good-rgb) / var(--heat)); }
.hot-bad { background: rgb(var(--bad-rgb) / var(--heat)); }
details { margin: 0.3rem 0 0.5rem; }
details > :not(summary) { margin-top: 0.8rem; }
summary { cursor: pointer; color: var(--link); font-size: 0.925rem; padding: 0.15rem 0; width: fit-content; }
pre { margin: 0; padding: 1rem 1.2rem;
  font: 0.825rem/1.55 ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace;
  tab-size: 2; overflow-wrap: normal; }
)";

constexpr const char* charts = R"(.side { display: grid; gap: 1.5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); margin-bottom: 2rem; align-items: start; }
.chart { margin: 0; padding: 1rem 1.2rem 0.6rem; background: var(--card); border: 1px solid var(--rule);
  border-radius: 10px;
  min-width: 0; }
.chart > svg { display: block; width: 100%; height: auto; }
.square { max-width: 40rem; }
.intervals, .wide { max-width: 40rem; margin: 0 0 2rem; } .verdicts + .intervals { margin-top: 2.5rem; }
figcaption { font-weight: 600; margin-bottom: 0.4rem; font-size: 0.95rem; }
.chart .note { margin: 0.5rem 0 0; } .chart details { margin: 0.5rem 0 0.3rem; }
.legend { list-style: none; padding: 0; margin: 0 0 0.6rem; display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem;
  font-size: 0.85rem;
  color: var(--soft); max-width: none; }
.legend li { display: flex; align-items: center; gap: 0.45rem; }
.legend svg { flex: none; overflow: visible; }
svg text { fill: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
svg .halo { paint-order: stroke; stroke: var(--card); stroke-width: 4; }
svg .label { fill: var(--ink); font-weight: 600; } svg .value { fill: var(--ink); }
.grid { stroke: var(--faint); } .base { stroke: var(--soft); }
.line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.mark { fill: var(--c); stroke: var(--card); stroke-width: 1; }
.c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
.c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); } .c7 { --c: var(--c7); }
.d1 { stroke-dasharray: 6 5; } .d2 { stroke-dasharray: 1 5; } .d3 { stroke-dasharray: 11 4 1 4; }
.d4 { stroke-dasharray: 14 6; } .d5 { stroke-dasharray: 6 4 1 4 1 4; }
.whisker { stroke: var(--ink); stroke-width: 2; } .dot { fill: var(--ink); stroke: var(--ink); stroke-width: 2; }
.whisker.good { stroke: var(--good); } .dot.good { fill: var(--good); stroke: var(--good); }
.whisker.bad { stroke: var(--bad); } .dot.bad { fill: var(--bad); stroke: var(--bad); }
.dot.hollow { fill: var(--card); }
@media (max-width: 34rem) { svg text { font-size: 16px; } .chart { padding: 0.9rem 0.7rem 0.4rem; } }
)";

constexpr const char* pictures = R"(.gallery { display: grid; gap: 1.25rem; align-items: start;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
.picture { margin: 0; padding: 0.8rem 0.9rem; background: var(--card); border: 1px solid var(--rule);
  border-radius: 10px; min-width: 0; }
.picture img { display: block; width: 100%; height: auto; border-radius: 4px; }
.picture figcaption { margin: 0.7rem 0 0.2rem; line-height: 1.35; }
.picture .note { margin: 0; }
)";

constexpr const char* paper = R"(@page { size: A4 landscape; margin: 14mm; }
@media print {
  :root { color-scheme: light; --page: #fff; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  nav, .skip { display: none; }
  .columns { display: block; }
  h2, h3, figcaption, caption { break-after: avoid; }
  section { margin-bottom: 1.5rem; }
  .scroll { overflow: visible; border-color: #ccc; } thead { display: table-header-group; }
  tr, .chart, .picture, .scroll, .key, .verdicts li { break-inside: avoid; }
  tbody th, caption span { position: static; }
  h1 { font-size: 20pt; } header .lead { font-size: 12pt; } .note, .legend { font-size: 8pt; }
  .intervals { max-width: 30rem; }
  table { font-size: 8pt; overflow-wrap: break-word; } caption { font-size: 9pt; }
  thead th, .detail { font-size: 7pt; }
  th, td { padding: 0.25rem 0.4rem; }
  .matrix { font-size: 7pt; } .matrix td { min-width: 0; padding: 0.15rem; } .matrix tbody th { min-width: 0; }
  .n { white-space: normal; } th > span, td > span { width: auto; }
  .matrix tbody th > span { width: max-content; }
  .hot-good, .hot-bad, .line, .mark, .dot { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details:not([open]) { display: none; }
  a { color: inherit; text-decoration: none; }
}
)";

}  // namespace

std::string page_style() { return std::string(colours) + text + blocks + charts + pictures + paper; }

}  // namespace mtl
