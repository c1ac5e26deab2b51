import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import { chooseFollowed } from '../../workflows/following/choose-followed.ts';
import { exitCodeOf } from '../../workflows/following/follow.ts';
import type { SyncReport } from '../../workflows/following/sync.ts';
import { maxGrowthOption, type SyncFlags, syncOne } from '../following.ts';
import { dnsMapOption, dnsOption } from '../naming.ts';
import { command, dryRunOption, networkOptions, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { type RepositoryContext, withRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import { printSync } from '../sync-lines.ts';

type Flags = CommonOptions & SyncFlags;

export function syncCommand(start: Start): Command {
  const sync = command('sync', SUMMARIES.sync, 'ovn sync')
    .argument('[publication...]', 'ids, names or addresses as they were followed (default: all)')
    .addOption(maxGrowthOption())
    .addOption(dryRunOption())
    .addOption(dnsOption())
    .addOption(dnsMapOption());
  for (const option of networkOptions()) sync.addOption(option);
  return sync.action((named: string[], flags: Flags) =>
    start(flags, (context) => syncAction(named, flags, context)),
  );
}

async function syncAction(named: string[], flags: Flags, context: CommandContext): Promise<number> {
  return withRepository(flags, context, async (open) => {
    const { terminal } = open;
    const chosen = chooseFollowed(named, open.repository.followed);
    const reports: SyncReport[] = [];
    for (const { publication } of chosen) {
      const report = await syncShown(publication, flags, open);
      printSync(terminal, report, flags.dryRun ?? false);
      reports.push(report);
    }
    terminal.printJson(reports);
    if (chosen.length === 0) terminal.note('nobody is followed');
    return Math.max(EXIT.done, ...reports.map(exitCodeOf));
  });
}

async function syncShown(publication: string, flags: Flags, open: RepositoryContext): Promise<SyncReport> {
  await using progress = openProgress(open.terminal);
  return await syncOne(publication, flags, open, progress);
}
