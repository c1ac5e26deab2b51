import type { Atrule, CssNode, Declaration, Rule, StyleSheet, SyntaxParseError } from 'css-tree';
import generate from 'css-tree/generator';
import parse from 'css-tree/parser';
import { tokenize, tokenTypes } from 'css-tree/tokenizer';
import walk from 'css-tree/walker';
import type { Finding } from '../errors.ts';
import { hides, liesOver } from './hides.ts';
import type { PageElement } from './markup.ts';
import { aspectOf, mayMatch } from './match-selector.ts';

/** Everything else brings in something from elsewhere, or has no meaning in a page. */
const AT_RULES: ReadonlySet<string> = new Set([
  'container',
  'counter-style',
  'font-face',
  'font-feature-values',
  'keyframes',
  'layer',
  'media',
  'page',
  'property',
  'scope',
  'starting-style',
  'supports',
]);

/** Functions that load something. */
const LOADING = /^(?:src|image|-?(?:webkit-)?image-set|expression|element|paint)$/i;

/** Tokens in which an escape is but a character. */
const MAY_ESCAPE: ReadonlySet<number> = new Set([tokenTypes.Comment, tokenTypes.String, tokenTypes.Url]);

/**
 * Reads a style sheet of a theme, and says what is wrong with it: what cannot be read, what would load something, and what would hide
 * a part of a page that must be seen. Pictures and fonts of the theme are written into it.
 *
 * @param guarded the elements of pages that may not be hidden.
 * @param media addresses of data, by their paths.
 */
export function checkStyle(
  css: string,
  file: string,
  { guarded, media }: { guarded: readonly PageElement[]; media: ReadonlyMap<string, string> },
): { css: string; findings: Finding[] } {
  const pieces: string[] = [];
  let end = 0;
  const findings: Finding[] = [];
  const add = (line: number, message: string): void =>
    void findings.push({ severity: 'error', file, line, message });
  findEscapes(css, add);
  const sheet = parse(css, {
    positions: true,
    parseCustomProperty: true,
    onParseError: (error: SyntaxParseError) => add(error.line, `it cannot be read here: ${error.message}`),
  }) as StyleSheet;
  walk(sheet, {
    enter(this: { rule: Rule | null; atrule: Atrule | null }, node: CssNode) {
      const line = node.loc?.start.line ?? 1;
      const problem = problemOf(node, media);
      if (node.type === 'Url' && problem === undefined && node.loc != null) {
        pieces.push(css.slice(end, node.loc.start.offset), `url(${media.get(node.value)})`);
        end = node.loc.end.offset;
      }
      if (problem !== undefined) add(line, problem);
      if (node.type !== 'Declaration' || this.rule === null || this.atrule?.name === 'keyframes') return;
      const shown = isPrint(this.atrule)
        ? guarded.filter(({ classes }) => !classes.includes('download'))
        : guarded;
      const hidden = whatItHides(node, this.rule, shown);
      if (hidden !== undefined) add(line, hidden);
    },
  });
  return { css: pieces.join('') + css.slice(end), findings };
}

/** Names are written as they are: by an escape they would be others to whoever compares them. */
function findEscapes(css: string, add: (line: number, message: string) => void): void {
  let line = 1;
  tokenize(css, (type, start, end) => {
    const token = css.slice(start, end);
    if (token.includes('\\') && !MAY_ESCAPE.has(type))
      add(line, `${token} is to be written without an escape`);
    line += token.split('\n').length - 1;
  });
}

/** Nothing can be downloaded from paper. */
function isPrint(atrule: Atrule | null): boolean {
  return atrule?.name === 'media' && atrule.prelude != null && generate(atrule.prelude) === 'print';
}

function problemOf(node: CssNode, media: ReadonlyMap<string, string>): string | undefined {
  if (node.type === 'Atrule' && !AT_RULES.has(node.name.toLowerCase()))
    return `@${node.name} has no place in a theme`;
  if (node.type === 'Url' && !media.has(node.value))
    return `a style loads nothing from elsewhere: there is no ${JSON.stringify(node.value)} in the theme's media/`;
  if (node.type === 'Function' && LOADING.test(node.name))
    return `${node.name}() has no place in a theme: url("media/…") has`;
  if (node.type === 'Declaration' && liesOver(node)) return '"position: fixed" would lie over the page';
  return undefined;
}

/** What a declaration would hide, in words; nothing where it hides nothing that must be seen. */
function whatItHides(
  declaration: Declaration,
  rule: Rule,
  guarded: readonly PageElement[],
): string | undefined {
  const isBeside = hides(declaration, 'beside');
  const isSelf = hides(declaration, 'self');
  if ((!isBeside && !isSelf) || rule.prelude.type !== 'SelectorList') return undefined;
  for (const selector of rule.prelude.children) {
    if (selector.type !== 'Selector' || !(aspectOf(selector) === 'self' ? isSelf : isBeside)) continue;
    const found = guarded.find((element) => mayMatch(selector, element));
    if (found !== undefined) return `"${declaration.property}" as it is here could hide ${describe(found)}`;
  }
  return undefined;
}

function describe({ name, classes }: PageElement): string {
  return `<${name}${classes.length === 0 ? '' : ` class="${classes.join(' ')}"`}>, which every page must show`;
}
