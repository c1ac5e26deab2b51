import type { Article, ParsedSource, SourceInput } from './article.ts';
import { DATE_FORM, dayOf } from './calendar.ts';
import { messageText } from './characters.ts';
import { FrontMatter } from './front-matter.ts';
import { readImage } from './lead-image.ts';
import { PLACEHOLDER } from './placeholder.ts';
import { type HeldBack, heldBack, readRelease } from './release.ts';
import * as fields from './source-fields.ts';
import { lastChange, readCitations, readCorrections, readRetraction } from './source-notes.ts';
import { type SourceParts, splitSource } from './source-text.ts';
import { parseYaml } from './yaml.ts';

/**
 * Reads a source: front matter and Markdown body. All that is wrong with it is found at once; it never throws for what a
 * source says.
 */
export function parseSource(input: SourceInput): ParsedSource {
  const parts = splitSource(input.text);
  if (parts === undefined) return failed(input.file, [{ line: 1, message: missingFrontMatter(input.text) }]);
  const yaml = parseYaml(parts.yaml, 2);
  if (yaml.fields === undefined) return failed(input.file, yaml.problems);
  const matter = new FrontMatter(yaml.fields, input.file);
  for (const { line, message } of yaml.problems) matter.error(line, message);
  const release = readRelease(matter);
  const reading = readArticle(matter, parts, input, release.publishAt);
  return conclude(matter, reading, heldBack(matter, release, reading.date, input));
}

interface Reading {
  article?: Article;
  date?: string;
  isNamedByFile?: boolean;
  proposedSlug?: string;
}

/** What decides the article's id, and with the rest of the fields the article, if all of it is there. */
function readArticle(
  matter: FrontMatter,
  parts: SourceParts,
  input: SourceInput,
  publishAt: string | undefined,
): Reading {
  const headline = fields.readHeadline(matter);
  const date = fields.required(matter, 'date', DATE_FORM, matter.date('date'));
  const { slug, isNamedByFile, proposedSlug } = fields.readSlug(matter, input.file, headline);
  const rest = readRest(matter, parts, input, date);
  const reading: Reading = {
    ...(date && { date }),
    ...(isNamedByFile && { isNamedByFile }),
    ...(proposedSlug && { proposedSlug }),
  };
  if (headline === undefined || date === undefined || slug === undefined) return reading;
  const day = dayOf(date);
  const id = `${day.replaceAll('-', '/')}/${slug}`;
  return {
    ...reading,
    article: {
      ...{ id, slug, day, headline, datePublished: date, dateModified: date },
      ...rest,
      ...(publishAt && { publishAt }),
    },
  };
}

type Rest = Omit<Article, 'id' | 'slug' | 'day' | 'headline' | 'datePublished' | 'dateModified'> & {
  dateModified?: string;
};

function readRest(
  matter: FrontMatter,
  parts: SourceParts,
  input: SourceInput,
  date: string | undefined,
): Rest {
  const { body, bodyLine } = parts;
  const description = fields.readSummary(matter);
  const categories = fields.readCategories(matter, input.categoryNames);
  const inLanguage = fields.readLanguage(matter, input.language);
  const authors = fields.readAuthors(matter);
  const corrections = readCorrections(matter);
  const retraction = readRetraction(matter, corrections);
  const dateModified = lastChange(fields.readUpdated(matter, date), corrections);
  const citations = readCitations(matter);
  const license = fields.readLicense(matter);
  const image = readImage(matter);
  const written = body.trim();
  if (written === '') matter.warn(bodyLine, 'the article has no text');
  if (written === PLACEHOLDER)
    matter.warn(bodyLine, 'the text is the one of a new file: its article is still to be written');
  return {
    ...(description && { description }),
    ...{ categories, authors, inLanguage, body, bodyLine, corrections, citations },
    ...(dateModified && { dateModified }),
    ...(retraction && { retraction }),
    ...(license && { license }),
    ...(image && { image }),
  };
}

/** A held source never stops a publish: what is wrong with it is a warning until it is let go. */
function conclude(matter: FrontMatter, reading: Reading, held: HeldBack | undefined): ParsedSource {
  const { article, isNamedByFile, proposedSlug } = reading;
  const bad = matter.findings.some(({ severity }) => severity === 'error');
  const findings = matter.findings.toSorted((a, b) => a.line - b.line);
  return {
    ...(article !== undefined && !bad && { article }),
    ...(held !== undefined && { held }),
    findings:
      held === undefined ? findings : findings.map((finding) => ({ ...finding, severity: 'warning' })),
    ...(isNamedByFile && { isNamedByFile }),
    ...(proposedSlug && { proposedSlug }),
  };
}

function failed(file: string, problems: readonly { line: number; message: string }[]): ParsedSource {
  return {
    findings: problems.map(({ line, message }) => ({
      severity: 'error',
      file,
      line,
      message: messageText(message),
    })),
  };
}

function missingFrontMatter(text: string): string {
  if (text.startsWith('+++'))
    return 'expected YAML front matter between lines "---", found TOML between "+++"';
  if (text.startsWith('---')) return 'front matter: expected a line "---" that ends it';
  return 'expected front matter: a line "---", then title, date and categories, then a line "---"';
}
