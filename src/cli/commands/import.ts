import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import type { ImportedRoot } from '../../workflows/import-car.ts';
import { command, dryRunOption, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';

interface ImportFlags extends CommonOptions {
  dryRun?: boolean;
}

export function importCommand(start: Start): Command {
  return command('import', SUMMARIES.import, 'ovn import science.car')
    .argument('<file>', 'a CAR file')
    .addOption(dryRunOption())
    .action((file: string, flags: ImportFlags) =>
      start(flags, (context) => importAction(file, flags, context)),
    );
}

async function importAction(file: string, flags: ImportFlags, context: CommandContext): Promise<number> {
  const [{ importCar }, { noteEdition }, { withRepository }] = await Promise.all([
    import('../../workflows/import-car.ts'),
    import('../../workflows/seen-checkpoints.ts'),
    import('../repository-context.ts'),
  ]);
  return withRepository(flags, context, async ({ repository, node, lock, now, signal, terminal }) => {
    await using progress = openProgress(terminal);
    const roots = await importCar(file, {
      read: node.read,
      put: node.put,
      lock,
      markComplete: (cids) => repository.pins.markComplete(cids.map((cid) => cid.toString())),
      scratchDir: join(repository.stateDir, 'tmp'),
      dryRun: flags.dryRun ?? false,
      signal,
      onProgress: (bytes) => progress.update('bytes', bytes, bytes),
    });
    if (!flags.dryRun)
      for (const { cid } of roots) await noteEdition(repository, cid, file, { read: node.read, now });
    terminal.printJson({ roots: roots.map((root) => ({ ...root, cid: root.cid.toString() })) });
    for (const root of roots) printRoot(terminal, root, flags.dryRun ?? false);
    return roots.some(({ missing }) => missing > 0) ? EXIT.incomplete : EXIT.done;
  });
}

function printRoot(terminal: Terminal, { cid, blocks, bytes, missing }: ImportedRoot, dryRun: boolean): void {
  terminal.print(`${dryRun ? 'Would import' : 'Imported'} ${cid}: ${blocks} blocks, ${bytes} bytes`);
  if (missing > 0) terminal.error(`ovn: ${cid} is incomplete: ${missing} blocks are missing`);
  else if (!dryRun) terminal.note(`It stays until ovn gc; to keep it: ovn pin add ${cid}`);
}
