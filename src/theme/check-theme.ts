import type { Look } from '../article/look.ts';
import { STYLE_CSS } from '../article/style.ts';
import { imageTypeOf } from '../bundle/media/image-type.ts';
import { type Finding, OvnError } from '../errors.ts';
import { checkStyle } from './check-style.ts';
import { GUARD_STYLE } from './guard-style.ts';
import { guardedElements } from './guarded-elements.ts';
import { openLook } from './open-look.ts';
import { samplePages } from './sample-pages.ts';
import {
  ADDITIONS,
  MEDIA_LIMIT,
  STYLE,
  STYLE_LIMIT,
  TEMPLATE_LIMIT,
  type Theme,
  type ThemeFiles,
} from './theme.ts';

/** A theme that holds: how pages are laid out, and the style that is published. */
export interface CheckedTheme {
  theme: Theme;
  look: Look;
  /** style.css */
  style: Uint8Array;
}

/**
 * Reads the files of a theme and checks them: sample pages are laid out by its templates, and its style may hide nothing of them that
 * every page must show.
 *
 * @param cid of its folder.
 * @param name of its folder, for messages.
 * @throws {OvnError} `source`, with the findings by file and line.
 */
export function checkTheme(cid: string, files: ThemeFiles, name: string): CheckedTheme {
  const findings: Finding[] = [];
  const media = readMedia(files, name, findings);
  const theme = { cid, templates: readTemplates(files, name, findings), embeds: media.size > 0 };
  requireNone(findings, name);
  const look = openLookOf(theme, name);
  const guarded = guardedElements(telling(name, () => samplePages(look)));
  const sheets: string[] = [];
  for (const sheet of [STYLE, ADDITIONS]) {
    const css = readText(files.get(sheet), { file: `${name}/${sheet}`, limit: STYLE_LIMIT }, findings);
    if (css === undefined) continue;
    const checked = checkStyle(css, `${name}/${sheet}`, { guarded, media });
    findings.push(...checked.findings);
    sheets.push(checked.css);
  }
  requireNone(findings, name);
  const built = files.has(STYLE) ? [] : [STYLE_CSS];
  return {
    theme,
    look,
    style: Buffer.from([GUARD_STYLE, ...built, ...sheets].map(endLine).join(''), 'utf8'),
  };
}

/** Pictures and fonts as addresses of data. Pictures were checked when they were read. */
function readMedia(files: ThemeFiles, name: string, findings: Finding[]): Map<string, string> {
  const media = new Map<string, string>();
  let left = MEDIA_LIMIT;
  for (const [path, bytes] of files) {
    if (!path.startsWith('media/')) continue;
    const add = (message: string): void =>
      void findings.push({ severity: 'error', file: `${name}/${path}`, line: 1, message });
    const isFont = path.endsWith('.woff2');
    const type = isFont ? 'font/woff2' : imageTypeOf(bytes);
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (isFont && data.toString('latin1', 0, 4) !== 'wOF2') add('it is no WOFF2 font');
    left -= bytes.length;
    if (left < 0) add(`with it media/ has more than ${MEDIA_LIMIT} bytes`);
    media.set(path, `data:${type};base64,${data.toString('base64')}`);
  }
  return media;
}

function readTemplates(files: ThemeFiles, name: string, findings: Finding[]): Record<string, string> {
  const templates: Record<string, string> = {};
  for (const [path, bytes] of files) {
    const at = /^templates\/(.+)$/.exec(path)?.[1];
    if (at === undefined) continue;
    const text = readText(bytes, { file: `${name}/${path}`, limit: TEMPLATE_LIMIT }, findings);
    if (text !== undefined) templates[at] = text;
  }
  return templates;
}

function readText(
  bytes: Uint8Array | undefined,
  { file, limit }: { file: string; limit: number },
  findings: Finding[],
): string | undefined {
  if (bytes === undefined) return undefined;
  const add = (message: string): void => void findings.push({ severity: 'error', file, line: 1, message });
  if (bytes.length > limit) add(`it has ${bytes.length} bytes; no more than ${limit} are accepted`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
  } catch {
    add('it is not UTF-8');
    return undefined;
  }
}

function endLine(css: string): string {
  return css.endsWith('\n') ? css : `${css}\n`;
}

function openLookOf(theme: Theme, name: string): Look {
  return telling(name, () => openLook(theme));
}

/** Findings by the folder that the theme lies in. */
function telling<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    requireNone(
      error.findings.map((each) => ({ ...each, file: `${name}/${each.file}` })),
      name,
    );
    throw error;
  }
}

function requireNone(findings: readonly Finding[], name: string): void {
  if (findings.length === 0) return;
  throw new OvnError('source', `the theme ${name} has errors; nothing was published`, {
    findings,
    hint: 'Mend what is named above and run it again. docs/themes.md says what a theme may have.',
  });
}
