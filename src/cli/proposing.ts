import { OvnError } from '../errors.ts';
import { formatProposal, type Proposal } from '../manifest/proposal.ts';
import { missingSignatures } from '../manifest/sign-proposal.ts';
import { finishPublication, proposeWithArticles } from '../workflows/finish.ts';
import { type ProposedPublication, proposePublication } from '../workflows/propose.ts';
import { type PublishEffects, type PublishOptions, publish } from '../workflows/publish.ts';
import type { PublishReport } from '../workflows/publishing/report.ts';
import { tellOfClock } from './clock-doubts.ts';
import { printMissing } from './missing-signatures.ts';
import { readProposal, requireNoFile, writeProposal } from './proposal-file.ts';
import type { Terminal } from './terminal.ts';
import { tellHeld } from './wording.ts';

/** Where signatures come from that are not to be had here. */
export interface ProposingFlags {
  propose?: string;
  finish?: string;
}

/** @throws {OvnError} `usage` for flags that exclude each other; `exists` where a proposal would be lost. */
export function requireFlags(
  paths: readonly string[],
  {
    propose,
    finish,
    ...flags
  }: ProposingFlags & {
    future?: boolean;
    writeSlugs?: boolean;
    dryRun?: boolean;
    watch?: boolean;
    rerender?: boolean;
  },
): void {
  const isOther = [propose, finish].some((file) => file !== undefined);
  if (flags.rerender && (isOther || flags.future || flags.writeSlugs || flags.watch))
    throw new OvnError(
      'usage',
      '--rerender is of what is published, and signed here: it takes no --future, --write-slugs, --watch, --propose or --finish',
    );
  if (finish !== undefined && (paths.length > 0 || flags.future || flags.writeSlugs)) {
    throw new OvnError(
      'usage',
      'the proposal says what is published: --finish takes no paths, --future or --write-slugs',
    );
  }
  if (flags.watch && (propose !== undefined || finish !== undefined || flags.dryRun))
    throw new OvnError('usage', '--watch publishes: it takes no --propose, --finish or --dry-run');
  if (propose !== undefined && flags.dryRun)
    throw new OvnError('usage', '--propose with --dry-run writes nothing');
  if (propose !== undefined) requireNoFile(propose);
}

/** Publishes, proposes or finishes; nothing to report where a file was written instead. */
export async function publishOrPropose(
  { propose, finish }: ProposingFlags,
  options: PublishOptions,
  effects: PublishEffects,
  terminal: Terminal,
): Promise<PublishReport | undefined> {
  const proposed = finish === undefined ? undefined : readProposal(finish);
  if (propose === undefined) {
    if (proposed === undefined) return await publish(options, effects);
    return await finishPublication(proposed, options, effects);
  }
  const made =
    proposed === undefined
      ? await proposePublication(options, [], effects)
      : await proposeWithArticles(proposed, options, effects);
  if (made.proposal === undefined) return made.report;
  writeProposal(propose, formatProposal(made.proposal));
  print(terminal, propose, made.proposal, made);
  return undefined;
}

function print(terminal: Terminal, file: string, proposal: Proposal, { report }: ProposedPublication): void {
  const missing = missingSignatures(proposal);
  const { kind, mastheads } = proposal;
  for (const warning of report?.warnings ?? []) terminal.finding(warning);
  for (const each of report?.held ?? []) terminal.note(`held back: ${tellHeld(each)}`);
  tellOfClock(terminal, report?.clock ?? null);
  const sequence = proposal.kind === 'manifest' ? proposal.manifest.sequence : null;
  const publication = mastheads.publicationId;
  terminal.printJson({ status: 'proposed', kind, publication, sequence, file, missing });
  terminal.print(`${whatIs(proposal)} waits for signatures, in ${file}; nothing is published yet.`);
  printMissing(terminal, file, missing);
  terminal.note(`Then, here: ovn publish --finish ${file}`);
}

function whatIs(proposal: Proposal): string {
  if (proposal.kind === 'manifest') return `Edition ${proposal.manifest.sequence}`;
  if (proposal.kind === 'masthead') return `Masthead ${proposal.masthead.version}`;
  const { length } = proposal.articles;
  return length === 1 ? 'One article' : `Each of ${length} articles`;
}
