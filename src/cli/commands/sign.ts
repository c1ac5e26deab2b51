import { type Command, Option } from 'commander';
import { formatProposal, type Proposal } from '../../manifest/proposal.ts';
import * as signing from '../../manifest/sign-proposal.ts';
import { everyKeyOf } from '../../manifest/sign-proposal.ts';
import { readKeyFile } from '../../repo/key-exchange.ts';
import { readSecret } from '../../repo/key-file.ts';
import type { Signer } from '../../trust/proof.ts';
import { signerOf } from '../../trust/sign-document.ts';
import { reportOf } from '../../workflows/keys/change-masthead.ts';
import { loadSigners } from '../../workflows/keys/keyring-signers.ts';
import { printMissing } from '../missing-signatures.ts';
import { command, dryRunOption, passphraseOption, type Start } from '../options.ts';
import { askQuestion, readPassphraseFile } from '../passphrase.ts';
import { readProposal, rewriteProposal } from '../proposal-file.ts';
import { withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { openPassphrase } from '../signers.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { plural } from '../wording.ts';

interface SignFlags extends CommonOptions {
  key: string[];
  keyring?: string;
  filePassphraseFile?: string;
  passphraseFile?: string;
  dryRun?: boolean;
}

export function signCommand(start: Start): Command {
  return command('sign', SUMMARIES.sign, 'ovn sign masthead-2.proposal.json --key masthead.age')
    .argument('<file>', 'what ovn key …, ovn masthead … or ovn publish --propose wrote')
    .addOption(
      new Option('--key <file>', 'a key file (PEM or age); may be repeated')
        .argParser((file: string, before: string[]) => [...before, file])
        .default([], 'the keyring of the repository'),
    )
    .option('--keyring <dir>', 'a keyring without a repository: the folder .ovn/keys')
    .option('--file-passphrase-file <file>', 'a file with the passphrase of the key files')
    .addOption(passphraseOption())
    .addOption(dryRunOption())
    .action((file: string, flags: SignFlags) => start(flags, (context) => signAction(file, flags, context)));
}

async function signAction(file: string, flags: SignFlags, context: CommandContext): Promise<undefined> {
  const { terminal } = context;
  const proposal = readProposal(file);
  await describe(terminal, proposal);
  const missing = signing.missingSignatures(proposal);
  if (flags.dryRun) {
    terminal.printJson({ file, kind: proposal.kind, signed: [], missing });
    printMissing(terminal, file, missing);
    return;
  }
  const signed = signing.signProposal(proposal, await loadKeys(proposal, flags, context));
  rewriteProposal(file, formatProposal(signed.proposal));
  const left = signing.missingSignatures(signed.proposal);
  terminal.printJson({ file, kind: proposal.kind, signed: signed.added, missing: left });
  for (const did of signed.added) terminal.print(`Signed by ${did}`);
  if (left.length > 0) printMissing(terminal, file, left);
  else terminal.note(`Enough have signed. On the publisher's machine: ${finishing(proposal, file)}`);
}

function finishing({ kind }: Proposal, file: string): string {
  return kind === 'masthead' ? `ovn masthead sign ${file}` : `ovn publish --finish ${file}`;
}

/** The keys that are named, else those of the keyring. */
async function loadKeys(proposal: Proposal, flags: SignFlags, context: CommandContext): Promise<Signer[]> {
  if (flags.key.length > 0) return readKeyFiles(flags, context);
  const from = async (keysDir: string): Promise<Signer[]> => {
    const passphrase = openPassphrase(keysDir, context.terminal, flags.passphraseFile);
    return loadSigners(keysDir, everyKeyOf(proposal), passphrase);
  };
  if (flags.keyring !== undefined) return from(flags.keyring);
  return withStoredRepository(flags, ({ keysDir }) => from(keysDir));
}

async function readKeyFiles(flags: SignFlags, { terminal }: CommandContext): Promise<Signer[]> {
  const given =
    flags.filePassphraseFile === undefined ? undefined : readPassphraseFile(flags.filePassphraseFile);
  const signers: Signer[] = [];
  for (const path of flags.key) {
    const bytes = readSecret(path);
    const locked = /AGE ENCRYPTED|ENCRYPTED PRIVATE KEY|^age-encryption/.test(bytes.toString('latin1'));
    const passphrase = locked
      ? (given ?? (await askQuestion(terminal, `Passphrase of ${path}: `)))
      : undefined;
    signers.push(signerOf(await readKeyFile(bytes, passphrase)));
  }
  return signers;
}

/** Says what is signed before it is: on this machine nothing else is there to look it up. */
async function describe(terminal: Terminal, proposal: Proposal): Promise<void> {
  terminal.print(`Of publication ${proposal.mastheads.publicationId}`);
  if (proposal.kind === 'masthead') {
    describeMasthead(terminal, proposal, reportOf(proposal.mastheads.newest.masthead, proposal.masthead));
  } else if (proposal.kind === 'manifest') describeManifest(terminal, proposal);
  else describeArticles(terminal, proposal);
}

function describeMasthead(
  terminal: Terminal,
  { masthead, mastheads }: Proposal & { kind: 'masthead' },
  { added, removed }: { added: { role: string; id: string }[]; removed: { role: string; id: string }[] },
): void {
  const before = mastheads.newest.masthead;
  terminal.print(`Masthead ${masthead.version}, good until ${masthead.expires} (before: ${before.expires})`);
  for (const { role, id } of removed) terminal.print(`- ${role.padEnd(9)} ${id}`);
  for (const { role, id } of added) terminal.print(`+ ${role.padEnd(9)} ${id}`);
  for (const [role, { keys, threshold }] of Object.entries(masthead.roles)) {
    const was = before.roles[role as keyof typeof before.roles];
    if (was.threshold !== threshold)
      terminal.print(`  ${role}: ${threshold} of ${keys.length} must sign, not ${was.threshold}`);
    for (const { id, categories } of keys) {
      const limits = was.keys.find((key) => key.id === id)?.categories;
      if (categories?.join() === limits?.join()) continue;
      terminal.print(
        `  ${role} ${id}: for ${categories === undefined ? 'all categories' : `${categories.join(', ')} only`}`,
      );
    }
  }
  const known = new Set(before.revoked?.map(({ id }) => id));
  for (const { id, fromEntry } of masthead.revoked ?? []) {
    if (!known.has(id)) terminal.print(`  revoked from entry ${fromEntry} on: ${id}`);
  }
}

function describeManifest(terminal: Terminal, { manifest }: Proposal & { kind: 'manifest' }): void {
  const { publication, sequence, previous, issued, expires, articles, categories, log } = manifest;
  terminal.print(`Edition ${sequence} of ${publication.name}, ${issued} to ${expires}`);
  if (previous !== undefined) terminal.print(`  after ${previous}`);
  const count = Object.keys(categories).length;
  terminal.print(
    `  ${plural(articles.count, 'article')} in ${count === 1 ? '1 category' : `${count} categories`}: ${articles.cid}`,
  );
  terminal.print(`  log ${log.origin}, ${log.size === 1 ? '1 entry' : `${log.size} entries`}`);
}

function describeArticles(terminal: Terminal, { articles }: Proposal & { kind: 'articles' }): void {
  for (const { identifier, revision, headline, categories } of articles) {
    terminal.print(`${terminal.style('bold', headline)}`);
    terminal.print(
      `  ${identifier}, revision ${revision}, in ${categories.map(({ slug }) => slug).join(', ')}`,
    );
  }
}
