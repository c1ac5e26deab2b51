/** CSS pixels of each absolute unit (CSS Values 4, 6.2). */
const UNITS: Record<string, number> = {
  '': 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  q: 96 / 101.6,
};
/** What browsers take when an SVG says nothing (CSS 2.2, 10.3.2). */
const DEFAULT_SIZE = { width: 300, height: 150 };
const LONGEST_VALUE = 100;

/** How an SVG's root states its size. */
export interface RootSize {
  width?: string | undefined;
  height?: string | undefined;
  viewBox?: string | undefined;
}

/** CSS pixels of an SVG as browsers show it: by width and height, else by viewBox; never smaller than 1 x 1. */
export function svgSize(root: RootSize): { width: number; height: number } {
  const box = parseBox(root.viewBox);
  const [width, height] = [parseLength(root.width), parseLength(root.height)];
  if (width !== undefined && height !== undefined) return rounded(width, height);
  if (box === undefined) return rounded(width ?? DEFAULT_SIZE.width, height ?? DEFAULT_SIZE.height);
  if (width !== undefined) return rounded(width, (width * box.height) / box.width);
  if (height !== undefined) return rounded((height * box.width) / box.height, height);
  return rounded(box.width, box.height);
}

/** Undefined for what depends on the page: a percentage, em, auto. */
function parseLength(value: string | undefined): number | undefined {
  if (value === undefined || value.length > LONGEST_VALUE) return undefined;
  const match = /^\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?|\d+\.)\s*([a-z]*)\s*$/i.exec(value);
  const unit = UNITS[match?.[2]?.toLowerCase() ?? ''];
  return match === null || unit === undefined ? undefined : positive(Number(match[1]) * unit);
}

function parseBox(value: string | undefined): { width: number; height: number } | undefined {
  if (value === undefined || value.length > LONGEST_VALUE) return undefined;
  const numbers = value
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [width, height] = [positive(numbers[2]), positive(numbers[3])];
  return numbers.length !== 4 || width === undefined || height === undefined ? undefined : { width, height };
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : undefined;
}

function rounded(width: number, height: number): { width: number; height: number } {
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}
