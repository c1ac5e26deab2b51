import { type Command, InvalidArgumentError, Option } from 'commander';
import { OvnError } from '../../errors.ts';
import type { FollowChoice, Followed } from '../../repo/followed.ts';
import { exitCodeOf, type FollowReport, follow } from '../../workflows/following/follow.ts';
import { maxGrowthOption, type SyncFlags, withSync } from '../following.ts';
import { dnsMapOption, dnsOption } from '../naming.ts';
import { command, dryRunOption, networkOptions, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { withRepository, withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { parseSize, tellSize } from '../size.ts';
import { SUMMARIES } from '../summaries.ts';
import { printSync, tellLeft } from '../sync-lines.ts';
import type { Terminal } from '../terminal.ts';

interface FollowFlags extends CommonOptions, SyncFlags {
  publication?: string;
  category?: string[];
  maxBytes?: number;
  since?: string;
  keep?: number;
}

export function followCommand(start: Start): Command {
  const add = command('follow', SUMMARIES.follow, 'ovn follow https://paper.example')
    .argument('[what]', 'IPNS name, id, address, URL or CID of an edition (default: list what is followed)')
    .option('--publication <id>', 'the publication that you expect it to be')
    .addOption(
      new Option('--category <slug>', 'keep this category, also several times (default: all)').argParser(
        (slug: string, before: string[] | undefined) => [...(before ?? []), slug],
      ),
    )
    .addOption(
      new Option('--max-bytes <size>', 'keep at most so much of it, the newest first').argParser(parseSize),
    )
    .addOption(new Option('--since <date>', 'keep nothing older, 2026-01-31').argParser(parseDay))
    .addOption(new Option('--keep <n>', 'keep so many editions (default: 1)').argParser(parseKeep))
    .addOption(maxGrowthOption())
    .addOption(dryRunOption())
    .addOption(dnsOption())
    .addOption(dnsMapOption());
  for (const option of networkOptions()) add.addOption(option);
  return add.action((what: string | undefined, flags: FollowFlags) =>
    start(flags, (context) =>
      what === undefined ? listAction(flags, context) : followAction(what, flags, context),
    ),
  );
}

async function followAction(what: string, flags: FollowFlags, context: CommandContext): Promise<number> {
  return withRepository(flags, context, async (open) => {
    await using progress = openProgress(open.terminal);
    const { gateway = [], peer = [], router = [], publication } = flags;
    const options = {
      target: what,
      publication,
      places: flags.offline ? [] : [...gateway, ...peer],
      routers: flags.offline ? [] : router,
      choice: choiceOf(flags),
    };
    const report = await withSync(flags, open, progress, (effects) => follow(options, effects));
    open.terminal.printJson(report);
    print(open.terminal, report, flags.dryRun ?? false);
    return exitCodeOf(report);
  });
}

/** @throws {OvnError} `usage` where something is chosen, and not of what. */
async function listAction(flags: FollowFlags, { terminal }: CommandContext): Promise<undefined> {
  const { publication, category, maxBytes, since, keep } = flags;
  if ([publication, category, maxBytes, since, keep].some((option) => option !== undefined)) {
    throw new OvnError('usage', 'it is not said what is to be followed', {
      hint: 'ovn follow <what> --category <slug>: name it again to choose anew. ovn follow alone lists what is followed.',
    });
  }
  await withStoredRepository(flags, async ({ followed }) => {
    const list = followed.list();
    terminal.printJson(list);
    for (const each of list) terminal.print(...describe(each));
    if (list.length === 0) terminal.note('nobody is followed');
  });
}

function choiceOf({ category, maxBytes, since, keep }: FollowFlags): FollowChoice {
  const categories = category === undefined ? null : [...new Set(category)].sort();
  return { categories, maxBytes: maxBytes ?? null, since: since ?? null, keep: keep ?? 1 };
}

function print(terminal: Terminal, report: FollowReport, dryRun: boolean): void {
  const { publication, name, licences, held, outcome } = report;
  if (name !== null) terminal.print(`${dryRun ? 'Would follow' : 'Follows'} ${name}`);
  terminal.print(`Its id:    ${publication}`);
  if (name !== null) terminal.print(`Licence:   ${licences.join(', ') || 'none stated'}`);
  if (held.bytes > 0) terminal.print(`Held:      ${tellSize(held.bytes)}${held.whole ? '' : ', in part'}`);
  printSync(terminal, report, dryRun);
  if (outcome === 'moved' && !dryRun)
    terminal.note('ovn sync looks for newer editions; ovn serve does by itself.');
}

function describe(followed: Followed): string[] {
  const { publication, target, sequence, synced, bytes, whole, left, problem } = followed;
  const edition =
    sequence === null
      ? 'nothing held yet'
      : `edition ${sequence}, ${tellSize(bytes)}${whole ? '' : ' in part'}`;
  const out = left === null || left.articles === 0 ? [] : [`  left out: ${tellLeft(left)}`];
  const confirmed = synced === null ? '' : `, last confirmed ${synced}`;
  const why = problem === null ? [] : [`  ${problem.at}: ${problem.message}`];
  return [`${publication}  ${edition}${confirmed}  (${target})`, ...out, ...why];
}

function parseDay(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text);
  if (isDay) return text;
  throw new InvalidArgumentError('It is a date such as 2026-01-31.');
}

function parseKeep(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1 to 9999.');
}
