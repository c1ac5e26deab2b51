import { posix } from 'node:path';
import { elements } from '../article/support.ts';

/** A link of a page to something that lies beside it. */
export interface LocalLink {
  /** As the page has it. */
  href: string;
  /** The file it leads to, from the root of what is looked at; of a folder, its index.html. It begins with `..` outside of that. */
  target: string;
  fragment: string;
}

/** Everything that a page leads to or shows, but for addresses elsewhere. `path` is the page's own; a link to `/` is one to the root. */
export function linksOf(path: string, html: string): LocalLink[] {
  const references = elements(html).flatMap(({ attrs }) => attrs.flatMap(referencesOf));
  const local = references.filter((value) => !/^[a-z][a-z0-9+.-]*:/i.test(value));
  return local.map((value) => {
    const [before = '', fragment = ''] = value.split('#', 2);
    const address = before.replace(/\?format=car$/, '');
    if (address === '') return { href: value, target: path, fragment };
    const target = address.startsWith('/')
      ? posix.normalize(`.${address}`)
      : posix.join(posix.dirname(path), address);
    const file = address.endsWith('/') ? posix.join(target, 'index.html') : target;
    return { href: value, target: file, fragment };
  });
}

/** The addresses that an attribute holds. */
function referencesOf({ name, value }: { name: string; value: string }): string[] {
  if (name === 'srcset' || name === 'imagesrcset')
    return value.split(',').map((each) => each.trim().split(/\s+/, 1)[0] ?? '');
  return ['href', 'src', 'poster', 'action', 'cite', 'data'].includes(name) ? [value] : [];
}

/** Every link of every page that leads to nothing, or outside. */
export function brokenIn(files: ReadonlyMap<string, string | undefined>): string[] {
  return [...files.keys()].flatMap((path) => brokenOf(path, files));
}

function brokenOf(path: string, files: ReadonlyMap<string, string | undefined>): string[] {
  const html = files.get(path);
  if (!path.endsWith('.html') || html === undefined) return [];
  return linksOf(path, html).flatMap(({ href, target, fragment }) => {
    if (!isThere(target, files)) return [`${path} leads to ${href}`];
    if (fragment === '' || !target.endsWith('.html') || hasId(files.get(target), fragment)) return [];
    return [`${path} leads to ${href}, where there is no such place`];
  });
}

/** The pages and files that can be reached from one page by following links, and the links that lead to nothing. */
export function follow(
  start: string,
  files: ReadonlyMap<string, string | undefined>,
): { reached: Set<string>; broken: string[] } {
  const reached = new Set([start]);
  const broken: string[] = [];
  for (const path of reached) {
    const html = files.get(path);
    if (!path.endsWith('.html') || html === undefined) continue;
    broken.push(...brokenOf(path, files));
    for (const { target } of linksOf(path, html)) reached.add(target);
  }
  return { reached, broken };
}

/** A bundle that nobody holds is a file without a text: everything in it may be there. */
function isThere(path: string, files: ReadonlyMap<string, string | undefined>): boolean {
  for (let at = path; at !== '.' && at !== '/'; at = posix.dirname(at)) {
    if (files.has(at)) return at === path || files.get(at) === undefined;
  }
  return false;
}

/** verify.html reads its fragment; a page that nobody holds may have any place. */
function hasId(html: string | undefined, id: string): boolean {
  if (html === undefined || id.includes('=')) return true;
  return elements(html).some(({ attrs }) => attrs.some(({ name, value }) => name === 'id' && value === id));
}
