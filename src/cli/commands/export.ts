import type { Command } from 'commander';
import { OvnError } from '../../errors.ts';
import { command, type Start, withheldOption } from '../options.ts';
import type { CommandContext, CommonOptions } from '../run.ts';

interface ExportFlags extends CommonOptions {
  output?: string;
  withheld?: boolean;
}

export function exportCommand(start: Start): Command {
  return command(
    'export',
    'Write a CAR file with all of an article, a category or an edition',
    'ovn export science -o science.car',
  )
    .argument('[what]', 'id, slug, category or CID (default: the head edition)')
    .option('-o, --output <file>', 'the CAR file')
    .addOption(withheldOption())
    .action((what: string | undefined, flags: ExportFlags) =>
      start(flags, (context) => exportAction(what, flags, context)),
    );
}

async function exportAction(
  what: string | undefined,
  flags: ExportFlags,
  context: CommandContext,
): Promise<undefined> {
  const { output } = flags;
  if (output === undefined) throw new OvnError('usage', 'an export needs a file: -o FILE.car');
  const [
    { measureDag },
    { resolveTarget },
    { withoutWithheld },
    { writeCar },
    { writeWholeFile },
    { withRepository },
  ] = await Promise.all([
    import('../../workflows/measure-dag.ts'),
    import('../../workflows/resolve-target.ts'),
    import('../../workflows/withheld.ts'),
    import('../../node/car.ts'),
    import('../../workflows/write-folder.ts'),
    import('../repository-context.ts'),
  ]);
  await withRepository(flags, context, async ({ repository, node, signal, terminal }) => {
    const read = flags.withheld ? node.read : withoutWithheld(repository, node.read);
    const { cid, name } = await resolveTarget(repository, read, what);
    const size = await measureDag(cid, read, signal);
    await writeWholeFile(output, writeCar(cid, read, { signal }), signal);
    terminal.printJson({ cid: cid.toString(), name, output, ...size });
    terminal.print(`${cid}  ${name}: ${size.blocks} blocks written to ${output}`);
  });
}
