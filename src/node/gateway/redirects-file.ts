/** One line of a `_redirects` file. */
export interface RedirectRule {
  from: string[];
  /** Whether the last of `from` is `*`, which takes in all names that follow. */
  splat: boolean;
  to: string;
  status: number;
}

/** Answered with the file at `to`, at the address that was asked for. */
export const REWRITES: ReadonlySet<number> = new Set([200, 404, 410, 451]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const STATUS = /^\d{3}$/;
const PLACEHOLDER = /:([A-Za-z_][A-Za-z0-9_]*)/g;

/**
 * Reads a `_redirects` file (Web _redirects File Specification): lines of `from to [status]`.
 * @throws SyntaxError that names the first line that is none
 */
export function parseRedirects(text: string): RedirectRule[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const fields = line.split(/[ \t]+/).filter((field) => field !== '');
    if (fields.length === 0 || fields[0]?.startsWith('#')) return [];
    return [parseRule(fields, (why) => new SyntaxError(`line ${index + 1}: ${why}`))];
  });
}

function parseRule([from = '', to = '', status = '301', ...rest]: string[], fail: (why: string) => Error) {
  if (to === '' || rest.length > 0) throw fail('it is not "from to [status]"');
  if (!from.startsWith('/') || /[?#]/.test(from)) throw fail('"from" is not a path');
  const code = Number(status);
  if (!STATUS.test(status) || !(REWRITES.has(code) || REDIRECTS.has(code)))
    throw fail(`unsupported redirect status "${status}"`);
  if (!to.startsWith('/') && (REWRITES.has(code) || !/^https?:\/\//.test(to)))
    throw fail('"to" is not a path');
  const names = namesOf(from);
  const star = names.findIndex((name) => name.includes('*'));
  const splat = names.at(-1) === '*';
  if (star !== -1 && !(splat && star === names.length - 1))
    throw fail('"*" stands elsewhere than at the end');
  return { from: splat ? names.slice(0, -1) : names, splat, to, status: code };
}

/** The first rule that a path falls under, and where it leads: an address, or the path of a file for {@link REWRITES}. */
export function matchRedirect(
  rules: readonly RedirectRule[],
  names: readonly string[],
): { to: string; status: number } | undefined {
  for (const rule of rules) {
    const values = matchNames(rule, names);
    if (values === undefined) continue;
    const to = rule.to.replace(PLACEHOLDER, (text, name: string) => values.get(name) ?? text);
    return { to, status: rule.status };
  }
  return undefined;
}

/** What the placeholders stand for, encoded as in an address; `undefined` where the names are others. */
function matchNames(
  { from, splat }: RedirectRule,
  names: readonly string[],
): Map<string, string> | undefined {
  if (names.length < from.length || (!splat && names.length > from.length)) return undefined;
  const values = new Map<string, string>();
  for (const [index, pattern] of from.entries()) {
    const name = names[index] ?? '';
    if (pattern.startsWith(':') && pattern.length > 1) values.set(pattern.slice(1), encodeURIComponent(name));
    else if (decoded(pattern) !== name) return undefined;
  }
  if (splat) values.set('splat', names.slice(from.length).map(encodeURIComponent).join('/'));
  return values;
}

/** The names of a path, decoded where they are encoded. */
export function decodedNames(path: string): string[] {
  return namesOf(path.replace(/[?#].*$/, '')).map(decoded);
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
