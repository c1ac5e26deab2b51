import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import { forgetHome } from '../../workflows/homes/add-home.ts';
import { leaveHome } from '../../workflows/homes/leave-home.ts';
import { describeHome } from '../home-lines.ts';
import { type HomeFlags, openHomes } from '../homes.ts';
import { command, dryRunOption, passphraseOption, type Start } from '../options.ts';
import { withRepository, withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';

interface RemoteFlags extends CommonOptions, HomeFlags {
  dryRun?: boolean;
  release?: boolean;
}

export function remoteRemoveCommand(start: Start): Command {
  return command('rm', 'Forget a remote and its token; what it holds stays there', 'ovn remote rm pinata')
    .argument('<name>', 'its name')
    .option('--release', 'first have it let go of all that it keeps for us')
    .addOption(dryRunOption())
    .addOption(passphraseOption())
    .action((name: string, flags: RemoteFlags) =>
      start(flags, (context) =>
        flags.release && !flags.dryRun
          ? leaveAction(name, flags, context)
          : removeAction(name, flags, context),
      ),
    );
}

async function removeAction(
  name: string,
  flags: RemoteFlags,
  { terminal }: CommandContext,
): Promise<undefined> {
  await withStoredRepository(flags, async (repository) => {
    const before = repository.homes.confirmations(name);
    const home = flags.dryRun ? repository.homes.get(name) : undefined;
    const gone = home ?? forgetHome(repository, name);
    terminal.printJson(gone);
    terminal.print(`${flags.dryRun ? 'Would forget' : 'Forgot'} ${describeHome(gone)}`);
    for (const { cid, subject } of before) terminal.print(`  ${cid}  ${subject} may still be there`);
  });
}

async function leaveAction(name: string, flags: RemoteFlags, context: CommandContext): Promise<number> {
  return withRepository(flags, context, async (open) => {
    await using effects = await openHomes(flags, open);
    const report = await leaveHome(name, effects);
    context.terminal.printJson(report);
    for (const cid of report.released) context.terminal.print(`${cid}  released`);
    for (const { cid, problem } of report.left) context.terminal.print(`${cid}  still there: ${problem}`);
    if (report.problem !== null) {
      const { message, hint } = report.problem;
      context.terminal.error(`ovn: ${message}`, ...(hint === null ? [] : [hint]));
    }
    context.terminal.print(report.done ? `Forgot ${name}` : `${name} is kept: run it again`);
    return report.done ? EXIT.done : EXIT.incomplete;
  });
}
