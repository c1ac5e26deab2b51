import { Command, type Command as CommandType, InvalidArgumentError } from 'commander';
import { EXIT } from '../../errors.ts';
import { extendMasthead, setThreshold } from '../../workflows/keys/change-keys.ts';
import { finishMasthead } from '../../workflows/keys/finish-masthead.ts';
import { type ShownMasthead, showMastheads } from '../../workflows/keys/show-mastheads.ts';
import {
  type ChangeFlags,
  changeAction,
  changeOptions,
  printReport,
  withMasthead,
} from '../masthead-changes.ts';
import { command, type Start } from '../options.ts';
import { readProposal, rewriteProposal } from '../proposal-file.ts';
import { withStoredRepository } from '../repository-context.ts';
import { parseRole, ROLE_NAMES } from '../roles.ts';
import type { CommandContext } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';

interface ExtendFlags extends ChangeFlags {
  days?: number;
}

export function mastheadCommand(start: Start): CommandType {
  const masthead = new Command('masthead')
    .summary(SUMMARIES.masthead)
    .description('The masthead: whose signatures count, and how many of them.');
  const changing = (name: string, summary: string, example: string): CommandType => {
    const made = command(name, summary, example);
    for (const option of changeOptions()) made.addOption(option);
    masthead.addCommand(made);
    return made;
  };
  masthead.addCommand(
    command('show', 'All versions, and whom the newest names', 'ovn masthead show').action(
      (flags: ChangeFlags) => start(flags, (context) => showAction(flags, context)),
    ),
  );
  changing('extend', 'Make it good for longer', 'ovn masthead extend')
    .option('--days <n>', 'for so many days from now (default: 5 years)', parseNumber)
    .action(({ days, ...flags }: ExtendFlags) =>
      start(flags, (context) => changeAction(flags, context, (...args) => extendMasthead({ days }, ...args))),
    );
  changing('threshold', 'Set how many keys of a role must sign', 'ovn masthead threshold edition 2')
    .argument('<role>', ROLE_NAMES)
    .argument('<n>', 'how many', parseNumber)
    .action((role: string, threshold: number, flags: ChangeFlags) =>
      start(flags, (context) =>
        changeAction(flags, context, (...args) =>
          setThreshold({ role: parseRole(role), threshold }, ...args),
        ),
      ),
    );
  changing(
    'sign',
    'Sign a proposed masthead with the keys that are here, and record it once enough have signed',
    'ovn masthead sign masthead-2.proposal.json',
  )
    .alias('finish')
    .argument('<file>', 'the proposal')
    .action((file: string, flags: ChangeFlags) =>
      start(flags, (context) => signAction(file, flags, context)),
    );
  return masthead;
}

async function signAction(
  file: string,
  flags: ChangeFlags,
  context: CommandContext,
): Promise<number | undefined> {
  const report = await withMasthead(flags, context, (effects) =>
    finishMasthead(
      readProposal(file),
      { ...effects, writeProposal: (_name, bytes) => rewriteProposal(file, bytes) },
      { dryRun: flags.dryRun ?? false },
    ),
  );
  printReport(context.terminal, report);
  return report.status === 'proposed' ? EXIT.incomplete : undefined;
}

async function showAction(flags: ChangeFlags, { terminal, now }: CommandContext): Promise<undefined> {
  await withStoredRepository(flags, async (repository) => {
    const shown = showMastheads(repository, now);
    terminal.printJson(shown);
    terminal.print(`Publication  ${shown.publication}`, `Log          ${shown.origin}`);
    for (const version of shown.versions) printVersion(terminal, version);
    const newest = shown.versions.at(-1);
    if (newest !== undefined) printRoles(terminal, newest);
  });
}

function printVersion(terminal: Terminal, { version, cid, expires, expired, signedBy }: ShownMasthead): void {
  terminal.print('', `Masthead ${version}  ${cid}`);
  terminal.print(`  ${expired ? 'expired' : 'good until'} ${expires}`);
  for (const did of signedBy) terminal.print(`  signed by ${did}`);
}

function printRoles(terminal: Terminal, { roles, revoked }: ShownMasthead): void {
  terminal.print('', 'Who may sign now:');
  for (const [role, { keys, threshold }] of Object.entries(roles)) {
    terminal.print(`  ${role} (${threshold} of ${keys.length}):`);
    for (const { id, categories } of keys) {
      terminal.print(`    ${id}${categories === undefined ? '' : `  for ${categories.join(', ')} only`}`);
    }
  }
  for (const { id, fromEntry } of revoked) terminal.print(`  revoked from entry ${fromEntry}: ${id}`);
}

function parseNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a number from 1 on is wanted.');
}
