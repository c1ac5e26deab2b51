import { type Command, Option } from 'commander';
import { OvnError } from '../../errors.ts';
import { cidOfRevision } from '../../workflows/find-revision.ts';
import { type GetFormat, getBytes, getFolder } from '../../workflows/get.ts';
import { type ReachedTarget, reachTarget } from '../../workflows/retrieving/reach-target.ts';
import type { Retrieval } from '../../workflows/retrieving/retrieval.ts';
import { withoutWithheld } from '../../workflows/withheld.ts';
import { writeWholeFile } from '../../workflows/write-folder.ts';
import { besideItsMirrors, openFinding, throughGateway } from '../finding.ts';
import { dnsMapOption, dnsOption, type NamingFlags, openNames, tellStaleName } from '../naming.ts';
import {
  command,
  type NetworkFlags,
  networkOptions,
  revisionOption,
  type Start,
  withheldOption,
} from '../options.ts';
import { openProgress } from '../progress.ts';
import { openMemories } from '../reader-memories.ts';
import { type RepositoryContext, withRepositoryIfAny } from '../repository-context.ts';
import { nobodyAsked, openRetrieval, withConfigured } from '../retrieval.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import { writeOut } from '../write-out.ts';

interface GetFlags extends CommonOptions, NetworkFlags, NamingFlags {
  format?: GetFormat;
  output?: string;
  revision?: string;
  withheld?: boolean;
}

const FORMATS: readonly GetFormat[] = ['md', 'json', 'html', 'car', 'dir'];

export function getCommand(start: Start): Command {
  const get = command('get', SUMMARIES.get, 'ovn get first-light --format html -o first-light.html')
    .argument(
      '<what>',
      'id, slug, source file, CID, ipfs:// or ipns:// address, name, domain, or <publication id>/path',
    )
    .addOption(
      new Option(
        '--format <format>',
        'md, json, html, car or dir (default: by the name after -o, else md)',
      ).choices(FORMATS),
    )
    .option('-o, --output <path>', 'where to write it (default: standard output)')
    .addOption(revisionOption())
    .addOption(withheldOption())
    .addOption(dnsOption())
    .addOption(dnsMapOption());
  for (const option of networkOptions()) get.addOption(option);
  return get.action((what: string, flags: GetFlags) =>
    start(flags, (context) => getAction(what, flags, context)),
  );
}

async function getAction(what: string, flags: GetFlags, context: CommandContext): Promise<number> {
  return withRepositoryIfAny(flags, context, async (open) => {
    await using progress = openProgress(context.terminal);
    const asked = await besideItsMirrors(throughGateway(what, flags), open?.repository);
    await using retrieval = await openRetrieval(asked.flags, open?.repository, progress);
    using reached = await reach(asked.what, asked.flags, { open, retrieval, context });
    const exitCode = tellStaleName(reached.target, context);
    await deliver(reached, flags, open, context);
    return exitCode;
  });
}

interface Reaching {
  open: RepositoryContext | undefined;
  retrieval: Retrieval | undefined;
  context: CommandContext;
}

async function reach(
  what: string,
  flags: GetFlags,
  { open, retrieval, context: { now, signal } }: Reaching,
): Promise<ReachedTarget> {
  if (open === undefined && retrieval === undefined) throw nobodyAsked(what, flags);
  const configured = withConfigured(flags, open?.repository);
  const effects = {
    retrieval,
    names: openNames(configured, open?.repository, now, retrieval?.names()),
    find: openFinding(configured, open?.repository, now, retrieval?.names()),
    // An edition is a directory: in any other format what may be a file is one.
    prefersIds: ['car', 'dir'].includes(flags.format ?? formatOf(flags.output)),
    signal,
  };
  if (open === undefined) return reachTarget(what, { local: undefined, ...effects });
  const { repository, node } = open;
  const read = flags.withheld ? node.read : withoutWithheld(repository, node.read);
  return reachTarget(what, { local: { repository, read }, ...effects }, (target) =>
    cidOfRevision(repository, target, flags.revision),
  );
}

async function deliver(
  { cid, read }: ReachedTarget,
  flags: GetFlags,
  open: RepositoryContext | undefined,
  { now, signal, terminal }: CommandContext,
): Promise<void> {
  const format = flags.format ?? formatOf(flags.output);
  const local = open && { repository: open.repository, read: open.node.read };
  const effects = { read, reader: { local, memories: openMemories(open?.repository) }, now, signal };
  if (format === 'dir') {
    if (flags.output === undefined) throw new OvnError('usage', 'a folder needs a place: -o FOLDER');
    await getFolder(cid, flags.output, effects);
  } else if (flags.output !== undefined) {
    await writeWholeFile(flags.output, getBytes(cid, format, effects), signal);
  } else {
    await writeOut(getBytes(cid, format, effects), terminal.streams.stdout);
    return;
  }
  terminal.print(`${cid} written to ${flags.output}`);
  terminal.printJson({ cid: cid.toString(), format, output: flags.output });
}

function formatOf(output: string | undefined): GetFormat {
  const extension = /\.([a-z]+)$/.exec(output ?? '')?.[1];
  return FORMATS.find((format) => format === extension) ?? 'md';
}
