import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import { checkLog } from '../../workflows/logs/check-log.ts';
import { printCheck } from '../check-lines.ts';
import { command, type Start } from '../options.ts';
import { withPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { parseWhole } from '../whole-number.ts';

interface CheckFlags extends CommonOptions {
  from?: string;
}

export function logCheckCommand(start: Start): Command {
  return command(
    'check',
    'Replay the log, and compare it with the articles of the head edition',
    'ovn log check --from 0',
  )
    .option('--from <n>', 'the first entry to replay; 0: all (default: those since the last check)')
    .action((flags: CheckFlags) => start(flags, (context) => checkAction(flags, context)));
}

async function checkAction(flags: CheckFlags, context: CommandContext): Promise<number> {
  const from = parseWhole(flags.from, '--from', 0);
  return withPaper(flags, context, async ({ repository, node, now, signal, terminal }) => {
    const report = await checkLog(from, { repository, read: node.read, now, signal });
    const { ok, origin, size, checks } = report;
    terminal.printJson(report);
    for (const check of checks) printCheck(terminal, check);
    const verdict = ok ? terminal.style('green', 'holds') : terminal.style('red', 'refused');
    terminal.print('', `${origin}, ${size} entries, replayed from entry ${report.from}: ${verdict}`);
    return ok ? EXIT.done : EXIT.refused;
  });
}
