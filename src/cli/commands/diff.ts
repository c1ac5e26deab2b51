import type { Command } from 'commander';
import { printable } from '../../article/characters.ts';
import { isSame, type Passage, type Piece } from '../../article/differences.ts';
import { type DiffReport, diffRevisions } from '../../workflows/diff.ts';
import { command, type Start } from '../options.ts';
import { withPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';

/** Lines of text that are shown around what changed. */
const CONTEXT = 2;

export function diffCommand(start: Start): Command {
  return command('diff', SUMMARIES.diff, 'ovn diff first-light 1 3')
    .argument('<article>', 'id, slug, source file, CID or ipfs:// address')
    .argument('[revision]', 'the earlier one (default: the last but one)')
    .argument('[revision2]', 'the later one (default: the newest)')
    .action((what: string, first: string | undefined, second: string | undefined, flags: CommonOptions) =>
      start(flags, (context) => diffAction(what, [first, second], flags, context)),
    );
}

async function diffAction(
  what: string,
  revisions: readonly (string | undefined)[],
  flags: CommonOptions,
  context: CommandContext,
): Promise<undefined> {
  await withPaper(flags, context, async ({ repository, node, terminal }) => {
    const named = revisions.filter((revision) => revision !== undefined);
    const report = await diffRevisions(what, named, { repository, read: node.read });
    terminal.printJson(report);
    tell(terminal, report);
  });
}

function tell(terminal: Terminal, { id, before, after, headline, summary, body, reasons }: DiffReport): void {
  terminal.print(terminal.style('bold', `${id}: revision ${before.revision} to revision ${after.revision}`));
  for (const { kind, datePublished, text } of reasons) terminal.print(`${kind} of ${datePublished}: ${text}`);
  if (!isSame(headline)) terminal.print(`headline: ${words(terminal, headline)}`);
  if (!isSame(summary)) terminal.print(`summary: ${words(terminal, summary)}`);
  const isChanged = body.some(({ kind }) => kind === 'changed');
  if (isChanged) for (const line of linesOf(terminal, body)) terminal.print(line);
  else if (isSame(headline) && isSame(summary)) terminal.print('headline, summary and text are the same');
}

function linesOf(terminal: Terminal, body: readonly Passage[]): string[] {
  return body.flatMap((passage, at) => {
    if (passage.kind === 'changed') return words(terminal, passage.pieces).split('\n');
    const { lines } = passage;
    const first = at === 0 ? 0 : CONTEXT;
    const last = at + 1 === body.length ? 0 : CONTEXT;
    if (lines.length <= first + last) return lines.map(printable);
    const tail = lines.slice(lines.length - last).map(printable);
    return [...lines.slice(0, first).map(printable), terminal.style('dim', '…'), ...tail];
  });
}

/** The marks of git's word diff, so that nothing depends on colours; control characters of the text are made visible. */
function words(terminal: Terminal, pieces: readonly Piece[]): string {
  return pieces
    .map(({ kind, text: written }) => {
      const text = printable(written);
      if (kind === 'same') return text;
      return kind === 'removed'
        ? terminal.style('red', `[-${text}-]`)
        : terminal.style('green', `{+${text}+}`);
    })
    .join('');
}
