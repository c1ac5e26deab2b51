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
  const grids = new WeakMap<DomElement, { grid: Grid | undefined }>();
  const gridAround = (node: DomElement): Grid | undefined => {
    const table = tableOf(node);
    if (table === undefined) return undefined;
    const known = grids.get(table) ?? { grid: canBeTable(table) ? gridOf(table) : undefined };
    grids.set(table, known);
    return known.grid;
  };
  service.addRule('tableCell', {
    filter: ['td', 'th'],
    replacement: (content, node) => {
      const grid = gridAround(node as DomElement);
      return grid === undefined ? `\n\n${content}\n\n` : cell(content, node as DomElement, grid);
    },
  });
  service.addRule('tableRow', {
    filter: 'tr',
    replacement: (content, node) =>
      gridAround(node as DomElement) === undefined ? `\n\n${content}\n\n` : `\n|${content}`,
  });
  service.addRule('tableSection', { filter: ['thead', 'tbody', 'tfoot'], replacement: (content) => content });
  service.addRule('tableColumns', { filter: ['colgroup', 'col'], replacement: () => '' });
  service.addRule('tableCaption', { filter: 'caption', replacement: (text) => `\n\n${oneLine(text)}\n\n` });
  service.addRule('table', {
    filter: 'table',
    replacement: (content, node) => {
      const grid = gridAround(node as DomElement);
      if (grid !== undefined) return wholeTable(content, node as DomElement, grid);
      if (!isLayout(node as DomElement))
        losses.add(
          'table',
          'the cells of a table that holds lists, headings or tables, or is too large, stand one after another',
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

/** Where the cells of a table stand, with the places that a cell of a row above reaches down to. */
interface Grid {
  columns: number;
  /** How many places before a cell are taken by cells from above. */
  before: Map<DomElement, number>;
  /** Places of a row up to the end of its last cell. */
  widths: Map<DomElement, number>;
}

/** Nothing where it is wider than a table may be. */
function gridOf(table: DomElement): Grid | undefined {
  const grid: Grid = { columns: 0, before: new Map(), widths: new Map() };
  let section: DomElement | null = null;
  // Rows for which a place is still taken, by column.
  let taken: number[] = [];
  for (const row of rowsOf(table)) {
    if (row.parentNode !== section) taken = [];
    section = row.parentNode;
    const reaching: number[] = [];
    let column = 0;
    for (const one of cellsOf(row)) {
      const from = column;
      while ((taken[column] ?? 0) > 0) column++;
      grid.before.set(one, column - from);
      const down = rowSpanOf(one) - 1;
      for (const end = column + spanOf(one); column < end; column++) reaching[column] = down;
      if (column > LIMITS.columns) return undefined;
    }
    grid.widths.set(row, column);
    const width = Math.max(column, taken.length);
    taken = Array.from({ length: width }, (_, at) => reaching[at] ?? Math.max(0, (taken[at] ?? 0) - 1));
    grid.columns = Math.max(grid.columns, column);
  }
  return grid;
}

/** Down to the end of the section where it is 0. */
function rowSpanOf(one: DomElement): number {
  const span = Number(one.getAttribute('rowspan') ?? '1');
  if (!Number.isInteger(span) || span < 0) return 1;
  return span === 0 ? LIMITS.rows : Math.min(span, LIMITS.rows);
}

function cell(content: string, node: DomElement, { before }: Grid): string {
  const text = oneLine(content.replace(/ {2}\n/g, ' ')).replace(/(?<!\\)\|/g, '\\|');
  return `${'  |'.repeat(before.get(node) ?? 0)} ${text} |${'  |'.repeat(spanOf(node) - 1)}`;
}

/** Rows of one width, below a heading: the first row, when all its cells say so, else an empty one. */
function wholeTable(content: string, table: DomElement, { columns, widths }: Grid): string {
  // The library passes over a row without cells.
  const rows = rowsOf(table).filter((row) => cellsOf(row).length > 0);
  const [caption, ...lines] = splitRows(content);
  const missing = rows.map((row) => columns - (widths.get(row) ?? columns));
  const full = lines.map((line, index) => line + '  |'.repeat(missing[index] ?? 0));
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
