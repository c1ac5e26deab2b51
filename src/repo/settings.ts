import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { CategoryDecision } from '../article/document.ts';
import { isTopic } from '../article/media-topics.ts';
import { categorySlug } from '../article/slug.ts';
import { suggest } from '../article/suggest.ts';
import type { TrustStatement } from '../edition/metadata/trust-txt.ts';
import { MOST_FORMER_SLUGS } from '../edition/redirects.ts';
import { OvnError } from '../errors.ts';
import { NETWORK_SETTINGS, type NetworkSettings } from './network-settings.ts';
import { TRUST_SETTINGS } from './trust-settings.ts';
import { WITNESS_SETTINGS, type WitnessSettings } from './witness-settings.ts';

/** `ovn.json`: what the outlet is called and where its sources are. Of a mirror, that it is one, and whom it asks. */
export interface Settings {
  /** There is no paper of one's own here: no keys, no masthead, no sources. The names below are empty then. */
  mirror?: true;
  name: string;
  /** May be empty. */
  tagline: string;
  /** BCP 47, of articles that do not say their own. */
  language: string;
  /** The outlet's web site. */
  url?: string;
  /** Folder of the sources, relative to ovn.json. */
  articles: string;
  /** Folder of the theme, relative to ovn.json; the built-in look where it is absent. */
  theme?: string;
  /** Where else the paper can be had: https addresses and multiaddrs. */
  mirrors?: string[];
  /** Categories by slug: names where the sources do not agree, and Media Topics. Has no prototype: any slug may be looked up. */
  categories?: Record<string, CategoryDecision>;
  /** Whom the outlet belongs to and owns: what trust.txt of an edition says; there is none where it is absent. */
  trust?: TrustStatement;
  /** Who cosigns the log, and how many of them must; none are asked where it is absent, nor by who has no paper. */
  witnesses?: WitnessSettings;
  /** Who is asked for what is not here. Nothing of it is published. */
  network?: NetworkSettings;
}

const LIMIT = 1024 * 1024;
const DEFAULT_FOLDER = 'articles';

/** No control or line-breaking characters, and no halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const LINE = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/;
const line = v.pipe(
  v.string('is not a text'),
  v.maxLength(200, 'is longer than 200 characters'),
  v.regex(LINE, 'holds a line break or another control character'),
  v.check((text) => text.isWellFormed(), 'is not well-formed Unicode'),
);
const name = v.pipe(
  line,
  v.check((text) => text.trim() !== '', 'is empty'),
);
const withoutUser = v.check(
  (text: string) => !/^https?:\/\/[^/?#]*@/i.test(text),
  'has a user or a password in it, which would be published',
);
/** The addresses of all pages begin with it: of the characters of RFC 3986 alone. */
const url = v.pipe(
  v.string('is not a text'),
  v.regex(/^https?:\/\/[\w.~:/?#[\]@!$&'()*+,;=%-]+$/, 'is not an http or https address'),
  v.check((text) => URL.canParse(text), 'is not an http or https address'),
  v.regex(/^[^?#]*$/, 'has a query or a fragment, which no path can follow'),
  withoutUser,
);
const mirror = v.pipe(
  v.string('is not a text'),
  v.regex(/^(?:https?:\/\/|\/)[\x21-\x7e]+$/, 'is neither an https address nor a multiaddr'),
  withoutUser,
);
const language = v.pipe(
  v.string('is not a text'),
  v.regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'is not a language tag such as "en" or "pt-BR"'),
);

/** Those alone that a name can have: pages count on it that no slug ends in `-`. */
const isSlug = (text: string): boolean => categorySlug(text) === text;

/** A name with an IPTC Media Topic, and the slugs from before. */
const decision = v.strictObject({
  name,
  topic: v.exactOptional(v.pipe(v.string(), v.check(isTopic))),
  formerly: v.exactOptional(v.array(v.pipe(v.string(), v.check(isSlug)))),
});

/** Not `v.record`, which passes over the slug `constructor`. */
const categories = v.pipe(
  v.custom<Record<string, unknown>>(isObject, 'is not an object'),
  v.check(
    (value) => Object.keys(value).every(isSlug),
    'has a slug that is not of a-z, 0-9 and single - between them',
  ),
  v.check(
    (value) => Object.values(value).every((each) => v.is(name, isObject(each) ? each['name'] : each)),
    'has a name that is no text',
  ),
  v.check(
    (value) => Object.values(value).every((each) => !isObject(each) || v.is(decision, each)),
    'has one that is neither a name nor {"name", "topic", "formerly"}, with a topic such as "medtop:04000000" and a list of slugs',
  ),
  v.transform((value) => Object.assign(Object.create(null), value) as Record<string, CategoryDecision>),
  v.check(
    (value) => formerSlugs(value) <= MOST_FORMER_SLUGS,
    `has more than ${MOST_FORMER_SLUGS} former slugs in all: gateways read no longer file of redirects`,
  ),
);

function formerSlugs(categories: Readonly<Record<string, CategoryDecision>>): number {
  const counts = Object.values(categories).map((said) =>
    typeof said === 'string' ? 0 : (said.formerly?.length ?? 0),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

const MEMBERS = {
  name,
  tagline: line,
  language,
  url: v.exactOptional(url),
  articles: v.exactOptional(name, DEFAULT_FOLDER),
  theme: v.exactOptional(name),
  mirrors: v.exactOptional(v.array(mirror, 'is not a list')),
  categories: v.exactOptional(categories),
  trust: v.exactOptional(TRUST_SETTINGS),
  witnesses: v.exactOptional(WITNESS_SETTINGS),
  network: v.exactOptional(NETWORK_SETTINGS),
};

const SETTINGS: v.GenericSchema<unknown, Settings> = v.object(MEMBERS);

const MIRROR_MEMBERS = {
  mirror: v.literal(true, 'is not true'),
  witnesses: v.exactOptional(WITNESS_SETTINGS),
  network: v.exactOptional(NETWORK_SETTINGS),
};

const MIRROR_SETTINGS: v.GenericSchema<unknown, Settings> = v.pipe(
  v.object(MIRROR_MEMBERS),
  v.transform((said) => ({ ...said, name: '', tagline: '', language: 'en', articles: DEFAULT_FOLDER })),
);

/** @throws {OvnError} `not-found`, or `malformed` as {@link parseSettings} does. */
export function readSettings(file: string): Settings {
  try {
    return parseSettings(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new OvnError('not-found', `there is no ${file}`, { hint: 'ovn init makes one.' });
  }
}

/**
 * Reads the text of ovn.json.
 *
 * @throws {OvnError} `malformed`, naming every member that is wrong or not known.
 */
export function parseSettings(text: string): Settings {
  const value = parseJson(text);
  if (!isObject(value)) throw malformed(['it is not an object']);
  const isMirror = Object.hasOwn(value, 'mirror');
  const members = Object.keys(isMirror ? MIRROR_MEMBERS : MEMBERS);
  const unknown = Object.keys(value).filter((member) => !members.includes(member));
  const result = v.safeParse(isMirror ? MIRROR_SETTINGS : SETTINGS, value, { abortPipeEarly: true });
  const problems = [
    ...unknown.map((member) => describeUnknown(member, members)),
    ...(result.issues ?? []).map((issue) => describe(issue, value)),
  ];
  if (problems.length > 0 || !result.success) throw malformed(problems, members);
  return result.output;
}

/** The text of ovn.json, as `init` writes it. What is read back is equal. */
export function formatSettings(settings: Settings): string {
  const { mirror, witnesses, network } = settings;
  const named = { ...(witnesses && { witnesses }), ...(network && { network }) };
  const said = mirror ? { mirror, ...named } : settings;
  return `${JSON.stringify(said, undefined, 2)}\n`;
}

/** Hex sha256 of what the settings say of the paper, however they are laid out: who is asked for blocks changes no edition. */
export function digestSettings({
  name,
  tagline,
  language,
  url,
  articles,
  mirrors,
  categories,
  trust,
  witnesses,
}: Settings): string {
  const named = Object.entries(categories ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([slug, said]) =>
      typeof said === 'string'
        ? [slug, said]
        : [slug, said.name, said.topic ?? null, ...(said.formerly ?? [])],
    );
  const cosigning = [
    witnesses?.threshold ?? 0,
    ...(witnesses?.list ?? []).map(({ name, url, key }) => [name ?? null, url, key]),
  ];
  const trusted = trust === undefined ? [] : [Object.entries(trust).sort(([a], [b]) => (a < b ? -1 : 1))];
  const said = [name, tagline, language, url ?? null, articles, mirrors ?? [], named, cosigning, ...trusted];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

function parseJson(text: string): unknown {
  if (text.length > LIMIT) throw malformed(['it is larger than 1 MiB']);
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw malformed([`it is not JSON: ${(error as Error).message}`]);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(issue: v.BaseIssue<unknown>, value: Record<string, unknown>): string {
  const path = v.getDotPath(issue) ?? '';
  return Object.hasOwn(value, path.split('.')[0] ?? '')
    ? `"${path}" ${issue.message}`
    : `"${path}" is missing`;
}

function describeUnknown(member: string, members: readonly string[]): string {
  const meant = suggest(member, [...members]);
  return meant === undefined
    ? `"${member}" is not known`
    : `"${member}" is not known; did you mean "${meant}"?`;
}

function malformed(problems: readonly string[], members = Object.keys(MEMBERS)): OvnError {
  return new OvnError('malformed', `ovn.json: ${problems.join('; ')}`, {
    hint: `It may have ${members.join(', ')}.`,
  });
}
