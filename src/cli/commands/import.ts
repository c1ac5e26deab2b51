import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import type { SourceReport } from '../../node/retrieve/source.ts';
import { type ImportedRoot, importCar } from '../../workflows/import-car.ts';
import { importDag, resolveAddress } from '../../workflows/retrieving/import-dag.ts';
import { noteEdition } from '../../workflows/seen-checkpoints.ts';
import { dnsMapOption, dnsOption, type NamingFlags, openNames } from '../naming.ts';
import { command, dryRunOption, type NetworkFlags, networkOptions, type Start } from '../options.ts';
import { openProgress, type Progress } from '../progress.ts';
import { type RepositoryContext, withRepository } from '../repository-context.ts';
import { isAddress, nobodyAsked, openRetrieval, withConfigured } from '../retrieval.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { printSources } from '../source-lines.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';

interface ImportFlags extends CommonOptions, NetworkFlags, NamingFlags {
  dryRun?: boolean;
}

/** What was taken in, and from whom where that was not a file. */
interface Imported {
  roots: ImportedRoot[];
  sources?: SourceReport[];
}

export function importCommand(start: Start): Command {
  const add = command('import', SUMMARIES.import, 'ovn import science.car')
    .argument('<what>', 'a CAR file, a CID, an ipfs:// or ipns:// address, or a name')
    .addOption(dryRunOption())
    .addOption(dnsOption())
    .addOption(dnsMapOption());
  for (const option of networkOptions()) add.addOption(option);
  return add.action((what: string, flags: ImportFlags) =>
    start(flags, (context) => importAction(what, flags, context)),
  );
}

async function importAction(what: string, flags: ImportFlags, context: CommandContext): Promise<number> {
  return withRepository(flags, context, async (open) => {
    const { repository, node, now, terminal } = open;
    const { roots, sources } = await takeIn(what, flags, open);
    if (!flags.dryRun)
      for (const { cid } of roots) await noteEdition(repository, cid, what, { read: node.read, now });
    const told = sources === undefined ? {} : { sources };
    terminal.printJson({ roots: roots.map((root) => ({ ...root, cid: root.cid.toString() })), ...told });
    for (const root of roots) printRoot(terminal, root, flags.dryRun ?? false);
    printSources(terminal, sources ?? []);
    return roots.some(({ missing }) => missing > 0) ? EXIT.incomplete : EXIT.done;
  });
}

async function takeIn(what: string, flags: ImportFlags, open: RepositoryContext): Promise<Imported> {
  await using progress = openProgress(open.terminal);
  return await (existsSync(what) ? importFile : importAddress)(what, flags, open, progress);
}

async function importFile(
  file: string,
  flags: ImportFlags,
  { repository, node, lock, signal }: RepositoryContext,
  progress: Progress,
): Promise<Imported> {
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
  return { roots };
}

async function importAddress(
  what: string,
  flags: ImportFlags,
  { repository, node, lock, now, signal }: RepositoryContext,
  progress: Progress,
): Promise<Imported> {
  await using retrieval = await openRetrieval(flags, repository, progress);
  if (retrieval === undefined || !isAddress(what)) throw nobodyAsked(what, flags);
  const local = { repository, read: node.read };
  const names = openNames(withConfigured(flags, repository), repository, now, retrieval.names());
  const effects = { local, retrieval, names, lock, dryRun: flags.dryRun ?? false, signal };
  const { root, report } = await importDag(await resolveAddress(what, effects), effects);
  return { roots: [root], sources: report.sources };
}

function printRoot(terminal: Terminal, { cid, blocks, bytes, missing }: ImportedRoot, dryRun: boolean): void {
  terminal.print(`${dryRun ? 'Would import' : 'Imported'} ${cid}: ${blocks} blocks, ${bytes} bytes`);
  if (missing > 0) terminal.error(`ovn: ${cid} is incomplete: ${missing} blocks are missing`);
  else if (!dryRun) terminal.note(`It stays until ovn gc; to keep it: ovn pin add ${cid}`);
}
