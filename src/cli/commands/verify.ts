import type { Command } from 'commander';
import type { Check } from '../../trust/check.ts';
import type { VerifyReport } from '../../workflows/verify.ts';
import { command, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import type { Terminal } from '../terminal.ts';

interface VerifyFlags extends CommonOptions {
  publication?: string;
}

export function verifyCommand(start: Start): Command {
  return command(
    'verify',
    'Check an article, a category or an edition as a stranger would',
    'ovn verify harbour.car --publication bafkrei…',
  )
    .argument(
      '[what]',
      'CID, ipfs:// address, id, slug, source, category, CAR file or folder (default: the head edition)',
    )
    .option('--publication <id>', 'the publication that you expect it to be of')
    .action((what: string | undefined, flags: VerifyFlags) =>
      start(flags, (context) => verifyAction(what, flags, context)),
    );
}

async function verifyAction(
  what: string | undefined,
  flags: VerifyFlags,
  context: CommandContext,
): Promise<number> {
  const [{ verify }, { withRepositoryIfAny }] = await Promise.all([
    import('../../workflows/verify.ts'),
    import('../repository-context.ts'),
  ]);
  const { terminal, now, signal } = context;
  const { report, exitCode } = await withRepositoryIfAny(flags, context, async (open) => {
    await using progress = openProgress(terminal);
    return await verify(
      { what, publication: flags.publication },
      {
        local: open === undefined ? undefined : { repository: open.repository, read: open.node.read },
        now,
        signal,
        onProgress: (done, total) => progress.update('bundles', done, total),
      },
    );
  });
  terminal.printJson(report);
  print(terminal, report);
  return exitCode;
}

function print(terminal: Terminal, { target, publication, verdict, checks }: VerifyReport): void {
  printChecks(terminal, checks);
  const of =
    publication === null
      ? ''
      : `, ${verdict === 'refused' ? 'and says it is ' : ''}of publication ${publication}`;
  const color = verdict === 'refused' ? 'red' : 'green';
  terminal.print(`\n${target}: ${terminal.style(color, verdict)}${of}`);
  if (verdict !== 'refused') return;
  const failed = checks.find(({ result }) => result === 'fail');
  terminal.error(`ovn: verification refused: ${failed?.name}: ${failed?.detail}`);
}

/** One line of every check. */
export function printChecks(terminal: Terminal, checks: readonly Check[]): void {
  for (const { name, result, detail } of checks)
    terminal.print(`${mark(terminal, result)} ${name}: ${detail}`);
}

function mark(terminal: Terminal, result: Check['result']): string {
  if (result === 'pass') return terminal.style('green', 'pass       ');
  return result === 'fail' ? terminal.style('red', 'FAIL       ') : terminal.style('yellow', 'not-checked');
}
