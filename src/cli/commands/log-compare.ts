import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import { type Comparison, compareLogs, type Relation } from '../../workflows/logs/compare-logs.ts';
import { forkEvidence } from '../../workflows/logs/fork-evidence.ts';
import { writeWholeFile } from '../../workflows/write-folder.ts';
import { command, type Start } from '../options.ts';
import { withPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import type { Terminal } from '../terminal.ts';

interface CompareFlags extends CommonOptions {
  output?: string;
}

const EXIT_CODES: Record<Relation, number> = {
  same: EXIT.done,
  'theirs-ahead': EXIT.done,
  'ours-ahead': EXIT.done,
  'not-checked': EXIT.incomplete,
  fork: EXIT.refused,
};

export function logCompareCommand(start: Start): Command {
  return command(
    'compare',
    'Compare the log with the one that others show: the same, one ahead, or a fork',
    'ovn log compare https://mirror.example/harbour/log/',
  )
    .argument('<what>', 'checkpoint file, folder or CAR of an edition, folder or http(s) address of a log')
    .option('-o, --output <file>', 'where the evidence of a fork is written')
    .action((what: string, flags: CompareFlags) =>
      start(flags, (context) => compareAction(what, flags, context)),
    );
}

async function compareAction(what: string, flags: CompareFlags, context: CommandContext): Promise<number> {
  return withPaper(flags, context, async ({ repository, node, now, signal, terminal }) => {
    const comparison = await compareLogs(what, { repository, read: node.read, now, signal });
    terminal.printJson(comparison);
    print(terminal, what, comparison);
    const { output } = flags;
    if (comparison.relation === 'fork' && output !== undefined) {
      const evidence = forkEvidence(comparison, repository, now);
      await writeWholeFile(output, once(evidence), signal);
      terminal.print(`evidence written to ${output}: ovn log evidence judges it`);
    }
    return EXIT_CODES[comparison.relation];
  });
}

function print(
  terminal: Terminal,
  what: string,
  { relation, detail, origin, theirs, ours, difference }: Comparison,
): void {
  const color = { fork: 'red', 'not-checked': 'yellow' } as const;
  const mark = relation === 'fork' || relation === 'not-checked' ? color[relation] : 'green';
  terminal.print(`${what}: ${origin}, signed under masthead ${theirs.masthead}`);
  terminal.print(`${terminal.style(mark, relation)}: ${detail}`);
  if (relation !== 'fork') return;
  if (difference !== undefined) {
    terminal.print('', `Entry ${difference.index} is the first that differs.`);
    terminal.print(`ours    ${difference.ours}`, `theirs  ${difference.theirs}`);
  }
  terminal.print('', 'Our checkpoint:', '', ...ours.checkpoint.split('\n'));
  terminal.print('Their checkpoint:', '', ...theirs.checkpoint.split('\n'));
  terminal.error('ovn: the log was forked: keep both checkpoints, and show them to others');
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
