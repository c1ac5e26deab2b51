import type { Command } from 'commander';
import { type RestoreReport, restore } from '../../workflows/restore.ts';
import { command, dryRunOption, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { plural, programName } from '../wording.ts';

interface RestoreFlags extends CommonOptions {
  dryRun?: boolean;
}

export function restoreCommand(start: Start): Command {
  return command('restore', SUMMARIES.restore, 'ovn restore /mnt/usb/paper-2025-07-07.ovn paper')
    .argument('<file>', 'a file that ovn backup wrote')
    .argument('[dir]', 'where (default: --repo, or here)')
    .addOption(dryRunOption())
    .action((file: string, dir: string | undefined, flags: RestoreFlags) =>
      start(flags, (context) => restoreAction(file, dir ?? flags.repo ?? '.', flags, context)),
    );
}

async function restoreAction(
  file: string,
  dir: string,
  { dryRun = false }: RestoreFlags,
  { terminal, now, signal }: CommandContext,
): Promise<undefined> {
  await using progress = openProgress(terminal);
  const report = await restore({ file, dir, dryRun }, { now, signal, onProgress: progress.update });
  terminal.printJson(report);
  print(terminal, report, dryRun);
}

function print(terminal: Terminal, report: RestoreReport, dryRun: boolean): void {
  const { dir, sequence, made, keys, settings } = report;
  const at = sequence === null ? 'nothing published' : `edition ${sequence}`;
  terminal.print(`${dryRun ? 'Would restore' : 'Restored'} ${dir}: ${at}, ${plural(keys, 'key')}`);
  terminal.print(`Publication: ${report.publication ?? 'none, a mirror'}`);
  terminal.print(`Backup made: ${made}`);
  if (settings === 'kept-different')
    terminal.error('ovn: the ovn.json that is here is not the one of the backup; it was left as it is');
  if (keys === 0) terminal.note('No keys were in it: ovn key import takes them in.');
  if (dryRun) return;
  const ovn = programName();
  terminal.note(
    '',
    `What was published after ${made} is not in it. If there was anything: before you publish, run`,
    `  ${ovn} log recover <a newer edition as a CAR file or folder, from a mirror>`,
    'or readers see two histories of one paper, and refuse both. Then',
    `  ${ovn} check`,
  );
}
