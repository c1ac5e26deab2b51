import { type Command, InvalidArgumentError, Option } from 'commander';
import { makeKeyFile } from '../../repo/key-exchange.ts';
import { addKey, limitKey, retireKey, revokeKey, rotateKey } from '../../workflows/keys/change-keys.ts';
import { findDisowned } from '../../workflows/keys/disowned.ts';
import { type ChangeFlags, changeAction, changeOptions } from '../masthead-changes.ts';
import { command, type Start } from '../options.ts';
import { askQuestion, readPassphraseFile } from '../passphrase.ts';
import { parseRole, ROLE_NAMES } from '../roles.ts';
import type { CommandContext } from '../run.ts';

interface CategoryFlags extends ChangeFlags {
  category: string[];
}

interface RevokeFlags extends ChangeFlags {
  fromEntry: number;
}

interface MakeFlags extends ChangeFlags {
  filePassphraseFile?: string;
}

/** The commands of `ovn key` that say who may sign: each makes a masthead. */
export function addKeyChanges(key: Command, start: Start): void {
  addAdditions(key, start);
  addRemovals(key, start);
  key.addCommand(
    command(
      'make',
      'Make a key in a file, with no repository: for whoever signs on another machine',
      'ovn key make editor.age',
    )
      .argument('<file>', 'where to; readable by you only')
      .option(
        '--file-passphrase-file <file>',
        'a file with a passphrase for it (default: asked for, or none)',
      )
      .action((file: string, flags: MakeFlags) =>
        start(flags, (context) => makeAction(file, flags, context)),
      ),
  );
}

function addAdditions(key: Command, start: Start): void {
  changing(key, 'new', 'Make a key and add it to a role', 'ovn key new desk --category sports')
    .argument('<role>', ROLE_NAMES)
    .addOption(categoryOption())
    .action((role: string, flags: CategoryFlags) =>
      start(flags, (context) => addAction(role, undefined, flags, context)),
    );
  const example = 'ovn key add desk did:key:z6Mk… --category sports';
  changing(key, 'add', 'Add somebody else’s key to a role', example)
    .argument('<role>', ROLE_NAMES)
    .argument('<did>', 'its did:key, as ovn key make printed it')
    .addOption(categoryOption())
    .action((role: string, did: string, flags: CategoryFlags) =>
      start(flags, (context) => addAction(role, did, flags, context)),
    );
  changing(key, 'limit', 'Limit a desk key to categories', 'ovn key limit did:key:z6Mk… --category sports')
    .argument('<did>', 'a did:key')
    .addOption(categoryOption())
    .action((did: string, { category: categories, ...flags }: CategoryFlags) =>
      start(flags, (context) =>
        changeAction(flags, context, (...args) => limitKey({ did, categories }, ...args)),
      ),
    );
}

function addRemovals(key: Command, start: Start): void {
  changing(key, 'rotate', 'Put a new key in the place of one', 'ovn key rotate desk')
    .argument('<key>', 'a role with one key, or a did:key')
    .action((wanted: string, flags: ChangeFlags) =>
      start(flags, (context) => changeAction(flags, context, (...args) => rotateKey(wanted, ...args))),
    );
  changing(key, 'retire', 'Take a key out: what it signed before stays valid', 'ovn key retire did:key:z6Mk…')
    .argument('<did>', 'a did:key')
    .action((did: string, flags: ChangeFlags) =>
      start(flags, (context) => changeAction(flags, context, (...args) => retireKey(did, ...args))),
    );
  const summary = 'Take a key out, and disown what it signed from an entry of the log on';
  changing(key, 'revoke', summary, 'ovn key revoke did:key:z6Mk… --from-entry 120')
    .argument('<did>', 'a did:key')
    .requiredOption('--from-entry <n>', 'the first entry that is disowned, from 0', parseCount)
    .action((did: string, flags: RevokeFlags) =>
      start(flags, (context) => revokeAction(did, flags, context)),
    );
}

/** A command that makes a masthead. */
function changing(key: Command, name: string, summary: string, example: string): Command {
  const made = command(name, summary, example);
  for (const option of changeOptions()) made.addOption(option);
  key.addCommand(made);
  return made;
}

function addAction(
  role: string,
  did: string | undefined,
  { category: categories, ...flags }: CategoryFlags,
  context: CommandContext,
): Promise<number | undefined> {
  return changeAction(flags, context, (...args) =>
    addKey({ role: parseRole(role), did, categories }, ...args),
  );
}

async function revokeAction(
  did: string,
  { fromEntry, ...flags }: RevokeFlags,
  context: CommandContext,
): Promise<number | undefined> {
  return await changeAction(flags, context, async (effects, options) => {
    const report = await revokeKey({ did, fromEntry }, effects, options);
    const disowned = await findDisowned(did, fromEntry, effects.repository);
    for (const { article, revision, entry } of disowned) {
      context.terminal.note(`disowned: ${article}, revision ${revision}, entry ${entry}`);
    }
    return { ...report, disowned };
  });
}

async function makeAction(file: string, flags: MakeFlags, { terminal }: CommandContext): Promise<undefined> {
  const passphrase =
    flags.filePassphraseFile === undefined
      ? await askQuestion(terminal, 'Passphrase for the file (empty for none): ')
      : readPassphraseFile(flags.filePassphraseFile);
  const did = await makeKeyFile(file, passphrase);
  terminal.printJson({ id: did, output: file, encrypted: Boolean(passphrase) });
  terminal.print(did, `  in ${file}`);
  terminal.note('Give this did:key to the publisher, who runs: ovn key add <role> <did>. Keep the file.');
  if (!passphrase) terminal.note('It is not encrypted: whoever has this file can sign.');
}

function categoryOption(): Option {
  return new Option('--category <slug>', 'a category that it is limited to; may be repeated')
    .argParser((slug: string, before: string[]) => [...before, slug])
    .default([], 'all');
}

function parseCount(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a number from 0 on is wanted.');
}
