import { Command, type Command as CommandType, Option } from 'commander';
import { OvnError } from '../../errors.ts';
import { exportKey, importKey } from '../../repo/key-exchange.ts';
import { readSecret, writeSecret } from '../../repo/key-file.ts';
import { isLocked } from '../../repo/keyring.ts';
import { type KeyState, stateOfKey } from '../../trust/key-state.ts';
import { readMastheads } from '../../trust/masthead-chain.ts';
import { listHeldKeys } from '../../workflows/keys/list-keys.ts';
import { command, passphraseOption, type Start } from '../options.ts';
import { askPassphrase, askQuestion, readPassphraseFile } from '../passphrase.ts';
import { withStoredPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import { addKeyChanges } from './key-changes.ts';

interface KeyFlags extends CommonOptions {
  output?: string;
  format: 'pem' | 'age' | 'libp2p';
  passphraseFile?: string;
  filePassphraseFile?: string;
}

const ROLES = ['masthead', 'edition', 'desk', 'log', 'name'] as const;
type Role = (typeof ROLES)[number];

export function keyCommand(start: Start): CommandType {
  const key = new Command('key')
    .summary(SUMMARIES.key)
    .description('The keyring: who this machine can sign as.');
  key.addCommand(
    command('ls', 'List the keys, and what the masthead says of each', 'ovn key ls').action(
      (flags: KeyFlags) => start(flags, (context) => listAction(flags, context)),
    ),
  );
  key.addCommand(
    command(
      'export',
      'Write a private key to a file, to keep it elsewhere',
      'ovn key export desk -o desk.pem',
    )
      .argument('<key>', 'a role (masthead, edition, desk, log, name) or a did:key')
      .option('-o, --output <file>', 'where to; it will be readable by you only')
      .addOption(
        new Option(
          '--format <format>',
          'pem (PKCS#8), age (under a passphrase of its own) or libp2p (as IPFS nodes exchange keys)',
        )
          .choices(['pem', 'age', 'libp2p'])
          .default('pem'),
      )
      .option('--file-passphrase-file <file>', 'a file with the passphrase of the exported file')
      .addOption(passphraseOption())
      .action((wanted: string, flags: KeyFlags) =>
        start(flags, (context) => exportAction(wanted, flags, context)),
      ),
  );
  key.addCommand(
    command(
      'import',
      'Take a private key in, also one that the masthead is yet to name',
      'ovn key import desk desk.pem',
    )
      .argument('<role>', ROLES.join(', '))
      .argument('<file>', 'PKCS#8 PEM, age or libp2p')
      .option('--file-passphrase-file <file>', 'a file with the passphrase of the imported file')
      .addOption(passphraseOption())
      .action((role: string, file: string, flags: KeyFlags) =>
        start(flags, (context) => importAction(role, file, flags, context)),
      ),
  );
  addKeyChanges(key, start);
  return key;
}

async function listAction(flags: KeyFlags, { terminal }: CommandContext): Promise<undefined> {
  await withStoredPaper(flags, async (repository) => {
    const keys = listHeldKeys(repository);
    terminal.printJson(keys);
    for (const { role, id, encrypted, held, ...state } of keys) {
      const notes = [held ? undefined : 'not here', encrypted ? 'with passphrase' : undefined];
      const told = [describeState(state), ...notes].filter((note) => note !== undefined).join(', ');
      terminal.print(`${role.padEnd(9)} ${id}  ${told}`);
    }
    if (!keys.some(({ held }) => held)) terminal.note('the keyring is empty: nothing can be signed here');
  });
}

function describeState(state: KeyState): string {
  if (state.state === 'revoked') return `revoked from entry ${state.fromEntry}`;
  if (state.state === 'unnamed') return 'not in the masthead';
  if (state.state === 'retired' || state.categories === undefined) return state.state;
  return `current, for ${state.categories.join(', ')} only`;
}

async function exportAction(
  wanted: string,
  flags: KeyFlags,
  { terminal }: CommandContext,
): Promise<undefined> {
  const { output, format } = flags;
  if (output === undefined)
    throw new OvnError('usage', 'a private key is not shown on the terminal: -o FILE');
  await withStoredPaper(flags, async ({ keysDir }) => {
    const passphrase = isLocked(keysDir)
      ? await askPassphrase(terminal, flags.passphraseFile, 'Passphrase of the keys: ')
      : undefined;
    const exportPassphrase =
      format === 'age' ? await filePassphrase(flags, terminal, 'Passphrase for the file: ') : undefined;
    const text = await exportKey(keysDir, wanted, { format, passphrase, exportPassphrase });
    writeSecret(output, text);
    terminal.printJson({ key: wanted, format, output });
    terminal.print(`${wanted} key written to ${output}`);
    if (format !== 'age') terminal.note('It is not encrypted: whoever has this file can sign.');
  });
}

async function importAction(
  role: string,
  file: string,
  flags: KeyFlags,
  { terminal }: CommandContext,
): Promise<undefined> {
  if (!isRole(role)) throw new OvnError('usage', `${role} is no role; there are ${ROLES.join(', ')}`);
  await withStoredPaper(flags, async (repository) => {
    const { keysDir } = repository;
    const passphrase = isLocked(keysDir)
      ? await askPassphrase(terminal, flags.passphraseFile, 'Passphrase of the keys: ')
      : undefined;
    const mastheads = readMastheads(repository.mastheads().map(({ bytes }) => bytes));
    const given = { passphrase, filePassphrase: await givenFilePassphrase(flags) };
    const { did } = await importKey(keysDir, role, readSecret(file), given);
    const { state } = stateOfKey(mastheads, role, did);
    terminal.printJson({ role, id: did, state });
    terminal.print(`${role} key ${did} taken in`);
    if (state === 'unnamed') terminal.note(`The masthead does not name it yet: ovn key add ${role} ${did}`);
    if (state === 'retired' || state === 'revoked') terminal.note(`It is ${state}: it signs nothing new.`);
  });
}

async function filePassphrase(
  flags: KeyFlags,
  terminal: CommandContext['terminal'],
  question: string,
): Promise<string | undefined> {
  if (flags.filePassphraseFile !== undefined) return readPassphraseFile(flags.filePassphraseFile);
  return askQuestion(terminal, question);
}

async function givenFilePassphrase({ filePassphraseFile }: KeyFlags): Promise<string | undefined> {
  if (filePassphraseFile === undefined) return undefined;
  return readPassphraseFile(filePassphraseFile);
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}
