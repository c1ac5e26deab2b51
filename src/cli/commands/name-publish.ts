import { type Command, Option } from 'commander';
import type { NamedReport, NamePublishReport } from '../../workflows/naming/name-report.ts';
import { publishName } from '../../workflows/naming/publish-name.ts';
import { durationUpTo } from '../duration.ts';
import { type NamingFlags, offlineOption, openConfiguredRouters, routerOption } from '../naming.ts';
import { command, dryRunOption, passphraseOption, type Start } from '../options.ts';
import { withPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { openPassphrase } from '../signers.ts';
import type { Terminal } from '../terminal.ts';

interface NamePublishFlags extends CommonOptions, NamingFlags {
  lifetime: number;
  ttl: number;
  renew?: boolean;
  regardless?: boolean;
  dryRun?: boolean;
  passphraseFile?: string;
}

const DAY = 86_400_000;
const LIFETIME = 365 * DAY;
const TTL = 300_000;

export function namePublishCommand(start: Start): Command {
  return command(
    'publish',
    'Let the name lead to the head edition',
    'ovn name publish --router https://router.example',
  )
    .addOption(
      new Option('--lifetime <time>', 'how long the record holds')
        .default(LIFETIME, '365d')
        .argParser(durationUpTo(3650 * DAY, '3650d')),
    )
    .addOption(
      new Option('--ttl <time>', 'how long others may use it before they ask again')
        .default(TTL, '5m')
        .argParser(durationUpTo(7 * DAY, '7d')),
    )
    .addOption(routerOption())
    .addOption(offlineOption())
    .option('--renew', 'make a new record even where the last one would do')
    .option(
      '--regardless',
      'sign even where nobody can say which record was the last, or that one leads to an edition that is not here',
    )
    .addOption(dryRunOption())
    .addOption(passphraseOption())
    .action((flags: NamePublishFlags) => start(flags, (context) => publishAction(flags, context)));
}

async function publishAction(flags: NamePublishFlags, context: CommandContext): Promise<number> {
  return withPaper(flags, context, async ({ repository, node, lock, terminal, now, signal }) => {
    const routers = await openConfiguredRouters(flags, repository);
    const { report, exitCode } = await publishName(
      {
        lifetime: flags.lifetime,
        ttl: Math.max(1, Math.floor(flags.ttl / 1000)),
        renew: flags.renew ?? false,
        regardless: flags.regardless ?? false,
        dryRun: flags.dryRun ?? false,
      },
      {
        repository,
        read: node.read,
        routers,
        lock,
        passphrase: openPassphrase(repository.keysDir, terminal, flags.passphraseFile),
        now,
        signal,
      },
    );
    terminal.printJson(report);
    print(terminal, report);
    return exitCode;
  });
}

function print(terminal: Terminal, { edition, names, former }: NamePublishReport): void {
  for (const named of names) printNamed(terminal, named, `edition ${edition.sequence}`);
  for (const named of former) {
    if (named.status === 'waiting') {
      terminal.print(named.name);
      terminal.note('  A former name: ovn publish first, so that an edition names the new key.');
    } else
      printNamed(terminal, named, 'an edition that names the new key: a former name, and its last record');
  }
  if (names.some(({ routers }) => routers.length === 0))
    terminal.note('Nobody was told of it: --router URL tells one, ovn serve gives it out.');
}

const SAID = {
  published: 'Record',
  planned: 'Would sign record',
  unchanged: 'Nothing has changed: record',
  waiting: 'Record',
};

function printNamed(
  terminal: Terminal,
  { name, status, sequence, value, validUntil, routers }: NamedReport,
  what: string,
): void {
  terminal.print(terminal.style('bold', name));
  terminal.print(`  ${SAID[status]} ${sequence}: ${value}, until ${validUntil.slice(0, 10)}`);
  terminal.note(`  It leads to ${what}.`);
  for (const { router, problem } of routers) {
    if (problem === null) terminal.note(`  ${router} has it`);
    else terminal.error(`  ${router}: ${problem}`);
  }
}
