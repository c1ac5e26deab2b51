import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { EXIT } from '../../errors.ts';
import { HOME_KINDS } from '../../node/homes/home.ts';
import { isHeld, type StoredHome } from '../../repo/homes.ts';
import type { Repository } from '../../repo/repository.ts';
import { addHome, forgetHome } from '../../workflows/homes/add-home.ts';
import { evacuate } from '../../workflows/homes/evacuate.ts';
import { homesStatus } from '../../workflows/homes/home-status.ts';
import { leaveHome } from '../../workflows/homes/leave-home.ts';
import { printEvacuation, printHomes } from '../home-lines.ts';
import { readTokenFlags, type TokenFlags } from '../home-secrets.ts';
import { categoryOption, collect, gatewayOption, type HomeFlags, homeOptions, openHomes } from '../homes.ts';
import { command, dryRunOption, passphraseOption, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { withRepository, withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { openPassphrase } from '../signers.ts';
import { SUMMARIES } from '../summaries.ts';
import { parseWhole } from '../whole-number.ts';
import { plural, programName } from '../wording.ts';

interface RemoteFlags extends CommonOptions, HomeFlags {
  dryRun?: boolean;
  offline?: boolean;
  release?: boolean;
}

interface AddFlags extends CommonOptions, TokenFlags {
  readAt?: string[];
  copies?: string;
  category?: string[];
  plainHttp?: boolean;
  passphraseFile?: string;
  dryRun?: boolean;
}

export function remoteCommand(start: Start): Command {
  const remote = new Command('remote')
    .summary(SUMMARIES.remote)
    .description('Places where others keep what is published here.');
  remote.addCommand(addCommand(start));
  remote.addCommand(
    command('ls', 'List the remotes', 'ovn remote ls').action((flags: RemoteFlags) =>
      start(flags, (context) => listAction(flags, context)),
    ),
  );
  remote.addCommand(
    command('rm', 'Forget a remote and its token; what it holds stays there', 'ovn remote rm pinata')
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
      ),
  );
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
  remote.addCommand(evacuateCommand(start));
  return remote;
}

function addCommand(start: Start): Command {
  return command(
    'add',
    'Add a place that keeps what is published; nobody is asked for anything yet',
    'ovn remote add pinata pinning-service https://api.pinata.cloud/psa --token-env PINATA_TOKEN',
  )
    .argument('<name>', 'what it is to be called: of a-z, 0-9 and -')
    .argument('<kind>', HOME_KINDS.join(', '))
    .argument('<url>', 'its API; of a gateway, what stands before /ipfs/')
    .option('--token-env <variable>', 'the environment variable that holds its token whenever it is needed')
    .option('--token-file <file>', 'the file that holds its token whenever it is needed')
    .option('--token-stdin', 'read its token from standard input, and keep it in the keyring')
    .addOption(categoryOption('give it this category, not the whole edition'))
    .addOption(
      new Option(
        '--read-at <url>',
        'a gateway through which what it holds is read back; also several times',
      ).argParser(collect),
    )
    .option('--copies <n>', 'copies wanted, of IPFS Cluster')
    .option('--plain-http', 'let its token go over http, where nobody else is on the way')
    .addOption(dryRunOption())
    .addOption(passphraseOption())
    .action((name: string, kind: string, url: string, flags: AddFlags) =>
      start(flags, (context) => addAction({ name, kind, url }, flags, context)),
    );
}

function evacuateCommand(start: Start): Command {
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

async function addAction(
  given: { name: string; kind: string; url: string },
  flags: AddFlags,
  { terminal, now }: CommandContext,
): Promise<undefined> {
  const tokens = await readTokenFlags({
    ...flags,
    ...(flags.tokenFile === undefined ? {} : { tokenFile: resolve(flags.tokenFile) }),
  });
  await withStoredRepository(flags, async (repository) => {
    const passphrase = openPassphrase(repository.keysDir, terminal, flags.passphraseFile);
    const { readAt = [], category: categories, plainHttp = false, dryRun = false } = flags;
    const copies = parseWhole(flags.copies, '--copies', 1);
    const choice = { ...given, ...tokens, readAt, categories, copies, plainHttp, dryRun };
    const home = await addHome(choice, { repository, passphrase, now });
    terminal.printJson(home);
    terminal.print(`${dryRun ? 'Would add' : 'Added'} ${describe(home)}`);
    terminal.note(`${programName()} push ${home.name} gives it what is published.`);
  });
}

async function listAction(flags: RemoteFlags, { terminal }: CommandContext): Promise<undefined> {
  await withStoredRepository(flags, async (repository) => {
    const homes = repository.homes.list();
    terminal.printJson(homes);
    for (const home of homes) terminal.print(`${describe(home)}, ${heldBy(home, repository)}`);
    if (homes.length === 0) terminal.note('there is no remote');
  });
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
    terminal.print(`${flags.dryRun ? 'Would forget' : 'Forgot'} ${describe(gone)}`);
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
    if (report.problem !== null) context.terminal.error(`ovn: ${report.problem.message}`);
    context.terminal.print(report.done ? `Forgot ${name}` : `${name} is kept: run it again`);
    return report.done ? EXIT.done : EXIT.incomplete;
  });
}

async function statusAction(names: string[], flags: RemoteFlags, context: CommandContext): Promise<number> {
  return withRepository(flags, context, async (open) => {
    await using progress = openProgress(open.terminal);
    await using effects = await openHomes(flags, open, { progress });
    const status = await homesStatus({ homes: names, offline: flags.offline ?? false }, effects);
    context.terminal.printJson(status);
    printHomes(context.terminal, status.homes);
    return status.done ? EXIT.done : EXIT.incomplete;
  });
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

function describe({ name, kind, url, categories, credentials }: StoredHome): string {
  const what = categories === null ? 'the whole edition' : categories.join(', ');
  return `${name}  ${kind}  ${url}  ${what}, ${placeOf(credentials)}`;
}

function placeOf(credentials: StoredHome['credentials']): string {
  if (credentials === null) return 'no token';
  if ('env' in credentials) return `token in ${credentials.env}`;
  return 'file' in credentials ? `token in ${credentials.file}` : 'token in the keyring';
}

function heldBy({ name }: StoredHome, { homes }: Repository): string {
  const rows = homes.confirmations(name);
  return `${rows.filter(isHeld).length} of ${plural(rows.length, 'DAG')} held`;
}
