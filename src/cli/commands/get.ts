import { type Command, Option } from 'commander';
import { OvnError } from '../../errors.ts';
import type { GetFormat } from '../../workflows/get.ts';
import {
  dnsMapOption,
  dnsOption,
  type NamingFlags,
  openNames,
  routerOption,
  tellStaleName,
} from '../naming.ts';
import { command, revisionOption, type Start, withheldOption } from '../options.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';

interface GetFlags extends CommonOptions, NamingFlags {
  format?: GetFormat;
  output?: string;
  revision?: string;
  withheld?: boolean;
}

const FORMATS: readonly GetFormat[] = ['md', 'json', 'html', 'car', 'dir'];

export function getCommand(start: Start): Command {
  return command('get', SUMMARIES.get, 'ovn get first-light --format html -o first-light.html')
    .argument('<what>', 'id, slug, source file, CID, ipfs:// or ipns:// address, name or domain')
    .addOption(
      new Option(
        '--format <format>',
        'md, json, html, car or dir (default: by the name after -o, else md)',
      ).choices(FORMATS),
    )
    .option('-o, --output <path>', 'where to write it (default: standard output)')
    .addOption(revisionOption())
    .addOption(withheldOption())
    .addOption(routerOption())
    .addOption(dnsOption())
    .addOption(dnsMapOption())
    .action((what: string, flags: GetFlags) => start(flags, (context) => getAction(what, flags, context)));
}

async function getAction(what: string, flags: GetFlags, context: CommandContext): Promise<number> {
  const [
    { getBytes, getFolder },
    { resolveTarget },
    { cidOfRevision },
    { withoutWithheld },
    { withRepository },
    { writeWholeFile },
  ] = await Promise.all([
    import('../../workflows/get.ts'),
    import('../../workflows/resolve-target.ts'),
    import('../../workflows/find-revision.ts'),
    import('../../workflows/withheld.ts'),
    import('../repository-context.ts'),
    import('../../workflows/write-folder.ts'),
  ]);
  const format = flags.format ?? formatOf(flags.output);
  return withRepository(flags, context, async ({ repository, node, now, signal, terminal }) => {
    const read = flags.withheld ? node.read : withoutWithheld(repository, node.read);
    const names = { resolve: openNames(flags, repository, now), signal };
    const target = await resolveTarget(repository, read, what, names);
    const cid = cidOfRevision(repository, target, flags.revision);
    const exitCode = tellStaleName(target, context);
    const effects = { read, now, signal };
    if (format === 'dir') {
      if (flags.output === undefined) throw new OvnError('usage', 'a folder needs a place: -o FOLDER');
      await getFolder(cid, flags.output, effects);
    } else if (flags.output !== undefined) {
      await writeWholeFile(flags.output, getBytes(cid, format, effects), signal);
    } else {
      await writeOut(getBytes(cid, format, effects), terminal.streams.stdout);
      return exitCode;
    }
    terminal.print(`${cid} written to ${flags.output}`);
    terminal.printJson({ cid: cid.toString(), format, output: flags.output });
    return exitCode;
  });
}

function formatOf(output: string | undefined): GetFormat {
  const extension = /\.([a-z]+)$/.exec(output ?? '')?.[1];
  return FORMATS.find((format) => format === extension) ?? 'md';
}

/** Waits for a slow reader; one that goes away (`| head`) ends it quietly. */
async function writeOut(bytes: AsyncIterable<Uint8Array>, stream: NodeJS.WriteStream): Promise<void> {
  for await (const chunk of bytes) {
    await new Promise<void>((resolve, reject) => {
      stream.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }
}
