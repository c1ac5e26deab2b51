import type TurndownService from 'turndown';
import type { BodyContext } from './body-context.ts';
import type { DomElement } from './dom.ts';
import { inside, oneLine } from './text-rules.ts';

/** What no cell of a Markdown table can hold. */
const BLOCKS = 'ul ol pre blockquote h1 h2 h3 h4 h5 h6 hr table dl'.split(' ');
const BORDERS: Readonly<Record<string, string>> = { left: ':---', right: '---:', center: ':---:' };
/** Rows and cells of a table, at most, that are written as one. */
const LIMITS = { rows: 2000, columns: 60 } as const;

/** Tables as Markdown has them; the cells of all others one after another. */
export function addTableRules(service: TurndownService, { losses }: BodyContext): void {
  const plain = new WeakMap<DomElement, boolean>();
  const isPlain = (node: DomElement): boolean => {
    const table = tableOf(node);
    if (table === undefined) return false;
    const known = plain.get(table) ?? canBeTable(table);
    plain.set(table, known);
    return known;
  };
  service.addRule('tableCell', {
    filter: ['td', 'th'],
    replacement: (content, node) =>
      isPlain(node) ? cell(content, node as DomElement) : `\n\n${content}\n\n`,
  });
  service.addRule('tableRow', {
    filter: 'tr',
    replacement: (content, node) => (isPlain(node) ? `\n|${content}` : `\n\n${content}\n\n`),
  });
  service.addRule('tableSection', { filter: ['thead', 'tbody', 'tfoot'], replacement: (content) => content });
  service.addRule('tableColumns', { filter: ['colgroup', 'col'], replacement: () => '' });
  service.addRule('tableCaption', { filter: 'caption', replacement: (text) => `\n\n${oneLine(text)}\n\n` });
  service.addRule('table', {
    filter: 'table',
    replacement: (content, node) => {
      if (isPlain(node)) return wholeTable(content, node as DomElement);
      if (!isLayout(node as DomElement))
        losses.add(
          'table',
          'the cells of a table that holds lists, headings or tables stand one after another',
        );
      return `\n\n${content}\n\n`;
    },
  });
}

function tableOf(node: DomElement): DomElement | undefined {
  for (let at: DomElement | null = node; at !== null; at = at.parentNode) {
    if (at.nodeName === 'TABLE') return at as DomElement;
  }
  return undefined;
}

function canBeTable(table: DomElement): boolean {
  const rows = rowsOf(table);
  const columns = columnsOf(rows);
  if (isLayout(table) || rows.length > LIMITS.rows || columns > LIMITS.columns || inside(table, 'TABLE'))
    return false;
  return BLOCKS.every((name) => table.getElementsByTagName(name).length === 0);
}

/** One cell alone is a box, not a table. */
function isLayout(table: DomElement): boolean {
  const rows = rowsOf(table);
  return rows.length === 0 || (rows.length === 1 && columnsOf(rows) <= 1);
}

function rowsOf(table: DomElement): DomElement[] {
  return Array.from(table.getElementsByTagName('tr'));
}

function columnsOf(rows: readonly DomElement[]): number {
  return Math.max(0, ...rows.map((row) => cellsOf(row).reduce((sum, one) => sum + spanOf(one), 0)));
}

function cellsOf(row: DomElement): DomElement[] {
  return Array.from(row.children).filter(({ nodeName }) => nodeName === 'TD' || nodeName === 'TH');
}

function spanOf(one: DomElement): number {
  const span = Number(one.getAttribute('colspan') ?? '1');
  return Number.isInteger(span) && span > 0 && span <= LIMITS.columns ? span : 1;
}

function cell(content: string, node: DomElement): string {
  const text = oneLine(content.replace(/ {2}\n/g, ' ')).replace(/(?<!\\)\|/g, '\\|');
  return ` ${text} |${'  |'.repeat(spanOf(node) - 1)}`;
}

/** Rows of one width, below a heading: the first row, when all its cells say so, else an empty one. */
function wholeTable(content: string, table: DomElement): string {
  const rows = rowsOf(table);
  const columns = columnsOf(rows);
  const [caption, ...lines] = splitRows(content);
  const full = lines.map((line, index) => line + '  |'.repeat(missing(rows[index], columns)));
  const head = isHeading(rows[0]) ? (full.shift() ?? '') : `|${'  |'.repeat(columns)}`;
  const border = `|${Array.from({ length: columns }, (_, at) => ` ${borderOf(rows, at)} |`).join('')}`;
  return `${caption}\n\n${[head, border, ...full].join('\n')}\n\n`;
}

function splitRows(content: string): string[] {
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  const words = lines.filter((line) => !line.startsWith('|'));
  return [
    words.length === 0 ? '' : `\n\n${words.join(' ')}`,
    ...lines.filter((line) => line.startsWith('|')),
  ];
}

function missing(row: DomElement | undefined, columns: number): number {
  return row === undefined ? 0 : columns - cellsOf(row).reduce((sum, one) => sum + spanOf(one), 0);
}

function isHeading(row: DomElement | undefined): boolean {
  if (row === undefined) return false;
  return row.parentNode?.nodeName === 'THEAD' || cellsOf(row).every(({ nodeName }) => nodeName === 'TH');
}

function borderOf(rows: readonly DomElement[], column: number): string {
  for (const row of rows.slice(0, 2)) {
    const one = cellsOf(row)[column];
    const style = /text-align:\s*(left|right|center)/i.exec(one?.getAttribute('style') ?? '')?.[1];
    const border = BORDERS[(one?.getAttribute('align') ?? style ?? '').toLowerCase()];
    if (border !== undefined) return border;
  }
  return '---';
}
