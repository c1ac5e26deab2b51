import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { HOME_KINDS } from '../../node/homes/home.ts';
import { addHome } from '../../workflows/homes/add-home.ts';
import { describeHome } from '../home-lines.ts';
import { readTokenFlags, type TokenFlags } from '../home-secrets.ts';
import { categoryOption } from '../homes.ts';
import { collect, command, dryRunOption, passphraseOption, type Start } from '../options.ts';
import { withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { openPassphrase } from '../signers.ts';
import { parseWhole } from '../whole-number.ts';
import { programName } from '../wording.ts';

interface AddFlags extends CommonOptions, TokenFlags {
  readAt?: string[];
  copies?: string;
  category?: string[];
  plainHttp?: boolean;
  passphraseFile?: string;
  dryRun?: boolean;
}

export function remoteAddCommand(start: Start): Command {
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
    terminal.print(`${dryRun ? 'Would add' : 'Added'} ${describeHome(home)}`);
    terminal.note(`${programName()} push ${home.name} gives it what is published.`);
  });
}
