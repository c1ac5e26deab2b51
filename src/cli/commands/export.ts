import { type Command, Option } from 'commander';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { writeCar } from '../../node/car.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { packArticleProof } from '../../workflows/article-proof.ts';
import { findNinjs, writeNinjs } from '../../workflows/export-ninjs.ts';
import { namedRevision } from '../../workflows/logs/named-revision.ts';
import { measureDag } from '../../workflows/measure-dag.ts';
import { resolveTarget } from '../../workflows/resolve-target.ts';
import { withoutWithheld } from '../../workflows/withheld.ts';
import { writeWholeFile } from '../../workflows/write-folder.ts';
import { command, type Start, withheldOption } from '../options.ts';
import { type RepositoryContext, withRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import { plural } from '../wording.ts';
import { writeOut } from '../write-out.ts';

interface ExportFlags extends CommonOptions {
  format?: 'car' | 'ninjs';
  output?: string;
  withheld?: boolean;
  withProof?: boolean;
}

export function exportCommand(start: Start): Command {
  return command('export', SUMMARIES.export, 'ovn export science -o science.car')
    .argument('[what...]', 'id, slug, category or CID (default: the head edition); of ninjs also several')
    .addOption(
      new Option('--format <format>', 'a CAR file, or IPTC ninjs 3.1 of articles')
        .choices(['car', 'ninjs'])
        .default('car'),
    )
    .option('-o, --output <file>', 'the file (of ninjs, by default standard output)')
    .option('--with-proof', 'of an article: with all that a stranger needs to judge it offline')
    .addOption(withheldOption())
    .action((what: string[], flags: ExportFlags) =>
      start(flags, (context) => (flags.format === 'ninjs' ? exportNinjs : exportCar)(what, flags, context)),
    );
}

/** Articles as ninjs: JSON in any case, so that `--json` changes only what is said of a file. */
async function exportNinjs(
  what: readonly string[],
  flags: ExportFlags,
  context: CommandContext,
): Promise<undefined> {
  const { output, withProof } = flags;
  if (withProof) throw new OvnError('usage', 'ninjs has no place for a proof: --with-proof is for CAR files');
  await withRepository(flags, context, async ({ repository, node, signal, terminal }) => {
    const read = flags.withheld ? node.read : withoutWithheld(repository, node.read);
    const found = await findNinjs(what, { repository, read });
    const bytes = writeNinjs(found, { read });
    if (output === undefined) {
      await writeOut(bytes, terminal.streams.stdout);
      return;
    }
    await writeWholeFile(output, bytes, signal);
    const articles = found.bundles.length;
    terminal.printJson({ format: 'ninjs', articles, output });
    terminal.print(`${plural(articles, 'article')} written to ${output}`);
  });
}

async function exportCar(
  roots: readonly string[],
  flags: ExportFlags,
  context: CommandContext,
): Promise<undefined> {
  const { output } = flags;
  const [what, ...more] = roots;
  if (more.length > 0) throw new OvnError('usage', 'a CAR file has one root: name one thing');
  if (output === undefined) throw new OvnError('usage', 'an export needs a file: -o FILE.car');
  await withRepository(flags, context, async (open) => {
    const { signal, terminal } = open;
    const { cid, name, read } = await (flags.withProof ? packed : named)(what, flags, open);
    const size = await measureDag(cid, read, signal);
    await writeWholeFile(output, writeCar(cid, read, { signal }), signal);
    terminal.printJson({ cid: cid.toString(), name, output, ...size });
    terminal.print(`${cid}  ${name}: ${size.blocks} blocks written to ${output}`);
  });
}

/** What is written: a root, and where its blocks are. */
interface Exported {
  cid: CID;
  name: string;
  read: BlockReader;
}

async function named(
  what: string | undefined,
  flags: ExportFlags,
  { repository, node }: RepositoryContext,
): Promise<Exported> {
  const read = flags.withheld ? node.read : withoutWithheld(repository, node.read);
  const { cid, name } = await resolveTarget(repository, read, what);
  return { cid, name, read };
}

/** An article with the proof that it was logged, and who may sign. */
async function packed(
  what: string | undefined,
  flags: ExportFlags,
  { repository, node, now, signal }: RepositoryContext,
): Promise<Exported> {
  if (what === undefined) throw new OvnError('usage', '--with-proof needs an article');
  const own = flags.withheld ? node.read : withoutWithheld(repository, node.read);
  const effects = { repository, read: own, now, signal };
  const revision = await namedRevision(what, undefined, effects);
  const { root, read } = await packArticleProof(revision, effects);
  return { cid: root, name: `${revision.article} with proof`, read };
}
