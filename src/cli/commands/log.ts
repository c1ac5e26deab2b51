import { Command } from 'commander';
import { type LogReport, logKeys, type ShownEntry, showLog } from '../../workflows/logs/show-log.ts';
import { command, type Start } from '../options.ts';
import { withPaper, withStoredPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { parseWhole } from '../whole-number.ts';
import { plural } from '../wording.ts';
import { logCheckCommand } from './log-check.ts';
import { logCompareCommand } from './log-compare.ts';
import { logEvidenceCommand } from './log-evidence.ts';
import { logProofCommand } from './log-proof.ts';
import { logRecoverCommand } from './log-recover.ts';
import { logWitnessesCommand } from './log-witnesses.ts';

interface ShowFlags extends CommonOptions {
  from?: string;
  limit?: string;
}

/** Entries that are shown unless more are asked for. */
const USUAL_LIMIT = 50;

/** A subcommand is a function of a file of its own, and one line here. */
export function logCommand(start: Start): Command {
  const log = new Command('log')
    .summary(SUMMARIES.log)
    .description('The transparency log: what was ever published, in its order, and proof of it.');
  const subcommands = [
    showCommand(start),
    keyCommand(start),
    logProofCommand(start),
    logCheckCommand(start),
    logCompareCommand(start),
    logEvidenceCommand(start),
    logRecoverCommand(start),
    logWitnessesCommand(start),
  ];
  for (const each of subcommands) log.addCommand(each);
  return log;
}

function showCommand(start: Start): Command {
  return command('show', 'List entries of the log', 'ovn log show --from 0 --limit 100')
    .option('--from <n>', 'the first entry (default: the newest are shown)')
    .option('--limit <n>', `no more than so many (default: ${USUAL_LIMIT})`)
    .action((flags: ShowFlags) => start(flags, (context) => showAction(flags, context)));
}

function keyCommand(start: Start): Command {
  return command('key', 'Print the verifier keys of the log', 'ovn log key').action((flags: CommonOptions) =>
    start(flags, (context) => keyAction(flags, context)),
  );
}

async function showAction(flags: ShowFlags, context: CommandContext): Promise<undefined> {
  const from = parseWhole(flags.from, '--from', 0);
  const limit = parseWhole(flags.limit, '--limit', 1) ?? USUAL_LIMIT;
  await withPaper(flags, context, async ({ repository, node, now, signal, terminal }) => {
    const report = await showLog({ from, limit }, { repository, read: node.read, now, signal });
    terminal.printJson(report);
    printLog(terminal, report);
  });
}

async function keyAction(flags: CommonOptions, { terminal }: CommandContext): Promise<undefined> {
  await withStoredPaper(flags, async (repository) => {
    const report = logKeys(repository);
    terminal.printJson(report);
    for (const key of report.keys) terminal.print(key);
  });
}

function printLog(terminal: Terminal, { origin, size, root, unpublished, entries }: LogReport): void {
  for (const entry of entries)
    terminal.print(`${entry.index}  ${entry.time ?? '-'}  ${describe(entry)}  ${entry.cid}`);
  const rest =
    unpublished === 0 ? '' : `; ${plural(unpublished, 'recorded event')} not yet in a published log`;
  terminal.print('', `${origin}: size ${size}, root ${root}${rest}`);
}

function describe(entry: ShownEntry): string {
  if (entry.kind === 'masthead') return `masthead ${entry.version}`;
  if (entry.kind === 'edition') return `edition ${entry.sequence}`;
  const { kind, article, revision, withheld = [] } = entry;
  const without = withheld.length === 0 ? '' : `, withholds ${withheld.join(', ')}`;
  return `${kind} ${article} (revision ${revision}${without})`;
}
