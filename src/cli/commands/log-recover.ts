import type { Command } from 'commander';
import { replaceLostDatabase } from '../../repo/create-repository.ts';
import { listKeys } from '../../repo/keyring.ts';
import { type RecoverReport, recover } from '../../workflows/recover.ts';
import { command, dryRunOption, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { locateRepository, withRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import type { Terminal } from '../terminal.ts';
import { plural, programName } from '../wording.ts';

interface RecoverFlags extends CommonOptions {
  publication?: string;
  dryRun?: boolean;
}

/** `ovn log recover`. */
export function logRecoverCommand(start: Start): Command {
  return command(
    'recover',
    'Take in what a newer edition of this publication tells: after a restored backup, or when the database was lost',
    'ovn log recover newest-edition.car',
  )
    .argument('<edition>', 'a CAR file or folder, or the CID of an edition that is held here')
    .option('--publication <id>', 'the publication that it must be of')
    .addOption(dryRunOption())
    .action((what: string, flags: RecoverFlags) =>
      start(flags, (context) => recoverAction(what, flags, context)),
    );
}

async function recoverAction(what: string, flags: RecoverFlags, context: CommandContext): Promise<undefined> {
  const dryRun = flags.dryRun ?? false;
  const takeAway = replaceLostDatabase(locateRepository(flags));
  let kept = false;
  try {
    await withRepository(flags, context, async ({ repository, node, lock, now, signal, terminal }) => {
      await using progress = openProgress(terminal);
      const report = await recover(
        { what, publication: flags.publication, dryRun },
        { repository, node, lock, now, signal, onProgress: progress.update },
      );
      kept = !dryRun;
      terminal.printJson(report);
      print(terminal, report, dryRun);
      if (listKeys(repository.keysDir).length === 0)
        terminal.note('No keys are here: ovn key import takes them in.');
    });
  } finally {
    if (!kept) takeAway?.();
  }
}

function print(terminal: Terminal, report: RecoverReport, dryRun: boolean): void {
  const { status, from, sequence, entries, articles, sources } = report;
  if (status === 'confirmed') {
    terminal.print(`Nothing is missing: edition ${sequence} is here already.`);
    return;
  }
  const editions = from + 1 === sequence ? `edition ${sequence}` : `editions ${from + 1} to ${sequence}`;
  const verb = dryRun ? 'Would recover' : 'Recovered';
  terminal.print(`${verb} ${editions}: ${entries} log entries, ${plural(articles, 'article')}`);
  terminal.print(`Publication: ${report.publication}`);
  terminal.print(`Edition:     ${report.edition}`);
  if (sources < articles) {
    terminal.note(
      `${plural(articles - sources, 'article')} of these have no source here that says what is published: what has one that says something else is a new revision at the next publish.`,
    );
  }
  terminal.note(`Next: ${programName()} check`);
}
