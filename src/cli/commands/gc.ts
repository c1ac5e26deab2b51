import type { Command } from 'commander';
import { collectGarbage } from '../../workflows/collect-garbage.ts';
import { command, dryRunOption, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { withRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import { plural } from '../wording.ts';

interface GcFlags extends CommonOptions {
  dryRun?: boolean;
}

export function gcCommand(start: Start): Command {
  return command('gc', SUMMARIES.gc, 'ovn gc --dry-run')
    .addOption(dryRunOption())
    .action((flags: GcFlags) => start(flags, (context) => gcAction(flags, context)));
}

async function gcAction(flags: GcFlags, context: CommandContext): Promise<undefined> {
  await withRepository(flags, context, async ({ repository, node, lock, terminal, signal }) => {
    await using progress = openProgress(terminal);
    const dryRun = flags.dryRun ?? false;
    const report = await collectGarbage({
      repository,
      read: node.read,
      lock,
      dryRun,
      signal,
      onProgress: (blocks) => progress.update('blocks kept', blocks, blocks),
    });
    terminal.printJson(report);
    terminal.print(
      `${dryRun ? 'Would free' : 'Freed'} ${plural(report.blocks, 'block')}, ${report.bytes} bytes; ${plural(report.kept.blocks, 'block')} stay.`,
    );
  });
}
