import type { Command } from 'commander';
import { type BackupReport, backUp } from '../../workflows/backup.ts';
import { command, dryRunOption, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { plural } from '../wording.ts';

interface BackupFlags extends CommonOptions {
  keys: boolean;
  force?: boolean;
  dryRun?: boolean;
}

export function backupCommand(start: Start): Command {
  return command('backup', SUMMARIES.backup, 'ovn backup /mnt/usb/paper-2025-07-07.ovn')
    .argument('<file>', 'the file to write')
    .option('--without-keys', 'leave the keyring out')
    .option('--force', 'take the place of a file that is there')
    .addOption(dryRunOption())
    .action((file: string, { withoutKeys, ...flags }: BackupFlags & { withoutKeys?: boolean }) =>
      start(flags, (context) => backupAction(file, { ...flags, keys: withoutKeys !== true }, context)),
    );
}

async function backupAction(file: string, flags: BackupFlags, context: CommandContext): Promise<undefined> {
  const { terminal, now, signal } = context;
  const { keys, force = false, dryRun = false } = flags;
  await withStoredRepository(flags, async (repository) => {
    await using progress = openProgress(terminal);
    const report = await backUp(
      { file, keys, force, dryRun },
      { repository, now, signal, onProgress: (done, total) => progress.update('pages', done, total) },
    );
    terminal.printJson(report);
    print(terminal, report, dryRun);
    terminal.note(
      `The sources in ${repository.settings.articles}/ are not in it: keep them in git, or copy them too.`,
    );
  });
}

function print(terminal: Terminal, report: BackupReport, dryRun: boolean): void {
  const { file, bytes, sequence, keys, encrypted } = report;
  const at = sequence === null ? 'nothing published yet' : `edition ${sequence}`;
  terminal.print(
    `${dryRun ? 'Would write' : 'Wrote'} ${file}: ${at}, ${plural(keys, 'key')}, ${bytes} bytes`,
  );
  terminal.print(`Publication: ${report.publication ?? 'none, a mirror'}`);
  if (encrypted === false) {
    terminal.error(
      'ovn: the keys in it have no passphrase: whoever gets hold of this file can publish in the name of the paper',
    );
  }
  if (keys === 0) terminal.note('No keys are in it: without them nobody can go on with the paper.');
}
