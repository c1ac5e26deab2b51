import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../../errors.ts';
import { CATEGORY_SOURCES, type CategorySource } from '../../ingest/choose-categories.ts';
import type { Collection } from '../../ingest/foreign-post.ts';
import { ForeignFolder } from '../../workflows/ingest/folder-files.ts';
import { ingest } from '../../workflows/ingest/ingest.ts';
import { readFolder } from '../../workflows/ingest/read-folder.ts';
import { isWhole } from '../../workflows/ingest/report.ts';
import { printIngest } from '../ingest-lines.ts';
import { command, dryRunOption, type Start } from '../options.ts';
import { openProgress, type Progress } from '../progress.ts';
import { withStoredPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';

interface IngestFlags extends CommonOptions {
  into: string;
  category?: string[];
  categoriesFrom: CategorySource[];
  pages?: boolean;
  zone: string;
  base?: string;
  force?: boolean;
  dryRun?: boolean;
}

/** How one kind of thing is read: the posts, and the folder that its images may lie in. */
type Read = (
  what: string,
  flags: IngestFlags,
  context: CommandContext,
  progress: Progress,
) => Promise<{ collection: Collection; folder?: ForeignFolder }>;

export function ingestCommand(start: Start): Command {
  const example = 'ovn ingest folder ../old-blog --dry-run\n  ovn ingest folder ../old-blog\n  ovn publish';
  return command('ingest', SUMMARIES.ingest, example).addCommand(
    kind(start, 'folder', 'A folder of Hugo, Jekyll, Zola or Eleventy', '<dir>', readFolderPosts),
  );
}

function kind(start: Start, name: string, summary: string, argument: string, read: Read): Command {
  return command(name, summary, `ovn ingest ${name} ${argument}`)
    .argument(argument)
    .option('--into <folder>', 'a folder below the articles', '')
    .option(
      '--category <name>',
      'a category of what has none (default: News); may be given several times',
      collect,
    )
    .addOption(categoriesOption())
    .option('--pages', 'also pages, as far as they have a date')
    .addOption(zoneOption())
    .option('--base <url>', 'where the site stood: what its links lead to', address)
    .option('--force', 'write over sources that say something else')
    .addOption(dryRunOption())
    .action((what: string, flags: IngestFlags) =>
      start(flags, (context) => ingestAction(what, flags, context, read)),
    );
}

async function ingestAction(
  what: string,
  flags: IngestFlags,
  context: CommandContext,
  read: Read,
): Promise<number> {
  return withStoredPaper(flags, async (repository) => {
    const { terminal, now, signal } = context;
    const { category, categoriesFrom, into, force = false, dryRun = false } = flags;
    const report = await (async () => {
      await using progress = openProgress(terminal);
      const { collection, folder } = await read(what, flags, context, progress);
      const onProgress = (done: number, total: number): void => progress.update('articles', done, total);
      const options = { into, categories: category ?? ['News'], categoriesFrom, force, dryRun };
      return await ingest(collection, options, {
        repository,
        folder,
        fetch: undefined,
        now,
        signal,
        onProgress,
      });
    })();
    terminal.printJson(report);
    printIngest(terminal, report);
    return isWhole(report) ? EXIT.done : EXIT.incomplete;
  });
}

async function readFolderPosts(
  what: string,
  { pages = false, zone, base }: IngestFlags,
  { signal }: CommandContext,
  progress: Progress,
): Promise<{ collection: Collection; folder: ForeignFolder }> {
  const folder = new ForeignFolder(what);
  const onProgress = (done: number, total: number): void => progress.update('texts', done, total);
  return { collection: await readFolder(folder, { pages, zone, base, signal, onProgress }), folder };
}

function categoriesOption(): Option {
  const says = `where categories come from, the first that says anything: ${CATEGORY_SOURCES.join(', ')}`;
  return new Option('--categories-from <list>', says)
    .default([...CATEGORY_SOURCES], CATEGORY_SOURCES.join(','))
    .argParser((text: string) =>
      text.split(',').map((word) => {
        const source = CATEGORY_SOURCES.find((name) => name === word.trim());
        if (source === undefined)
          throw new InvalidArgumentError(`It is a list of ${CATEGORY_SOURCES.join(', ')}.`);
        return source;
      }),
    );
}

function zoneOption(): Option {
  return new Option('--zone <zone>', 'of times that name none: Z or such as +02:00')
    .default('Z')
    .argParser((text: string) => {
      if (/^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/.test(text) && text !== '-00:00') return text;
      throw new InvalidArgumentError('It is Z, or such as +02:00.');
    });
}

function address(text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href;
  throw new InvalidArgumentError('It is an http(s) address.');
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}
