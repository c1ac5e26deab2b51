import type { Command } from 'commander';
import { status } from '../../workflows/status.ts';
import { askingMirror } from '../asking.ts';
import { command, type Start } from '../options.ts';
import { withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { printStatus } from '../status-lines.ts';
import { SUMMARIES } from '../summaries.ts';
import { plural } from '../wording.ts';

interface StatusFlags extends CommonOptions {
  ask?: boolean;
}

export function statusCommand(start: Start): Command {
  return command('status', SUMMARIES.status, 'ovn status --ask')
    .option('--ask', 'ask the mirrors of ovn.json what they hold; without it nobody is contacted')
    .action((flags: StatusFlags) => start(flags, (context) => statusAction(flags, context)));
}

async function statusAction(flags: StatusFlags, context: CommandContext): Promise<number> {
  const { terminal, now, signal } = context;
  return await withStoredRepository(flags, async (repository) => {
    const ask = flags.ask ? await askingMirror() : undefined;
    const { report, exitCode } = await status({ repository, now, signal, homes: () => [], ask });
    terminal.printJson(report);
    printStatus(terminal, report);
    const { length } = report.onlyHere;
    if (length > 0) {
      terminal.error(
        `ovn: ${plural(length, 'root')} of what is published, as far as is known, held nowhere but here`,
      );
    }
    return exitCode;
  });
}
