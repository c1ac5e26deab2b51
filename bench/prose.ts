import { between, pick, type Random, several } from './random.ts';

const PLACES = [
  'Northport',
  'the valley',
  'Arlen',
  'the old harbour',
  'the border region',
  'Kesh',
  'the capital',
  'Lindmark',
] as const;
const PEOPLE = [
  'the council',
  'a spokeswoman',
  'the ministry',
  'researchers',
  'residents',
  'the operator',
  'two unions',
] as const;
const THINGS = [
  'the new measurements',
  'a second reading',
  'the budget',
  'the turbine hall',
  'an older survey',
  'the ferry line',
  'the archive',
  'a proposal for the bridge',
  'the water level',
  'the delivery dates',
  'the exhibition',
  'a joint exercise',
] as const;
const VERBS = [
  'confirmed',
  'questioned',
  'delayed',
  'described',
  'published',
  'compared',
  'postponed',
  'welcomed',
] as const;
const ADVERBS = [
  'on Tuesday',
  'last week',
  'after a long debate',
  'without a vote',
  'for the third time',
  'at short notice',
] as const;
const CLAUSES = [
  'although the figures for the winter are not yet complete',
  'because the costs had doubled since the spring',
  'which nobody in the committee had expected',
  'as the report of the auditors had suggested in March',
  'and a decision is now due before the end of the year',
  'while the neighbouring districts wait for their turn',
] as const;
const SUBJECTS = [
  'Harbour',
  'Glacier',
  'Library',
  'Radio',
  'Orchard',
  'Railway',
  'Comet',
  'Parliament',
  'Theatre',
  'Reservoir',
] as const;
const EVENTS = [
  'reopens after repairs',
  'faces a longer review',
  'sets a record',
  'is measured anew',
  'moves to a vote',
  'gains a partner',
] as const;

/** A headline of four to eight words, as plain text. */
export function headline(random: Random): string {
  const colon = random() < 0.15 ? 'Explained: ' : '';
  return `${colon}${pick(random, SUBJECTS)} of ${pick(random, PLACES)} ${pick(random, EVENTS)}`;
}

/** One sentence of 10 to 25 words with the occasional link, emphasis and quotation. */
export function sentence(random: Random): string {
  const core = `${pick(random, PEOPLE)} in ${pick(random, PLACES)} ${pick(random, VERBS)} ${decorated(random)} ${pick(random, ADVERBS)}`;
  const text = capital(random() < 0.6 ? `${core}, ${pick(random, CLAUSES)}` : core);
  return random() < 0.12 ? `“${text}”, ${pick(random, PEOPLE)} said.` : `${text}.`;
}

/** A whole article body in Markdown, about 500 words: paragraphs, headings, lists, tables, quotes and links. */
export function body(random: Random): string {
  const blocks = several(random, 4, 13, (index) => (index % 3 === 2 ? section(random) : paragraph(random)));
  if (random() < 0.5) blocks.splice(2, 0, list(random));
  if (random() < 0.35) blocks.splice(3, 0, table(random));
  if (random() < 0.6) blocks.push(`> ${sentence(random)}\n> ${sentence(random)}`);
  return `${blocks.join('\n\n')}\n`;
}

function paragraph(random: Random): string {
  return several(random, 2, 4, () => sentence(random)).join(' ');
}

function section(random: Random): string {
  return `## ${capital(pick(random, THINGS))}\n\n${paragraph(random)}`;
}

function list(random: Random): string {
  const ordered = random() < 0.3;
  const items = several(random, 3, 6, (index) => `${ordered ? `${index + 1}.` : '-'} ${sentence(random)}`);
  return items.join('\n');
}

function table(random: Random): string {
  const rows = several(random, 3, 7, () => {
    return `| ${pick(random, PLACES)} | ${between(random, 10, 9999)} | ${between(random, -20, 45)} % |`;
  });
  return ['| Place | Count | Change |', '|---|---:|---:|', ...rows].join('\n');
}

function decorated(random: Random): string {
  const thing = pick(random, THINGS);
  const chance = random();
  if (chance < 0.1) return `[${thing}](https://example.org/reports/${between(random, 1, 9999)})`;
  if (chance < 0.15) return `**${thing}**`;
  return chance < 0.2 ? `*${thing}*` : thing;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
