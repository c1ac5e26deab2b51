import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../../errors.ts';
import { readClock } from '../../repo/read-clock.ts';
import { type PreviewState, preview } from '../../workflows/preview.ts';
import { markOf } from '../../workflows/previewing/mark-page.ts';
import { command, type Start } from '../options.ts';
import { pictureMaker } from '../pictures.ts';
import { withStoredPaper } from '../repository-context.ts';
import { type CommandContext, type CommonOptions, clock, report } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { plural } from '../wording.ts';

interface PreviewFlags extends CommonOptions {
  port: number;
}

export function previewCommand(start: Start): Command {
  return command('preview', SUMMARIES.preview, 'ovn preview --port 8081')
    .addOption(
      new Option('--port <n>', 'where it is on this machine; 0 takes a free one')
        .default(8081)
        .argParser(parsePort),
    )
    .action((flags: PreviewFlags) => start(flags, (context) => previewAction(flags, context)));
}

async function previewAction({ port, ...flags }: PreviewFlags, context: CommandContext): Promise<number> {
  const { terminal, signal } = context;
  return withStoredPaper(flags, async (repository) => {
    await preview(port, {
      repository,
      now: clock,
      clock: readClock,
      pictures: pictureMaker,
      signal,
      onBuilt: (state) => tell(terminal, state),
      onListen: (url) => {
        terminal.printJsonLine({ url });
        terminal.print(`Preview at ${url}`);
        terminal.note('Nothing of it is published, signed or stored. Ctrl-C ends it.');
      },
      onDefect: (error) => report(terminal, error),
    });
    return EXIT.done;
  });
}

function tell(terminal: Terminal, { site, findings }: PreviewState): void {
  for (const finding of findings) terminal.finding(finding);
  if (findings.some(({ severity }) => severity === 'error')) {
    terminal.error(
      `ovn: sources have errors; ${site === undefined ? 'there is nothing to show' : 'the preview stays as it was'}`,
    );
    return;
  }
  const changed = [...(site?.changed.values() ?? [])];
  const held = changed.flatMap(({ source, held }) =>
    held === undefined ? [] : [`${source}: ${markOf(held)}`],
  );
  const due = changed.length - held.length;
  terminal.note(`${plural(due, 'article')} to publish, ${held.length} held back`);
  for (const line of held) terminal.note(`  ${line}`);
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 0 to 65535.');
}
