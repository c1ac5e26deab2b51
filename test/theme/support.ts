import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OvnError } from '../../src/errors.ts';
import { checkTheme } from '../../src/theme/check-theme.ts';
import type { ThemeFiles } from '../../src/theme/theme.ts';

export const CID = 'bafybeibmlrrrneohax3ylnqs465xnkjlwdwisgqxr4io3yra2d4bk3nove';

/** The folder of the example that docs/themes.md goes through. */
export const EXAMPLE = fileURLToPath(new URL('../../docs/examples/theme', import.meta.url));

/** The files of a theme, by their texts. */
export function filesOf(texts: Record<string, string>): ThemeFiles {
  return new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
}

/** The files of the example. */
export function exampleFiles(): ThemeFiles {
  const names = readdirSync(EXAMPLE, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => /\.\w+$/.test(name)).sort();
  return new Map(files.map((name) => [name, readFileSync(`${EXAMPLE}/${name}`)]));
}

/** What is wrong with a theme, as `file:line: message`. */
export function faultsOf(texts: Record<string, string>): string[] {
  try {
    checkTheme(CID, filesOf(texts), 'theme');
    return [];
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    return error.findings.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  }
}
