import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import { audit } from '../../workflows/audit.ts';
import { command, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { withRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';

export function checkCommand(start: Start): Command {
  return command('check', SUMMARIES.check, 'ovn check').action((flags: CommonOptions) =>
    start(flags, (context) => checkAction(flags, context)),
  );
}

async function checkAction(flags: CommonOptions, context: CommandContext): Promise<number> {
  return withRepository(flags, context, async ({ repository, node, terminal, now, signal }) => {
    await using progress = openProgress(terminal);
    const report = await audit({
      repository,
      read: node.read,
      now,
      signal,
      onProgress: (check, done) => progress.update(check, done, done),
    });
    terminal.printJson(report);
    for (const { name, result, detail } of report.checks) {
      terminal.print(
        `${result === 'fail' ? terminal.style('red', 'FAIL') : terminal.style('green', 'ok  ')} ${name}: ${detail}`,
      );
    }
    if (!report.ok)
      terminal.error(
        'ovn: the repository is damaged; restore a backup, or import what is missing from a mirror',
      );
    return report.ok ? EXIT.done : EXIT.failed;
  });
}
