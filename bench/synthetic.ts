import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { body, headline, sentence } from './prose.ts';
import { between, pick, type Random, seeded } from './random.ts';

const CATEGORIES = [
  'World',
  'Politics',
  'Economy',
  'Science',
  'Technology',
  'Environment',
  'Culture',
  'Sports',
  'Health',
  'Education',
  'Opinion',
  'Defence & Security',
] as const;
const AUTHORS = [
  'Mara Lindqvist',
  'Tomas Oyelaran',
  'Iris Vandermeer',
  'Kaveh Sandoval',
  'June Abernathy',
] as const;
const FIRST_DAY = Date.UTC(2023, 0, 2);
const DAYS = 1000;
const DAY = 86_400_000;

/** One source file: its name and its text. */
export interface Source {
  name: string;
  text: string;
}

/** What is given of an article, where it is not left to chance. */
interface Given {
  /** YYYY-MM-DD */
  day?: string;
  categories?: readonly string[];
}

/** Article number `index` of the synthetic archive: the same bytes whatever else is made. Front matter that Hugo and `ovn` read. */
export function syntheticArticle(index: number, { day: givenDay, categories }: Given = {}): Source {
  const random = seeded(Math.imul(index + 1, 0x9e3779b1));
  const first = FIRST_DAY + between(random, 0, DAYS - 1) * DAY;
  const minutes = between(random, 5 * 60, 22 * 60);
  const date = new Date((givenDay === undefined ? first : Date.parse(givenDay)) + minutes * 60_000);
  const day = date.toISOString().slice(0, 10);
  const title = headline(random);
  const slug = `${slugOf(title)}-${index}`;
  const matter = frontMatter(random, {
    title,
    slug,
    date,
    ...(categories === undefined ? {} : { categories }),
  });
  return { name: `${day}-${slug}.md`, text: `${matter}\n${body(random)}` };
}

/** Writes articles `from` to `from + count - 1` into `folder` and gives their paths. */
export async function writeSynthetic(folder: string, count: number, from = 0): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (let index = from; index < from + count; index++) {
    const { name, text } = syntheticArticle(index);
    await writeFile(join(folder, name), text);
    paths.push(join(folder, name));
  }
  return paths;
}

interface Matter {
  title: string;
  slug: string;
  date: Date;
  categories?: readonly string[];
}

function frontMatter(random: Random, { title, slug, date, ...given }: Matter): string {
  const time = date.toISOString();
  const first = pick(random, CATEGORIES);
  const second = pick(random, CATEGORIES);
  const chosen = second === first || random() < 0.5 ? [first] : [first, second];
  const categories = given.categories ?? chosen;
  return [
    '---',
    `title: ${JSON.stringify(title)}`,
    `date: ${random() < 0.5 ? time.slice(0, 10) : `${time.slice(0, 19)}Z`}`,
    `slug: ${slug}`,
    `categories: ${JSON.stringify(categories)}`,
    `summary: ${JSON.stringify(sentence(random).replaceAll(/[*[\]]|\(https.*?\)/g, ''))}`,
    `author: ${pick(random, AUTHORS)}`,
    '---',
    '',
  ].join('\n');
}

function slugOf(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
