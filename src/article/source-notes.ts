import type { Retraction } from './article.ts';
import { instantOf } from './calendar.ts';
import type { Citation, Correction, CorrectionKind } from './document.ts';
import type { FrontMatter, Located } from './front-matter.ts';
import { externalUrl } from './references.ts';
import type { YamlFields, YamlNode } from './yaml.ts';

/** Characters of a correction's text, at most. */
export const CORRECTION_LIMIT = 10_000;

const LIMITS = { text: CORRECTION_LIMIT, name: 1000, url: 2000 } as const;
const CORRECTION_FORM = 'a mapping with "date", "type" and "text"';
const KINDS: readonly CorrectionKind[] = ['correction', 'clarification', 'update', 'retraction'];
const CITATION_FORM = 'a text, an address, or a mapping with "name" and "url"';

/** The front matter's `corrections`, in their order. */
export function readCorrections(matter: FrontMatter): Correction[] {
  return matter.nodes('corrections').flatMap((node) => {
    if (node.kind !== 'map') {
      matter.error(node.line, `corrections: expected ${CORRECTION_FORM}`);
      return [];
    }
    return readCorrection(matter, node.fields, node.line) ?? [];
  });
}

/** What a `retraction` among the corrections asks for; of several, whether any of them withholds. */
export function readRetraction(
  matter: FrontMatter,
  corrections: readonly Correction[],
): Retraction | undefined {
  if (!corrections.some(({ kind }) => kind === 'retraction')) return undefined;
  const withhold = matter
    .nodes('corrections')
    .map((node) => (node.kind === 'map' ? readWithhold(matter, node.fields) : false));
  return { withhold: withhold.includes(true) };
}

/** The front matter's `sources`: what the article rests on. */
export function readCitations(matter: FrontMatter): Citation[] {
  return matter.nodes('sources').flatMap((node) => readCitation(matter, node) ?? []);
}

/** The later of `updated` and the newest correction; undefined when there is neither. */
export function lastChange(
  updated: string | undefined,
  corrections: readonly Correction[],
): string | undefined {
  let latest = updated;
  for (const { datePublished } of corrections) {
    if (latest === undefined || instantOf(datePublished) > instantOf(latest)) latest = datePublished;
  }
  return latest;
}

function readCorrection(matter: FrontMatter, fields: YamlFields, line: number): Correction | undefined {
  const date = member(matter, fields, ['date'], 'corrections', 60);
  const text = member(matter, fields, ['text'], 'corrections', LIMITS.text);
  const type = member(matter, fields, ['type', 'kind'], 'corrections', 60);
  warnOfOthers(matter, fields, ['date', 'text', 'type', 'kind', 'withhold'], 'corrections');
  if (date === undefined) matter.error(line, 'corrections: expected a "date"');
  if (text === undefined) matter.error(line, 'corrections: expected a "text"');
  const kind = kindOf(matter, type);
  const withhold = fields.get('withhold');
  if (withhold !== undefined && kind !== 'retraction')
    matter.error(withhold.line, 'corrections: withhold: expected only with "type: retraction"');
  const datePublished =
    date === undefined ? undefined : matter.dateOf('corrections: date', date.value, date.line);
  if (text === undefined || datePublished === undefined || kind === undefined) return undefined;
  return { '@type': 'CorrectionComment', kind, datePublished, text: text.value };
}

function kindOf(matter: FrontMatter, type: Located | undefined): CorrectionKind | undefined {
  const written = type?.value.toLowerCase() ?? 'correction';
  const kind = KINDS.find((known) => known === written);
  if (kind !== undefined) return kind;
  matter.error(
    type?.line ?? 1,
    `corrections: type: expected correction, clarification, update or retraction, found "${written}"`,
  );
  return undefined;
}

function readWithhold(matter: FrontMatter, fields: YamlFields): boolean {
  const written = member(matter, fields, ['withhold'], 'corrections', 20);
  const word = written?.value.toLowerCase();
  if (written !== undefined && word !== 'true' && word !== 'false')
    matter.error(written.line, `corrections: withhold: expected true or false, found "${written.value}"`);
  return word === 'true';
}

function readCitation(matter: FrontMatter, node: YamlNode): Citation | undefined {
  if (node.kind === 'map') return readCitationFields(matter, node.fields, node.line);
  const name = matter.textOf('sources', node, LIMITS.url);
  if (name === undefined) return undefined;
  return { '@type': 'CreativeWork', name, ...(externalUrl(name) === undefined ? {} : { url: name }) };
}

function readCitationFields(matter: FrontMatter, fields: YamlFields, line: number): Citation | undefined {
  const name = member(matter, fields, ['name', 'title', 'text'], 'sources', LIMITS.name);
  const url = member(matter, fields, ['url', 'link'], 'sources', LIMITS.url);
  warnOfOthers(matter, fields, ['name', 'title', 'text', 'url', 'link'], 'sources');
  if (url !== undefined && externalUrl(url.value) === undefined) {
    matter.error(
      url.line,
      `sources: url: expected an http(s), mailto, ipfs or ipns address, found "${url.value}"`,
    );
    return undefined;
  }
  const label = name ?? url;
  if (label === undefined)
    matter.error(line, `sources: expected ${CITATION_FORM} (put a text that holds ": " in quotes)`);
  else
    return { '@type': 'CreativeWork', name: label.value, ...(url === undefined ? {} : { url: url.value }) };
  return undefined;
}

/** The text of the first of the names that is there. */
function member(
  matter: FrontMatter,
  fields: YamlFields,
  names: string[],
  of: string,
  limit: number,
): Located | undefined {
  for (const name of names) {
    const field = fields.get(name);
    const value = field && matter.textOf(`${of}: ${name}`, field.node, limit, field.line);
    if (field !== undefined && value !== undefined) return { value, line: field.line };
  }
  return undefined;
}

function warnOfOthers(matter: FrontMatter, fields: YamlFields, known: string[], of: string): void {
  for (const [name, { line }] of fields) {
    if (!known.includes(name)) matter.warn(line, `${of}: unknown field "${name.slice(0, 60)}" is ignored`);
  }
}
