/**
 * style.css: one sheet for the pages of bundles and of editions (one shared block).
 *
 * Every page: `header.masthead` > `p.outlet`, `p.tagline`; `main`; `footer.colophon` > `p`, with `a.download`.
 * An article: `article.story` > `header` > `ul.sections` (categories), `h1`, `p.summary`, `p.byline` > `span.authors`, `time`;
 *   `p.notice` (corrected) or `div.notice.retraction`; `figure.lead` > `img`, `figcaption` > `span.credit`;
 *   `div.body` (rendered Markdown; tables in `div.table`, cells `.left` `.center` `.right`); `section.corrections`; `section.sources`.
 * Pages of an edition: `main` > `h1`; `ol.entries` > `li` > `h2` > `a`, `p.meta` > `time`, `span.category`, `span.corrected`,
 *   `p.summary`; `ul.categories` and `ul.periods` > `li` > `a`, `span.count`; `p.more`; `nav.pager` for older and newer.
 * A headline that was taken back: `.corrected`, in lists of headlines too. Around them: `nav.site` > `ul` > `li` > `a[aria-current]`; `p.trail` > `a`; `p.as-of`; `ol.notices` > `li`; `ul.headlines` > `li` > `a`, `.meta`.
 * The front page: `body.wide`; `div.latest`; `section.by-category` > `div.shelves` > `section` > `h3`, `ul.headlines`;
 *   `section.recent-corrections`. A month: `div.days` > `section` > `h2` > `a`, `ul.headlines`. What leads to a copy that stays: `.copy`. An article of the site: `nav.related` > `ul.headlines`. About: `div.about`, `dl.keys` > `dt`, `dd`.
 * Anywhere: `.meta` (quiet small print), `.visually-hidden`.
 *
 * Logical properties only, so that right-to-left pages need no rules of their own; text and link colours keep 4.5:1 or more.
 */
export const STYLE_CSS = `:root {
  color-scheme: light dark;
  --paper: #fdfcf9;
  --panel: #f3f0e8;
  --ink: #1d1b18;
  --quiet: #5b564d;
  --rule: #d6d0c2;
  --link: #174a7c;
  --accent: #96231b;
  --serif: "Iowan Old Style", "Palatino Linotype", "URW Palladio L", P052, Charter, "Source Serif 4", Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161513;
    --panel: #22201d;
    --ink: #e9e5dc;
    --quiet: #aca59a;
    --rule: #423e37;
    --link: #9cc5f1;
    --accent: #f0988e;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-block-start: 1rem; }
body {
  margin: 0;
  padding-inline: max(1.1rem, env(safe-area-inset-left), env(safe-area-inset-right));
  background: var(--paper);
  color: var(--ink);
  font: 1.125rem/1.6 var(--serif);
  font-size: clamp(1.0625rem, 0.98rem + 0.35vw, 1.25rem);
  overflow-wrap: break-word;
}
main, .masthead, .site, .colophon { max-inline-size: 40rem; margin-inline: auto; }
a { color: var(--link); text-decoration-thickness: 0.06em; text-underline-offset: 0.18em; }
a:hover { text-decoration-thickness: 0.12em; }
:focus-visible { outline: 0.18rem solid var(--link); outline-offset: 0.15rem; border-radius: 0.1rem; }
img { max-inline-size: 100%; block-size: auto; }
h1, h2, h3, h4, h5, h6 { line-height: 1.2; text-wrap: balance; margin-block: 1.8em 0.5em; }
:is(.body p, .summary, figcaption) { text-wrap: pretty; }
h2 { font-size: 1.4em; }
h3 { font-size: 1.18em; }
h4, h5, h6 { font-size: 1em; }
.meta, .byline, .tagline, .sections, .site, .colophon, .pager, .count, .headlines .corrected, figcaption { font-family: var(--sans); font-size: 0.8125em; line-height: 1.5; }
.meta, .byline, .tagline, .colophon, .count, .headlines .corrected, figcaption { color: var(--quiet); }
.visually-hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.masthead { padding-block: 1.4rem 0.9rem; margin-block-end: 2rem; border-block-end: 0.2rem double var(--rule); text-align: center; }
.outlet { margin: 0; font-size: 1.6em; font-weight: 700; line-height: 1.2; }
.outlet a { color: inherit; text-decoration: none; }
.outlet a:hover { text-decoration: underline; }
.tagline { margin: 0.2rem 0 0; }

.masthead:has(+ .site) { margin-block-end: 0; border-block-end: 0; }
.site { margin-block-end: 2rem; border-block: 1px solid var(--rule); }
.site ul { margin: 0; padding: 0; list-style: none; text-align: center; text-wrap: balance; }
.site li { display: inline-block; margin-inline: 0.7em; }
.site a { display: block; padding-block: 0.55em; color: inherit; text-decoration: none; }
.site a:hover { text-decoration: underline; }
.site [aria-current] { box-shadow: inset 0 -0.16em var(--accent); font-weight: 600; }

.sections { list-style: none; display: flex; flex-wrap: wrap; gap: 0.2rem 1em; margin: 0; padding: 0; color: var(--accent); font-weight: 600; }

.story h1, main > h1, main > div > h1 { font-size: clamp(1.75em, 1.3em + 2.2vw, 2.5em); line-height: 1.12; margin-block: 0.35em 0.4em; }
main > h1, main > div > h1 { font-size: clamp(1.5em, 1.2em + 1.4vw, 1.9em); }
main > .latest > h1 { font-size: 1.4em; margin-block: 0.4em 0.3em; }
@supports (hyphenate-limit-chars: 18 7 7) {
  .story h1, .entries h2, .headlines { hyphens: auto; hyphenate-limit-chars: 18 7 7; }
}
.story h1 a { color: inherit; text-decoration-color: var(--quiet); }
.summary { margin-block: 0 0.8em; color: var(--quiet); line-height: 1.45; }
.story > header > .summary { font-size: 1.15em; }
.byline { margin-block: 0 1.6rem; }
.authors { color: var(--ink); font-weight: 600; }
time { unicode-bidi: isolate; }
.authors, .category, .sections li, :is(.entries h2, .headlines, .notices) a { unicode-bidi: plaintext; }
.notice { margin-block: 0 1.6rem; padding: 0.7rem 1rem; background: var(--panel); border-inline-start: 0.25rem solid var(--accent); font-family: var(--sans); font-size: 0.9em; }
.notice p { margin-block: 0 0.5rem; }
.notice p:last-child { margin-block-end: 0; }
.notice a + a { margin-inline-start: 0.6em; }
figure { margin: 0 0 1.6rem; }
.lead img { display: block; inline-size: 100%; }
figcaption { margin-block-start: 0.5rem; }
.credit { font-style: italic; }

.body > :first-child { margin-block-start: 0; }
.body p, .body ul, .body ol, .body dl { margin-block: 0 1.1em; }
.body :is(ul, ol) { padding-inline-start: 1.5em; }
.body li > :is(ul, ol) { margin-block-end: 0; }
.body li + li { margin-block-start: 0.25em; }
.body img { display: inline-block; }
blockquote { margin: 0 0 1.1em; padding-inline-start: 1.1em; border-inline-start: 0.2rem solid var(--rule); color: var(--quiet); }
hr { inline-size: 30%; margin: 2.2em auto; border: 0; border-block-start: 1px solid var(--rule); }
code, pre { font-family: var(--mono); font-size: 0.875em; direction: ltr; unicode-bidi: isolate; }
code { overflow-wrap: anywhere; }
pre { margin: 0 0 1.3em; padding: 0.9rem 1rem; overflow-x: auto; background: var(--panel); line-height: 1.5; text-align: left; }
pre code { font-size: 1em; overflow-wrap: normal; }
.table { margin-block: 0 1.3em; overflow-x: auto; }
table { border-collapse: collapse; min-inline-size: 100%; font-family: var(--sans); font-size: 0.875em; font-variant-numeric: tabular-nums; }
th, td { padding: 0.45em 0.8em; border-block-end: 1px solid var(--rule); text-align: start; vertical-align: top; overflow-wrap: normal; }
th { border-block-end-width: 2px; }
.left { text-align: left; }
.center { text-align: center; }
.right { text-align: right; }
del { color: var(--accent); }
ins { background: var(--panel); text-decoration-thickness: 0.1em; }
del + ins { margin-inline-start: 0.15em; }

.corrections, .story > .sources { margin-block-start: 2.6rem; padding-block-start: 0.2rem; border-block-start: 1px solid var(--rule); font-size: 0.9em; }
.story > section > h2 { font-size: 1.15em; margin-block: 1em 0.6em; }
.story > section :is(ul, ol) { margin: 0; padding-inline-start: 1.4em; }
.story > section li { margin-block-end: 0.5em; overflow-wrap: anywhere; }

.entries, .categories, .periods, .notices, .headlines { list-style: none; margin: 0; padding: 0; }
.entries > li { padding-block: 1.4rem; border-block-end: 1px solid var(--rule); }
.entries > :first-child { padding-block-start: 0.2rem; }
.entries h2 { margin-block: 0 0.35em; font-size: 1.35em; }
.entries h2 a { color: inherit; text-decoration: none; }
.entries h2 a:hover { text-decoration: underline; }
.entries p { margin-block: 0; }
.entries .meta { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.15rem 0.9em; margin-block-end: 0.4rem; }
.category { color: var(--accent); font-weight: 600; }
:is(.entries, .notices) [dir] { text-align: left; }
[dir="rtl"] :is(.entries, .notices) [dir] { text-align: right; }
.corrected { padding-inline: 0.4em; white-space: nowrap; border: 1px solid currentcolor; border-radius: 0.2em; }
.categories, .periods { columns: 14rem; column-gap: 2rem; margin-block-end: 2rem; }
:is(.categories, .periods) li { padding-block: 0.3rem; break-inside: avoid; }
:is(.headlines, .notices, .categories, .periods, .trail, .shelves h3, .days h2) a { color: inherit; text-decoration-color: var(--quiet); }
:is(.headlines, .notices, .categories, .periods, .trail, .shelves h3, .days h2) a:hover { text-decoration-color: currentcolor; }
.count { font-weight: 400; }
.more { margin-block: 1.4rem 0; font-weight: 600; }
.as-of { margin-block: 0 1rem; }
.trail { margin-block: 0; }
.entries + .headlines { margin-block-start: 1.2rem; }
.notices > li { padding-block: 0.8rem; border-block-end: 1px solid var(--rule); font-size: 0.9em; overflow-wrap: anywhere; }
.notices p { margin-block: 0 0.25em; }
.notices strong { color: var(--accent); }
.headlines > li { padding-block: 0.4rem; line-height: 1.35; }
.headlines .meta { white-space: nowrap; }
.headlines .corrected { margin-inline-start: 0.3em; }
.days h2 { margin-block: 1.2em 0.2em; font-size: 1.1em; }
.shelves { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: 1.2rem 2rem; }
.shelves h3 { margin-block: 0 0.2em; }
:is(.shelves, .about, .copy) :is(p, dd) { overflow-wrap: anywhere; }
.copy { margin-block: 2.6rem 0; padding: 0.2rem 1.1rem 0.6rem; background: var(--panel); font-size: 0.9em; }
.copy h2 { margin-block: 0.7em 0.4em; font-size: 1.15em; }
.copy p { margin-block: 0 0.5rem; }
.sections a { color: inherit; text-decoration: none; }
.sections a:hover { text-decoration: underline; }
.related { margin-block-start: 2.6rem; }
.related h2 { font-size: 1.15em; margin-block: 0 0.4em; }
.about > .summary { font-size: 1.15em; }
.about dt { margin-block-start: 0.8em; font-weight: 600; }
.about dd { margin-inline-start: 0; font-size: 0.9em; }
.about pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.pager { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.5rem 2rem; margin-block: 2rem; }

.colophon { margin-block-start: 3.5rem; padding-block: 1.2rem 2.5rem; border-block-start: 0.2rem double var(--rule); overflow-wrap: anywhere; }
.colophon p { margin-block: 0 0.7rem; }
.colophon code { font-size: 0.95em; }
body > main:first-child { padding-block-start: 2rem; }
.download { display: inline-block; margin-inline-end: 1em; padding: 0.4em 0.9em; border: 1px solid currentcolor; border-radius: 0.25rem; font-weight: 600; text-decoration: none; }
.download:hover { background: var(--panel); }

@media (min-width: 60rem) {
  .wide > :is(main, .masthead, .site, .colophon) { max-inline-size: 66rem; }
  .wide main:has(.latest) { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 3fr); gap: 0 3rem; align-content: start; }
  .wide .latest { grid-row: 1 / span 2; }
  .wide section > h2 { margin-block-start: 0.4em; }
  .wide .recent-corrections { margin-block-start: 2.2rem; }
  .wide .entries > :first-child h2 { font-size: 2em; line-height: 1.15; }
  .masthead { padding-block: 2.2rem 1.3rem; margin-block-end: 3rem; }
  .outlet { font-size: 2em; }
}
:root:is(:lang(zh), :lang(ja), :lang(ko), :lang(ar), :lang(fa), :lang(ur)) body { line-height: 1.8; }
:is(h1, h2, h3):is(:lang(ar), :lang(fa), :lang(ur)) { line-height: 1.35; }
:is(em, cite, .credit):is(:lang(zh), :lang(ja), :lang(ko), :lang(ar), :lang(fa), :lang(ur), :lang(he)) { font-style: normal; }
em:is(:lang(zh), :lang(ja), :lang(ko), :lang(ar), :lang(fa), :lang(ur), :lang(he)) { font-weight: 600; }
@media (prefers-contrast: more) {
  :root { --quiet: var(--ink); --rule: currentcolor; }
}
@media print {
  :root { --paper: #fff; --panel: #fff; --ink: #000; --quiet: #333; --rule: #999; --link: #000; --accent: #000; }
  body { font-size: 11pt; }
  main, .masthead, .colophon { max-inline-size: none; }
  .download, .pager, .site, .related { display: none; }
  .wide main { display: block; }
  .body a[href^="http"]::after { content: " (" attr(href) ")"; font-size: 0.8em; overflow-wrap: anywhere; }
  h1, h2, h3, h4, h5, h6 { break-after: avoid; }
  figure, pre, tr, blockquote { break-inside: avoid; }
  pre, .table { overflow: visible; }
  pre { white-space: pre-wrap; }
}
`;
