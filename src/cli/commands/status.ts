import { randomInt } from 'node:crypto';
import type { Command } from 'commander';
import type { StatusReport } from '../../workflows/status/report.ts';
import { status } from '../../workflows/status.ts';
import { command, type Start } from '../options.ts';
import { withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { printStatus } from '../status-lines.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { programName } from '../wording.ts';

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
    const openMirror = flags.ask
      ? (await import('../../workflows/status/open-mirror.ts')).openMirror
      : undefined;
    const random = (below: number) => (below < 1 ? 0 : randomInt(below));
    const { report, exitCode } = await status({ repository, now, signal, openMirror, random });
    terminal.printJson(report);
    printStatus(terminal, report);
    if (report.onlyHere.length > 0) warn(terminal, report);
    return exitCode;
  });
}

function warn(terminal: Terminal, { onlyHere, held }: StatusReport): void {
  const ovn = programName();
  const isBehind = held.some(({ behind, elsewhere }) => behind && !elsewhere);
  terminal.error(
    `ovn: as far as is known, held nowhere but here: ${onlyHere.join(', ')}`,
    `${ovn} push gives it to a home; ${ovn} status --ask looks whether the mirrors of ovn.json have it.`,
    ...(isBehind ? [`${ovn} push --pinned gives also what has changed since it was pinned.`] : []),
  );
}
