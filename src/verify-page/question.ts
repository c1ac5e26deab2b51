import { isCid } from './cid.ts';

/** What the reader asks, as it stands in the fragment of the page's address. */
export interface Question {
  /** The publication's id, as the reader knows it. */
  id: string;
  /** What to check: a path in the edition, empty for all of it. */
  what: string;
  /** CID to begin from, in place of the one that the page lies below. */
  root: string;
  /** Gateway to ask, in place of the one that the page came from. */
  gateway: string;
}

/** Where the page lies. */
export interface Place {
  /** URL of the folder that the page is in, with a slash at the end. */
  folder: string;
  /** Gateway that it came from, as far as its address shows. */
  gateway: { base: string; isSubdomain: boolean };
  /** Root CID in its address; `undefined` where there is none. */
  root: string | undefined;
  /** From that root to the page's folder. */
  path: string[];
}

const CID_IN_ADDRESS = /(?:^|\/|\.)(baf(?:krei|ybei)[a-z2-7]{52})(?:\.ipfs\.[^/]*)?(?:\/(.*))?$/;
const NAMES = ['id', 'what', 'root', 'gateway'] as const;
const BELOW_IPFS = /^(.*?)\/ipfs\/(baf(?:krei|ybei)[a-z2-7]{52})\/((?:[^/]+\/)*)[^/]*$/;
const SUBDOMAIN = /^(baf(?:krei|ybei)[a-z2-7]{52})\.ipfs\.(.+)$/;

/** `#id=…&what=…&root=…&gateway=…`, each of them optional. */
export function readFragment(hash: string): Question {
  const members = new URLSearchParams(hash.replace(/^#/, ''));
  const [id, what, root, gateway] = NAMES.map((name) => members.get(name)?.trim() ?? '');
  return { id: id ?? '', what: what ?? '', root: root ?? '', gateway: gateway ?? '' };
}

/** An address of something by its CID, given as what to check, says where to begin too. */
export function withRoot(question: Question): Question {
  const [, root, what = ''] = CID_IN_ADDRESS.exec(question.what.replace(/[?#].*$/, '')) ?? [];
  return root === undefined || question.root !== '' || !isCid(root) ? question : { ...question, root, what };
}

export function writeFragment(question: Question): string {
  const members = NAMES.filter((name) => question[name] !== '').map((name) => {
    return `${name}=${encodeURIComponent(question[name]).replaceAll('%2F', '/').replaceAll('%3A', ':')}`;
  });
  return members.length === 0 ? '' : `#${members.join('&')}`;
}

/** Reads the page's own address. */
export function locate(address: string): Place {
  const { origin, protocol, host, pathname } = new URL(address);
  const folder = new URL('./', new URL(pathname, `${protocol}//${host}`)).href;
  const [, base, root, below] = BELOW_IPFS.exec(pathname) ?? [];
  if (base !== undefined && root !== undefined && isCid(root)) {
    return { folder, gateway: { base: origin + base, isSubdomain: false }, root, path: namesOf(below ?? '') };
  }
  const [, cid, rest] = SUBDOMAIN.exec(host) ?? [];
  if (cid !== undefined && isCid(cid)) {
    const path = namesOf(pathname.slice(0, pathname.lastIndexOf('/')));
    return { folder, gateway: { base: `${protocol}//${rest}`, isSubdomain: true }, root: cid, path };
  }
  return { folder, gateway: { base: origin, isSubdomain: false }, root: undefined, path: [] };
}

/**
 * A path, id or address of something in an edition as a path below its root. `2025/07/07/first-light`, or the whole address
 * of an article's page, mean `articles/2025/07/07/first-light`.
 */
export function parseWhat(text: string): string[] | undefined {
  const trimmed = text
    .trim()
    .replace(/[?#].*$/, '')
    .replace(/(?:index\.html)?\/*$/, '');
  const [found] = /(?:articles|categories|revisions)\/.*$/.exec(trimmed) ?? [];
  const names = namesOf(found ?? trimmed.replace(/^[a-z]+:\/\/[^/]*/, ''));
  if (names.length === 0) return [];
  const path = /^\d{4}$/.test(names[0] ?? '') ? ['articles', ...names] : names;
  return PATHS.some((pattern) => pattern.test(path.join('/'))) ? path : undefined;
}

const PATHS = [
  /^(?:categories\/[a-z0-9-]+|articles)\/\d{4}\/\d\d\/\d\d\/[a-z0-9-]+$/,
  /^(?:categories\/[a-z0-9-]+\/)?revisions\/\d{4}\/\d\d\/\d\d\/[a-z0-9-]+\/\d+$/,
  /^categories\/[a-z0-9-]+$/,
];

function namesOf(path: string): string[] {
  return path
    .split('/')
    .filter((name) => name !== '')
    .map(decodeURIComponent);
}
