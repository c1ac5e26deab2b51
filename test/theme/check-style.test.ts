import { describe, expect, it } from 'vitest';
import { STYLE_CSS } from '../../src/article/style.ts';
import { checkTheme } from '../../src/theme/check-theme.ts';
import { GUARD_STYLE } from '../../src/theme/guard-style.ts';
import { samplePages } from '../../src/theme/sample-pages.ts';
import { CID, exampleFiles, faultsOf, filesOf } from './support.ts';

const styleOf = (files: ReturnType<typeof filesOf>): string =>
  Buffer.from(checkTheme(CID, files, 'theme').style).toString('utf8');

describe('the style of a theme', () => {
  it('comes after the guard: in place of the built-in one, or after it', () => {
    expect(styleOf(filesOf({ 'style.css': 'p { color: red }' }))).toBe(`${GUARD_STYLE}p { color: red }\n`);
    expect(styleOf(filesOf({ 'additions.css': 'p { color: red }\r\n' }))).toBe(
      `${GUARD_STYLE}${STYLE_CSS}p { color: red }\n`,
    );
    expect(styleOf(exampleFiles())).toContain('.kicker');
  });

  it('may be the built-in one, to begin with', () => {
    expect(faultsOf({ 'style.css': STYLE_CSS })).toEqual([]);
  });

  it('is guarded in tables and code too, which alone may be scrolled, and against whatever moves or covers text', () => {
    const rules = GUARD_STYLE.split('\n');
    const scrolled = rules.find((rule) => rule.includes(':is(pre, .table)')) ?? '';
    expect(scrolled).toContain('opacity: 1 !important');
    expect(scrolled).not.toContain('overflow');
    for (const property of ['offset-path', 'font-size-adjust', '-webkit-mask-box-image', 'pointer-events'])
      expect(GUARD_STYLE.split(` ${property}:`)).toHaveLength(4);
  });

  it.each([
    [
      'a font that is not there',
      '@font-face { font-family: X; src: url(media/x.woff2) }',
      'a style loads nothing',
    ],
    ['a namespace', '@namespace "x";', '@namespace has no place'],
    ['another sheet', '\n@import "x.css";', '2: @import has no place'],
    ['a picture', 'p { background: url("https://example.org/x.png") }', 'a style loads nothing'],
    ['a picture by a property', ':root { --x: url(x) }', 'a style loads nothing'],
    ['a set of pictures', 'p { background: image-set("x.png" 1x) }', 'image-set() has no place'],
    ['what is none', 'p { color: red', undefined],
    ['what cannot be read', 'p { : red; }\n', 'it cannot be read here'],
  ])('loads nothing, and can be read: %s', (_, css, said) => {
    const faults = faultsOf({ 'style.css': css });
    expect(faults).toEqual(said === undefined ? [] : expect.arrayContaining([expect.stringContaining(said)]));
  });

  it('has pictures and fonts of its theme in it, and its pages let it show them', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>\n';
    const css =
      'p { background: url("media/a.svg") no-repeat }\n@font-face { font-family: X; src: url(media/x.woff2) }\n';
    const files = filesOf({ 'media/a.svg': svg, 'media/x.woff2': 'wOF2', 'additions.css': css });
    const { look, style } = checkTheme(CID, files, 'theme');
    const embedded = (type: string, text: string) =>
      `url(data:${type};base64,${Buffer.from(text).toString('base64')})`;
    expect(Buffer.from(style).toString()).toContain(
      `p { background: ${embedded('image/svg+xml', svg)} no-repeat }\n@font-face { font-family: X; src: ${embedded('font/woff2', 'wOF2')} }\n`,
    );
    expect(samplePages(look)[0]).toContain(
      "default-src 'none'; img-src 'self' data:; font-src data:; style-src 'self';",
    );
    expect(faultsOf({ 'media/x.woff2': 'wOFF' })).toEqual(['theme/media/x.woff2:1: it is no WOFF2 font']);
    expect(faultsOf({ 'media/x.woff2': `wOF2${'x'.repeat(2 ** 19)}` })).toHaveLength(1);
  });

  it.each([
    'h1 { display: none }',
    '.story > header { DISPLAY: None !important }',
    '@media (min-width: 1px) { main { display: none } }',
    ':root { --x: none } .notice { display: var(--x) }',
    'body > :not(.foo) { display: none }',
    '[class="download"] { display: none }',
    '.body p { font-size: 1px }',
    'time { color: transparent }',
    '.notices > li { display: none }',
    '.entries .meta { display: none }',
    '.outlet { margin-left: -200vw }',
    '.download { font: 0/0 a }',
    '.byline { line-height: 0 }',
    '@scope (main) { :scope { display: none } }',
    'article { &:hover, & { display: none } }',
    '.corrections li { display: none }',
    'body::after { content: ""; position: absolute; inset: 0; background: white }',
    '.strip { position: fixed; inset: 0 }',
    '.c\\6frrections { display: none }',
    '.corrections { displ\\61y: none }',
    '.strip { position: f\\69xed }',
    '*|* { display: none }',
    '|h1 { display: none }',
    'h1:before { content: ""; position: absolute; inset: 0 }',
    'h1::BEFORE { content: ""; position: absolute; inset: 0 }',
    'h1::after:hover { position: absolute }',
    'h1 { font-size: 0in }',
    'h1 { font-size: .1vmin }',
    '.byline { line-height: 0px }',
    'h1::first-line { -webkit-text-fill-color: transparent }',
    '.wide { display: none }',
    '.about, .days { display: none }',
    '.headlines li { display: none }',
    'strong { display: none }',
    'pre { display: none }',
    '.body :is(h3, ol) { display: none } .story ol { display: none }',
  ])('cannot hide what every page must show: %s', (css) => {
    expect(faultsOf({ 'style.css': css })).not.toEqual([]);
  });

  it.each([
    '.site { display: none }',
    '.site li { display: none }',
    '@media print { .download, .related { display: none } }',
    'h1::before { content: "§"; position: relative }',
    'figure { margin-inline: -3rem }',
    'main { display: grid } .byline { display: flex; font-size: 0.8rem } h1 { font-size: clamp(1rem, 3vw, 3rem) }',
    'h1 { font: 600 2rem/1.1 Georgia, serif } .byline { line-height: 1.4 }',
    'nav.related { display: none } .story .summary { display: none }',
    '@keyframes x { to { display: none } }',
    '.body blockquote::before { content: "\\201c" }',
    '.strip { font-size: 1vmin }',
  ])('can do anything else: %s', (css) => {
    expect(faultsOf({ 'style.css': css })).toEqual([]);
  });
});
