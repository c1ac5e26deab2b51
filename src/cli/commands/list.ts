import type { Command } from 'commander';
import { OvnError } from '../../errors.ts';
import { command, type Start } from '../options.ts';
import { withStoredPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';

interface ListFlags extends CommonOptions {
  category?: string;
  limit?: string;
}

export function listCommand(start: Start): Command {
  return command('list', SUMMARIES.list, 'ovn list --category science --limit 10')
    .option('--category <slug>', 'only this category')
    .option('--limit <n>', 'no more than so many')
    .action((flags: ListFlags) => start(flags, (context) => listAction(flags, context)));
}

export function categoriesCommand(start: Start): Command {
  return command('categories', SUMMARIES.categories, 'ovn categories --json').action((flags: CommonOptions) =>
    start(flags, (context) => categoriesAction(flags, context)),
  );
}

async function listAction(flags: ListFlags, context: CommandContext): Promise<undefined> {
  const { terminal } = context;
  const limit = parseLimit(flags.limit);
  await withStoredPaper(flags, async (repository) => {
    const { category } = flags;
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
      articles.map(({ id, headline, datePublished, categories, revision, cid }) => ({
        id,
        headline,
        datePublished,
        categories: categories.map(({ slug }) => slug),
        revision,
        cid,
      })),
    );
    for (const { id, headline, cid } of articles) {
      terminal.print(`${cid}  ${id}  ${terminal.style('bold', headline)}`);
    }
    if (articles.length === 0) terminal.note('nothing is published yet');
  });
}

async function categoriesAction(flags: CommonOptions, { terminal }: CommandContext): Promise<undefined> {
  await withStoredPaper(flags, async (repository) => {
    const categories = repository.categories();
    terminal.printJson(categories);
    for (const [slug, { name, cid, count }] of Object.entries(categories)) {
      terminal.print(`${cid}  ${slug}  ${terminal.style('bold', name)} (${count})`);
    }
  });
}

function parseLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new OvnError('usage', `--limit takes a whole number from 1, not "${text}"`);
  return Number(text);
}
