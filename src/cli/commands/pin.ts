import { Command } from 'commander';
import { addPin, listPins, type PinEffects, type PinReport, removePin } from '../../workflows/pin.ts';
import { importMissing } from '../../workflows/retrieving/import-dag.ts';
import { command, dryRunOption, type NetworkFlags, networkOptions, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { withRepository } from '../repository-context.ts';
import { openRetrieval } from '../retrieval.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { plural } from '../wording.ts';

interface PinFlags extends CommonOptions, NetworkFlags {
  dryRun?: boolean;
}

export function pinCommand(start: Start): Command {
  const pin = new Command('pin')
    .summary(SUMMARIES.pin)
    .description('Keep a category, or anything else by its CID.');
  pin.addCommand(addCommand(start));
  pin.addCommand(
    command('rm', 'Release a pin', 'ovn pin rm science')
      .argument('<what>', 'the name or CID of a pin')
      .addOption(dryRunOption())
      .action((what: string, flags: PinFlags) =>
        start(flags, (context) =>
          withPins(flags, context, async (effects) => {
            const reports = await removePin(what, effects);
            context.terminal.printJson(reports);
            for (const report of reports)
              context.terminal.print(`${flags.dryRun ? 'Would release' : 'Released'} ${describe(report)}`);
            context.terminal.note('What only it kept stays until ovn gc.');
          }),
        ),
      ),
  );
  pin.addCommand(
    command('ls', 'List the pins', 'ovn pin ls --json').action((flags: PinFlags) =>
      start(flags, (context) =>
        withPins(flags, context, async (effects) => printPins(context.terminal, await listPins(effects))),
      ),
    ),
  );
  return pin;
}

function addCommand(start: Start): Command {
  const add = command('add', 'Keep what a category, article or CID is today', 'ovn pin add science')
    .argument('<what>', 'category, id, slug or CID; of a CID, others are asked for what is not here')
    .addOption(dryRunOption());
  for (const option of networkOptions()) add.addOption(option);
  return add.action((what: string, flags: PinFlags) =>
    start(flags, (context) =>
      withPins(flags, context, async (effects) => {
        if (!flags.dryRun) await fetchFirst(what, flags, context.terminal, effects);
        const report = await addPin(what, effects);
        context.terminal.printJson(report);
        context.terminal.print(`${flags.dryRun ? 'Would pin' : 'Pinned'} ${describe(report)}`);
      }),
    ),
  );
}

/** What is named by its CID and not whole here is fetched, where somebody is named who may have it. */
async function fetchFirst(
  what: string,
  flags: PinFlags,
  terminal: Terminal,
  { repository, read, lock, signal }: PinEffects,
): Promise<void> {
  await using progress = openProgress(terminal);
  await using retrieval = await openRetrieval(flags, repository, progress);
  if (retrieval === undefined) return;
  await importMissing(what, { local: { repository, read }, retrieval, lock, dryRun: false, signal });
}

function printPins(terminal: Terminal, pins: readonly PinReport[]): void {
  terminal.printJson(pins);
  for (const pin of pins) terminal.print(describe(pin));
  if (pins.length === 0) terminal.note('nothing is pinned');
}

function describe({ cid, name, kind, blocks, bytes }: PinReport): string {
  return `${cid}  ${name} (${kind}, ${plural(blocks, 'block')}, ${bytes} bytes)`;
}

async function withPins(
  flags: PinFlags,
  context: CommandContext,
  work: (effects: PinEffects) => Promise<void>,
): Promise<undefined> {
  await withRepository(flags, context, async ({ repository, node, lock, signal }) =>
    work({ repository, read: node.read, lock, dryRun: flags.dryRun ?? false, signal }),
  );
}
