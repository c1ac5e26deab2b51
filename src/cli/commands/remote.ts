import { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import { isHeld, type StoredHome } from '../../repo/homes.ts';
import type { Repository } from '../../repo/repository.ts';
import { homesStatus } from '../../workflows/homes/home-status.ts';
import { describeHome, printHomes } from '../home-lines.ts';
import { gatewayOption, type HomeFlags, openHomes } from '../homes.ts';
import { command, passphraseOption, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { withRepository, withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import { plural, programName } from '../wording.ts';
import { remoteAddCommand } from './remote-add.ts';
import { remoteEvacuateCommand } from './remote-evacuate.ts';
import { remoteRemoveCommand } from './remote-remove.ts';

interface RemoteFlags extends CommonOptions, HomeFlags {
  offline?: boolean;
}

export function remoteCommand(start: Start): Command {
  const remote = new Command('remote')
    .summary(SUMMARIES.remote)
    .description('Places where others keep what is published here.');
  remote.addCommand(remoteAddCommand(start));
  remote.addCommand(
    command('ls', 'List the remotes', 'ovn remote ls').action((flags: RemoteFlags) =>
      start(flags, (context) => listAction(flags, context)),
    ),
  );
  remote.addCommand(remoteRemoveCommand(start));
  remote.addCommand(
    command('status', 'Ask the remotes what they hold, and read some of it back', 'ovn remote status')
      .argument('[names...]', 'their names (default: all of them)')
      .option('--offline', 'ask nobody: what they said before')
      .addOption(gatewayOption())
      .addOption(passphraseOption())
      .action((names: string[], flags: RemoteFlags) =>
        start(flags, (context) => statusAction(names, flags, context)),
      ),
  );
  remote.addCommand(remoteEvacuateCommand(start));
  return remote;
}

async function listAction(flags: RemoteFlags, { terminal }: CommandContext): Promise<undefined> {
  await withStoredRepository(flags, async (repository) => {
    const homes = repository.homes.list();
    terminal.printJson(homes);
    for (const home of homes) terminal.print(`${describeHome(home)}, ${heldBy(home, repository)}`);
    if (homes.length === 0) terminal.note('there is no remote');
  });
}

async function statusAction(names: string[], flags: RemoteFlags, context: CommandContext): Promise<number> {
  return withRepository(flags, context, async (open) => {
    await using progress = openProgress(open.terminal);
    await using effects = await openHomes(flags, open, { progress });
    const status = await homesStatus({ homes: names, offline: flags.offline ?? false }, effects);
    context.terminal.printJson(status);
    printHomes(context.terminal, status.homes);
    if (!status.done) context.terminal.note(`${programName()} push gives them what they do not hold.`);
    return status.done ? EXIT.done : EXIT.incomplete;
  });
}

function heldBy({ name }: StoredHome, { homes }: Repository): string {
  const rows = homes.confirmations(name);
  return `${rows.filter(isHeld).length} of ${plural(rows.length, 'DAG')} held`;
}
