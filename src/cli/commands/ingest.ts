import { Command, InvalidArgumentError, Option } from 'commander';
import { IMAGE_LIMIT } from '../../bundle/media/limits.ts';
import { EXIT } from '../../errors.ts';
import { CATEGORY_SOURCES, type CategorySource } from '../../ingest/choose-categories.ts';
import type { Collection } from '../../ingest/foreign-post.ts';
import { openPublicFetch } from '../../node/retrieve/public-fetch.ts';
import type { Repository } from '../../repo/repository.ts';
import { ForeignFolder } from '../../workflows/ingest/folder-files.ts';
import { ingest } from '../../workflows/ingest/ingest.ts';
import { readFeed } from '../../workflows/ingest/read-feed.ts';
import { readFolder } from '../../workflows/ingest/read-folder.ts';
import { readWordpress } from '../../workflows/ingest/read-wordpress.ts';
import { type IngestReport, isWhole } from '../../workflows/ingest/report.ts';
import { printIngest } from '../ingest-lines.ts';
import { collect, command, dryRunOption, type Start } from '../options.ts';
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
  fetchMedia?: boolean;
  force?: boolean;
  dryRun?: boolean;
}

/** How one kind of thing is read: the posts, and the folder that its images may lie in. */
type Read = (
  what: string,
  flags: IngestFlags,
  context: CommandContext,
  progress: Progress,
  repository: Repository,
) => Promise<{ collection: Collection; folder?: ForeignFolder }>;

const EXAMPLES: Readonly<Record<string, string>> = {
  wordpress: 'ovn ingest wordpress export.xml --fetch-media\n  ovn publish',
  feed: 'ovn ingest feed feed.xml --category Blog\n  ovn publish',
  folder: 'ovn ingest folder ../old-blog --dry-run\n  ovn ingest folder ../old-blog\n  ovn publish',
};

export function ingestCommand(start: Start): Command {
  const parent = new Command('ingest').summary(SUMMARIES.ingest).description(`${SUMMARIES.ingest}.`);
  const pages = new Option('--pages', 'also pages, as far as they have a date');
  const wordpress = kind(start, 'wordpress', 'An export of WordPress (WXR)', '<export.xml>', readExport);
  parent.addCommand(wordpress.addOption(pages));
  parent.addCommand(
    kind(start, 'feed', 'A feed in a file: RSS, Atom or JSON Feed', '<file>', readFeedEntries),
  );
  const folder = kind(
    start,
    'folder',
    'A folder of Hugo, Jekyll, Zola or Eleventy',
    '<dir>',
    readFolderPosts,
  );
  return parent.addCommand(folder.addOption(pages));
}

function kind(start: Start, name: string, summary: string, argument: string, read: Read): Command {
  return command(name, summary, EXAMPLES[name] ?? '')
    .argument(argument)
    .option('--into <folder>', 'a folder below the articles', '')
    .option(
      '--category <name>',
      'a category of what has none (default: News); may be given several times',
      collect,
    )
    .addOption(categoriesOption())
    .addOption(zoneOption())
    .option('--base <url>', 'where the site stood: what its links lead to', address)
    .option('--fetch-media', 'get images from the servers that the texts name')
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
    const { terminal } = context;
    const report = await takeIn(what, flags, context, repository, read);
    terminal.printJson(report);
    printIngest(terminal, report);
    return isWhole(report) ? EXIT.done : EXIT.incomplete;
  });
}

async function takeIn(
  what: string,
  flags: IngestFlags,
  context: CommandContext,
  repository: Repository,
  read: Read,
): Promise<IngestReport> {
  const { now, signal, terminal } = context;
  const { category, categoriesFrom, into, force = false, dryRun = false } = flags;
  const fetcher = flags.fetchMedia
    ? openPublicFetch({ accept: 'image/*', limit: IMAGE_LIMIT, signal })
    : undefined;
  try {
    await using progress = openProgress(terminal);
    const { collection, folder } = await read(what, flags, context, progress, repository);
    const onProgress = (done: number, total: number): void => progress.update('articles', done, total);
    const options = { into, categories: category ?? ['News'], categoriesFrom, force, dryRun };
    const effects = { repository, folder, fetch: fetcher?.get, now, signal, onProgress };
    return await ingest(collection, options, effects);
  } finally {
    fetcher?.close();
  }
}

async function readFolderPosts(
  what: string,
  { pages = false, zone, base }: IngestFlags,
  { now, signal }: CommandContext,
  progress: Progress,
): Promise<{ collection: Collection; folder: ForeignFolder }> {
  const folder = new ForeignFolder(what);
  const onProgress = (done: number, total: number): void => progress.update('texts', done, total);
  return { collection: await readFolder(folder, { pages, zone, base, now, signal, onProgress }), folder };
}

async function readExport(
  what: string,
  { pages = false, zone, base }: IngestFlags,
  { signal }: CommandContext,
  progress: Progress,
  { settings }: Repository,
): Promise<{ collection: Collection }> {
  const onProgress = (done: number, total: number): void => progress.update('bytes', done, total);
  const options = { pages, zone, base, language: settings.language };
  return { collection: await readWordpress(what, options, { signal, onProgress }) };
}

async function readFeedEntries(
  what: string,
  { zone, base }: IngestFlags,
  { signal }: CommandContext,
  progress: Progress,
  { settings }: Repository,
): Promise<{ collection: Collection }> {
  const onProgress = (done: number, total: number): void => progress.update('bytes', done, total);
  const options = { zone, base, language: settings.language };
  return { collection: await readFeed(what, options, { signal, onProgress }) };
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
