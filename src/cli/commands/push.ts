import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import { type PushReport, push } from '../../workflows/homes/push.ts';
import { printHomes } from '../home-lines.ts';
import { categoryOption, type HomeFlags, homeOptions, openHomes } from '../homes.ts';
import { command, dryRunOption, passphraseOption, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { type RepositoryContext, withRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { programName } from '../wording.ts';

interface PushFlags extends CommonOptions, HomeFlags {
  category?: string[];
  pinned?: boolean;
  prune?: boolean;
  dryRun?: boolean;
}

export function pushCommand(start: Start): Command {
  const push = command('push', SUMMARIES.push, 'ovn push')
    .argument('[remotes...]', 'their names (default: all of them)')
    .addOption(categoryOption('this category, in place of what each remote was added for'))
    .option('--pinned', 'what is pinned here, in place of the edition or beside the categories')
    .option('--prune', 'release also what is there of ours and is not to be there any more')
    .addOption(dryRunOption())
    .addOption(passphraseOption());
  for (const option of homeOptions()) push.addOption(option);
  return push.action((names: string[], flags: PushFlags) =>
    start(flags, (context) => pushAction(names, flags, context)),
  );
}

async function pushAction(names: string[], flags: PushFlags, context: CommandContext): Promise<number> {
  const report = await withRepository(flags, context, (open) => pushAll(names, flags, open));
  context.terminal.printJson(report);
  printPush(context.terminal, report, flags.dryRun ?? false);
  return report.done || flags.dryRun ? EXIT.done : EXIT.incomplete;
}

/** Pushes from an open repository. */
export async function pushAll(
  names: readonly string[],
  flags: PushFlags,
  open: RepositoryContext,
): Promise<PushReport> {
  await using progress = openProgress(open.terminal);
  await using effects = await openHomes(flags, open, { progress });
  const { category: categories, pinned, prune, dryRun = false } = flags;
  return await push({ homes: names, categories, pinned, prune, dryRun }, effects);
}

/** What became of it, and what is to be done. */
export function printPush(terminal: Terminal, report: PushReport, dryRun: boolean): void {
  printHomes(terminal, report.homes);
  if (!report.done && !dryRun)
    terminal.error(`ovn: not held everywhere yet: ${programName()} push goes on with what is not done`);
}
