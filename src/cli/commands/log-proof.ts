import type { Command } from 'commander';
import { requireHeadLog } from '../../workflows/logs/head-log.ts';
import { namedRevision } from '../../workflows/logs/named-revision.ts';
import { proveRevision, type RevisionProof } from '../../workflows/logs/prove-revision.ts';
import { writeWholeFile } from '../../workflows/write-folder.ts';
import { command, type Start } from '../options.ts';
import { withPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { parseWhole } from '../whole-number.ts';

interface ProofFlags extends CommonOptions {
  revision?: string;
  output?: string;
  entry?: string;
}

export function logProofCommand(start: Start): Command {
  return command(
    'proof',
    'Prove, to be checked offline, that a revision of an article was logged',
    'ovn log proof first-light -o first-light.tlog-proof --entry first-light.entry',
  )
    .argument('<article>', 'id, slug, source or CID')
    .option('--revision <n>', 'its revision (default: the newest, or the one of the CID)')
    .option('-o, --output <file>', 'where the C2SP tlog-proof is written (default: standard output)')
    .option('--entry <file>', 'where the bytes of its entry are written')
    .action((what: string, flags: ProofFlags) =>
      start(flags, (context) => proofAction(what, flags, context)),
    );
}

async function proofAction(what: string, flags: ProofFlags, context: CommandContext): Promise<undefined> {
  const revision = parseWhole(flags.revision, '--revision', 1);
  await withPaper(flags, context, async ({ repository, node, now, signal, terminal }) => {
    const effects = { repository, read: node.read, now, signal };
    const named = await namedRevision(what, revision, effects);
    const proven = await proveRevision(named, await requireHeadLog(effects), effects);
    const proof = textOf(proven.proof);
    const entry = textOf(proven.entryBytes);
    const write = (file: string, bytes: Uint8Array) => writeWholeFile(file, once(bytes), signal);
    if (flags.output !== undefined) await write(flags.output, proven.proof);
    if (flags.entry !== undefined) await write(flags.entry, proven.entryBytes);
    const { output = null, entry: entryOutput = null } = flags;
    const { index, size, verifierKeys } = proven;
    const facts = { ...named, cid: proven.entry.cid, index, size, verifierKeys };
    terminal.printJson({ ...facts, proof, entry, output, entryOutput });
    if (output === null && !terminal.json) terminal.streams.stdout.write(proof);
    for (const line of explain(flags, proven)) terminal.note(line);
  });
}

function explain(
  { output, entry: file }: ProofFlags,
  { entry, index, size, verifierKeys }: RevisionProof,
): string[] {
  return [
    `Entry ${index} of ${size} is the ${entry.kind} of ${entry.article}, revision ${entry.revision} (${entry.cid}).`,
    'Any verifier of C2SP tlog-proofs checks that, offline, with:',
    `  the proof         ${output ?? 'as printed'}`,
    `  the entry         ${file ?? 'its bytes are had with --entry FILE'}`,
    ...verifierKeys.map((key) => `  the verifier key  ${key}`),
    'It proves that the revision was logged. Whether a later entry corrects or retracts it, ovn log show tells.',
  ];
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
