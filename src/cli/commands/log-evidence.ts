import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import type { EvidenceJudgement } from '../../reader/verify-evidence.ts';
import { judgeEvidenceFile } from '../../workflows/judge-evidence.ts';
import { printCheck } from '../check-lines.ts';
import { command, type Start } from '../options.ts';
import type { CommandContext, CommonOptions } from '../run.ts';

interface EvidenceFlags extends CommonOptions {
  publication?: string;
}

/** `ovn log evidence`: needs no repository, no network and no memory. */
export function logEvidenceCommand(start: Start): Command {
  return command(
    'evidence',
    'Check the evidence of a refusal, anywhere',
    'ovn log evidence 20260110T120000Z-fork.json',
  )
    .argument('<file>', 'a file that verify kept, yours or another reader’s')
    .option('--publication <id>', 'the publication that you expect it to be of')
    .action((file: string, flags: EvidenceFlags) =>
      start(flags, (context) => evidenceAction(file, flags, context)),
    );
}

async function evidenceAction(
  file: string,
  { publication }: EvidenceFlags,
  { terminal }: CommandContext,
): Promise<number> {
  const judgement = judgeEvidenceFile(file, publication);
  terminal.printJson({ file, ...judgement });
  for (const check of judgement.checks) printCheck(terminal, check);
  terminal.print('', `${file}: ${summaryOf(judgement)}`);
  return EXIT_BY_VERDICT[judgement.verdict];
}

const EXIT_BY_VERDICT = { proven: EXIT.done, genuine: EXIT.incomplete, refused: EXIT.refused } as const;

function summaryOf({ verdict, kind, publication }: EvidenceJudgement): string {
  if (verdict === 'refused') return 'no evidence of anything';
  if (verdict === 'proven') return `proof of ${kind} by the keys of publication ${publication}`;
  return `both documents are genuine for publication ${publication}; their order is the word of who kept them`;
}
