import type { Command } from 'commander';
import { listHistory } from '../../workflows/history.ts';
import { command, type Start } from '../options.ts';
import { withPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';

export function historyCommand(start: Start): Command {
  return command('history', SUMMARIES.history, 'ovn history first-light')
    .argument('<article>', 'id, slug, source file, CID or ipfs:// address')
    .action((what: string, flags: CommonOptions) =>
      start(flags, (context) => historyAction(what, flags, context)),
    );
}

async function historyAction(
  what: string,
  flags: CommonOptions,
  context: CommandContext,
): Promise<undefined> {
  await withPaper(flags, context, async ({ repository, node, terminal }) => {
    const report = await listHistory(what, { repository, read: node.read });
    terminal.printJson(report);
    const status = report.status === 'retracted' ? ` ${terminal.style('red', '(retracted)')}` : '';
    terminal.print(`${report.id}  ${terminal.style('bold', report.headline)}${status}`);
    for (const { revision, cid, kind, time, sequence, entry, reasons, withheld } of report.revisions) {
      const mark = withheld ? `  ${terminal.style('red', 'withheld')}` : '';
      const place = `edition ${sequence}${entry === null ? '' : `, log entry ${entry}`}`;
      terminal.print(`${String(revision).padStart(3)}  ${cid}  ${time}  ${kind}  ${place}${mark}`);
      for (const { type, date, text } of reasons) terminal.print(`     ${type} of ${date}: ${text}`);
      if (kind === 'update' && reasons.length === 0 && !withheld) terminal.print('     no reason was given');
    }
  });
}
