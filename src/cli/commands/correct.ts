import { type Command, Option } from 'commander';
import type { CorrectionKind } from '../../article/document.ts';
import { readClock } from '../../repo/read-clock.ts';
import { type CorrectReport, correct } from '../../workflows/correct.ts';
import { command, dryRunOption, type Start } from '../options.ts';
import { withPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';

interface CorrectFlags extends CommonOptions {
  text: string;
  date?: string;
  type?: CorrectionKind;
  withhold?: boolean;
  dryRun?: boolean;
}

const WHAT = 'id, slug, source file, CID or ipfs:// address';
const TYPES: readonly CorrectionKind[] = ['correction', 'clarification', 'update'];

export function correctCommand(start: Start): Command {
  const example =
    'ovn correct first-light --type correction --text "An earlier version said five."\n  ovn publish';
  return noteCommand('correct', SUMMARIES.correct, example)
    .addOption(new Option('--type <type>', TYPES.join(', ')).choices(TYPES).default('correction'))
    .action((what: string, flags: CorrectFlags) =>
      start(flags, (context) => correctAction(what, flags.type ?? 'correction', flags, context)),
    );
}

export function retractCommand(start: Start): Command {
  const example = 'ovn retract first-light --text "The interview never took place."\n  ovn publish';
  return noteCommand('retract', SUMMARIES.retract, example)
    .option('--withhold', 'leave the text out of the edition too; CID and reason stay in the record')
    .action((what: string, flags: CorrectFlags) =>
      start(flags, (context) => correctAction(what, 'retraction', flags, context)),
    );
}

function noteCommand(name: string, summary: string, example: string): Command {
  return command(name, summary, example)
    .argument('<article>', WHAT)
    .requiredOption('--text <text>', 'what readers are told')
    .option('--date <date>', 'when, as it is to be shown (default: now)')
    .addOption(dryRunOption());
}

async function correctAction(
  what: string,
  kind: CorrectionKind,
  { text, date, withhold = false, dryRun = false, ...flags }: CorrectFlags,
  context: CommandContext,
): Promise<undefined> {
  await withPaper(flags, context, async ({ repository, node, lock, now, terminal }) => {
    const options = { what, kind, text, date, withhold, dryRun };
    const report = await correct(options, { repository, read: node.read, lock, now, clock: readClock() });
    terminal.printJson(report);
    tell(terminal, report);
  });
}

function tell(terminal: Terminal, { source, added, restored, held, written }: CorrectReport): void {
  terminal.print(`${source}${written ? '' : ' (not written: --dry-run)'}`);
  for (const line of added.trimEnd().split(/\r\n|\r|\n/)) terminal.print(`+ ${line}`);
  if (restored !== null) {
    terminal.note(
      `the file was gone: it ${written ? 'was' : 'would be'} made again from the published bundle`,
    );
    for (const { path, status } of restored.media) terminal.note(`${path}: ${status}`);
  }
  if (held !== null) {
    const until = held.until === null ? '' : `, until ${held.until}`;
    terminal.error(
      `ovn: the source is held back (${held.reason}${until}), and readers are not told before that`,
      'Take that line out of it, and ovn publish makes the revision now.',
    );
  } else if (written) terminal.note('ovn publish makes the revision.');
}
