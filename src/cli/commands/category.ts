import { Command } from 'commander';
import { readClock } from '../../repo/read-clock.ts';
import { type ListedCategory, listCategories } from '../../workflows/newsroom/list-categories.ts';
import { moveArticles } from '../../workflows/newsroom/move-articles.ts';
import { renameCategory } from '../../workflows/newsroom/rename-category.ts';
import { moveLines, renameLines } from '../newsroom-lines.ts';
import { command, dryRunOption, type Start } from '../options.ts';
import { lockOf, withPaper, withStoredPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import { plural } from '../wording.ts';

interface RenameFlags extends CommonOptions {
  slug?: string;
  dryRun?: boolean;
}

interface MoveFlags extends CommonOptions {
  from?: string;
  to?: string;
  dryRun?: boolean;
}

const A_CATEGORY = 'a slug or a name';

export function categoryCommand(start: Start): Command {
  const category = new Command('category').summary(SUMMARIES.category).description(`${SUMMARIES.category}.`);
  category.addCommand(
    command('ls', 'List the categories, and who names each', 'ovn category ls').action(
      (flags: CommonOptions) => start(flags, (context) => listAction(flags, context)),
    ),
  );
  category.addCommand(
    command(
      'rename',
      'Give a category another name; its address stays',
      'ovn category rename science "Science & Research" --dry-run',
    )
      .argument('<category>', A_CATEGORY)
      .argument('<name>', 'its new name')
      .option('--slug <slug>', 'another address as well: every article in it gets a revision')
      .addOption(dryRunOption())
      .action((what: string, name: string, flags: RenameFlags) =>
        start(flags, (context) => renameAction(what, name, flags, context)),
      ),
  );
  category.addCommand(
    command(
      'move',
      'Move articles between categories, in their sources',
      'ovn category move first-light --from science --to "Space" --dry-run',
    )
      .argument('[articles...]', 'id, slug, source file or CID (default: all that are in --from)')
      .option('--from <category>', `out of this one: ${A_CATEGORY}`)
      .option('--to <category>', `into this one: ${A_CATEGORY}, also a new one`)
      .addOption(dryRunOption())
      .action((articles: string[], flags: MoveFlags) =>
        start(flags, (context) => moveAction(articles, flags, context)),
      ),
  );
  return category;
}

async function listAction(flags: CommonOptions, { terminal }: CommandContext): Promise<undefined> {
  await withStoredPaper(flags, async (repository) => {
    const listed = listCategories(repository);
    terminal.printJson(listed);
    for (const each of listed) terminal.print(describe(each, (text) => terminal.style('bold', text)));
    if (listed.length === 0) terminal.note('there is no category yet');
  });
}

function describe(
  { slug, name, count, sources, topic, formerly, namedBy }: ListedCategory,
  bold: (text: string) => string,
): string {
  const { pins, keys, remotes } = namedBy;
  const notes = [
    `${plural(count, 'article')}, ${plural(sources, 'source')}`,
    topic,
    formerly.length === 0 ? null : `formerly ${formerly.join(', ')}`,
    pins.length === 0 ? null : plural(pins.length, 'pin'),
    keys.length === 0 ? null : `${plural(keys.length, 'desk key')} limited to it`,
    remotes.length === 0 ? null : plural(remotes.length, 'remote'),
  ];
  return `${slug}  ${bold(name)}  (${notes.filter((note) => note !== null).join('; ')})`;
}

async function renameAction(
  what: string,
  name: string,
  { slug, dryRun = false, ...flags }: RenameFlags,
  context: CommandContext,
): Promise<undefined> {
  const { terminal, now } = context;
  await withStoredPaper(flags, async (repository) => {
    const effects = { repository, lock: lockOf(repository, context), now, clock: readClock() };
    const report = await renameCategory({ what, name, slug, dryRun }, effects);
    terminal.printJson(report);
    terminal.print(...renameLines(report));
    if (report.written)
      terminal.note('ovn publish publishes it; ovn publish --dry-run says what that changes.');
  });
}

async function moveAction(
  articles: string[],
  { from, to, dryRun = false, ...flags }: MoveFlags,
  context: CommandContext,
): Promise<undefined> {
  const { terminal } = context;
  await withPaper(flags, context, async ({ repository, node, lock, now }) => {
    const effects = { repository, read: node.read, lock, now, clock: readClock() };
    const report = await moveArticles({ articles, from, to, dryRun }, effects);
    terminal.printJson(report);
    terminal.print(...moveLines(report));
    if (report.written && report.sources.length > 0)
      terminal.note('ovn publish makes the revisions; ovn publish --dry-run says what that changes.');
  });
}
