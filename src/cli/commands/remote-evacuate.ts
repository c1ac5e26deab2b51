import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import { evacuate } from '../../workflows/homes/evacuate.ts';
import { printEvacuation } from '../home-lines.ts';
import { type HomeFlags, homeOptions, openHomes } from '../homes.ts';
import { command, dryRunOption, passphraseOption, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { withRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { programName } from '../wording.ts';

interface RemoteFlags extends CommonOptions, HomeFlags {
  dryRun?: boolean;
}

export function remoteEvacuateCommand(start: Start): Command {
  const evacuate = command(
    'evacuate',
    'Move all that one remote holds of ours to another',
    'ovn remote evacuate pinata cluster',
  )
    .argument('<from>', 'whom it leaves')
    .argument('<to>', 'who is to have it')
    .addOption(dryRunOption())
    .addOption(passphraseOption());
  for (const option of homeOptions()) evacuate.addOption(option);
  return evacuate.action((from: string, to: string, flags: RemoteFlags) =>
    start(flags, (context) => evacuateAction({ from, to }, flags, context)),
  );
}

async function evacuateAction(
  names: { from: string; to: string },
  flags: RemoteFlags,
  context: CommandContext,
): Promise<number> {
  return withRepository(flags, context, async (open) => {
    await using progress = openProgress(open.terminal);
    await using effects = await openHomes(flags, open, { progress, any: true });
    const { dryRun = false } = flags;
    const report = await evacuate(names, { dryRun }, effects);
    context.terminal.printJson(report);
    printEvacuation(context.terminal, report);
    if (dryRun) return EXIT.done;
    const ovn = programName();
    const what = report.done
      ? `Nothing of ours is left at ${names.from}: ${ovn} remote rm ${names.from} forgets it.`
      : `${ovn} remote evacuate ${names.from} ${names.to} goes on with what is left.`;
    context.terminal.note(what);
    return report.done ? EXIT.done : EXIT.incomplete;
  });
}
