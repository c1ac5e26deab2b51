import { join } from 'node:path';
import { EXIT } from '../errors.ts';
import type { MastheadEffects, MastheadReport } from '../workflows/keys/change-masthead.ts';
import { failpoint } from './failpoint.ts';
import { printMissing } from './missing-signatures.ts';
import { dryRunOption, passphraseOption } from './options.ts';
import { writeProposal } from './proposal-file.ts';
import { lockOf, withStoredRepository } from './repository-context.ts';
import type { CommandContext, CommonOptions } from './run.ts';
import { openPassphrase } from './signers.ts';
import type { Terminal } from './terminal.ts';

export interface ChangeFlags extends CommonOptions {
  dryRun?: boolean;
  passphraseFile?: string;
}

type Change = (
  effects: MastheadEffects,
  options: { dryRun: boolean },
) => Promise<MastheadReport & { disowned?: unknown }>;

/** The options that every command has which makes a masthead. */
export function changeOptions() {
  return [dryRunOption(), passphraseOption()];
}

/** Runs a command that makes a masthead, and says what it came to; 3 where signatures are missing. */
export async function changeAction(
  flags: ChangeFlags,
  context: CommandContext,
  change: Change,
): Promise<number | undefined> {
  const report = await withMasthead(flags, context, (effects) =>
    change(effects, { dryRun: flags.dryRun ?? false }),
  );
  printReport(context.terminal, report);
  return report.status === 'proposed' ? EXIT.incomplete : undefined;
}

/** Opens what a change of the masthead needs: no node, which takes longer to start. */
export async function withMasthead<T>(
  flags: ChangeFlags,
  { terminal, now, signal }: CommandContext,
  work: (effects: MastheadEffects) => Promise<T>,
): Promise<T> {
  return await withStoredRepository(flags, (repository) =>
    work({
      repository,
      lock: lockOf(repository, { terminal, signal }),
      passphrase: openPassphrase(repository.keysDir, terminal, flags.passphraseFile),
      writeProposal: (name, bytes) => writeProposal(join(repository.dir, name), bytes),
      now,
      onStep: failpoint(),
    }),
  );
}

export function printReport(terminal: Terminal, report: MastheadReport): void {
  terminal.printJson(report);
  const { status, version, masthead, expires, added, removed, proposal, missing } = report;
  for (const { role, id } of removed) terminal.print(`- ${role.padEnd(9)} ${id}`);
  for (const { role, id } of added) terminal.print(`+ ${role.padEnd(9)} ${id}`);
  if (status === 'planned') terminal.print(`Would make masthead ${version}, good until ${expires}.`);
  if (status === 'recorded') {
    terminal.print(`Masthead ${version} is recorded, good until ${expires}:`, `  ${masthead}`);
    terminal.note('The next ovn publish makes an edition that names it.');
  }
  if (status !== 'proposed') return;
  terminal.print(`Masthead ${version} waits for signatures, in ${proposal}`);
  if (proposal !== null) printMissing(terminal, proposal, missing);
  terminal.note(`Then, here: ovn masthead sign ${proposal}`);
}
