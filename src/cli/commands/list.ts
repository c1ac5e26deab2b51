import { type Command, Option } from 'commander';
import { EXIT, OvnError } from '../../errors.ts';
import { readClock } from '../../repo/read-clock.ts';
import type { Repository } from '../../repo/repository.ts';
import {
  type ListEffects,
  type ListedArticle,
  listHeldArticles,
  listHeldCategories,
} from '../../workflows/holding/list-held.ts';
import type { PublishReport } from '../../workflows/publishing/report.ts';
import { pendingSources } from '../../workflows/status/pending.ts';
import { command, type Start } from '../options.ts';
import { withStoredPaper, withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { plural, tellHeld } from '../wording.ts';

interface ListFlags extends CommonOptions {
  category?: string;
  limit?: string;
  publication?: string;
  held?: boolean;
}

type CategoriesFlags = Pick<ListFlags, 'publication'> & CommonOptions;

export function listCommand(start: Start): Command {
  return command('list', SUMMARIES.list, 'ovn list --category science --limit 10')
    .option('--category <slug>', 'only this category')
    .option('--limit <n>', 'no more than so many')
    .option('--held', 'sources that are held back in place of what is published, and until when')
    .addOption(publicationOption())
    .action((flags: ListFlags) => start(flags, (context) => listAction(flags, context)));
}

export function categoriesCommand(start: Start): Command {
  return command('categories', SUMMARIES.categories, 'ovn categories --json')
    .addOption(publicationOption())
    .action((flags: CategoriesFlags) => start(flags, (context) => categoriesAction(flags, context)));
}

function publicationOption(): Option {
  return new Option(
    '--publication <id>',
    'what is held of one that is followed (default in a mirror: of all)',
  );
}

async function listAction(flags: ListFlags, context: CommandContext): Promise<number | undefined> {
  if (flags.held) return listHeldBack(flags, context);
  const { terminal } = context;
  const limit = parseLimit(flags.limit);
  await withStoredRepository(flags, async (repository) => {
    const { category } = flags;
    if (isFollowed(flags, repository)) {
      await listFollowed({ ...flags, limit }, repository, context);
      return;
    }
    if (category !== undefined && !Object.hasOwn(repository.categories(), category)) {
      throw new OvnError('not-found', `there is no category ${category}`, {
        hint: 'ovn categories shows them.',
      });
    }
    const articles = repository.articles.list({
      ...(category === undefined ? {} : { category }),
      ...(limit === undefined ? {} : { limit }),
    });
    terminal.printJson(
      articles.map(({ id, headline, datePublished, categories, status, revision, cid }) => ({
        id,
        headline,
        datePublished,
        categories: categories.map(({ slug }) => slug),
        status,
        revision,
        cid,
      })),
    );
    for (const article of articles) printArticle(article, terminal);
    if (articles.length === 0) terminal.note('nothing is published yet');
  });
  return undefined;
}

/** What the next publication would pass over, the first to be released first. */
async function listHeldBack(flags: ListFlags, { terminal, now, signal }: CommandContext): Promise<number> {
  if (flags.category !== undefined || flags.limit !== undefined || flags.publication !== undefined)
    throw new OvnError('usage', '--held lists all sources that are held back, and takes no other option');
  return withStoredPaper(flags, async (repository) => {
    const { held, findings } = await pendingSources(repository, { now, clock: readClock(), signal });
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new OvnError('source', 'sources have errors', { findings: errors });
    const listed = held.toSorted(byRelease);
    terminal.printJson(listed);
    for (const each of listed) terminal.print(tellHeld(each));
    if (listed.length === 0) terminal.note('nothing is held back');
    return EXIT.done;
  });
}

type HeldSource = PublishReport['held'][number];

/** Those that wait for a moment first. */
function byRelease(a: HeldSource, b: HeldSource): number {
  const [first, second] = [a.until ?? '~', b.until ?? '~'];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Whether what is held of others is meant. */
function isFollowed({ publication }: ListFlags, repository: Repository): boolean {
  return repository.isMirror || (publication !== undefined && publication !== repository.ownId);
}

function effectsOf(repository: Repository, { signal }: CommandContext): ListEffects {
  return { repository, read: async (cid) => repository.blockstore.getBytes(cid), signal };
}

async function listFollowed(
  { publication, category, limit }: Omit<ListFlags, 'limit'> & { limit: number | undefined },
  repository: Repository,
  context: CommandContext,
): Promise<void> {
  const { terminal } = context;
  const wanted = {
    ...(publication === undefined ? {} : { publication }),
    ...(category === undefined ? {} : { category }),
    ...(limit === undefined ? {} : { limit }),
  };
  const { articles, left } = await listHeldArticles(wanted, effectsOf(repository, context));
  terminal.printJson(articles);
  for (const article of articles) printArticle(article, terminal);
  if (articles.length === 0) terminal.note('no article is held');
  if (left > 0) terminal.note(`${plural(left, 'article')} more are not held here`);
}

function printArticle(
  { id, headline, status, cid }: Pick<ListedArticle, 'id' | 'headline' | 'status' | 'cid'>,
  terminal: Terminal,
): void {
  const mark = status === 'retracted' ? ` ${terminal.style('red', '(retracted)')}` : '';
  terminal.print(`${cid}  ${id}  ${terminal.style('bold', headline)}${mark}`);
}

async function categoriesAction(flags: CategoriesFlags, context: CommandContext): Promise<undefined> {
  const { terminal } = context;
  await withStoredRepository(flags, async (repository) => {
    if (isFollowed(flags, repository)) {
      const held = await listHeldCategories(flags.publication, effectsOf(repository, context));
      terminal.printJson(held);
      for (const [slug, { name, cid, count, held: how }] of Object.entries(held))
        terminal.print(`${cid}  ${slug}  ${terminal.style('bold', name)} (${count}, ${HELD[how]})`);
      return;
    }
    const categories = repository.categories();
    terminal.printJson(categories);
    for (const [slug, { name, cid, count }] of Object.entries(categories)) {
      terminal.print(`${cid}  ${slug}  ${terminal.style('bold', name)} (${count})`);
    }
  });
}

const HELD = { whole: 'held', part: 'held in part', none: 'not held' } as const;

function parseLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new OvnError('usage', `--limit takes a whole number from 1, not "${text}"`);
  return Number(text);
}
