import { Command } from 'commander';
import { type PaperChanges, setPaper } from '../../workflows/newsroom/set-paper.ts';
import { paperLines } from '../newsroom-lines.ts';
import { command, dryRunOption, type Start } from '../options.ts';
import { lockOf, withStoredPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';

interface SetFlags extends CommonOptions {
  name?: string;
  tagline?: string;
  language?: string;
  /** False under `--no-url`. */
  url?: string | false;
  dryRun?: boolean;
}

export function paperCommand(start: Start): Command {
  const paper = new Command('paper').summary(SUMMARIES.paper).description(`${SUMMARIES.paper}.`);
  paper.addCommand(
    command('show', 'Show what ovn.json says of the paper', 'ovn paper show').action((flags: CommonOptions) =>
      start(flags, (context) => showAction(flags, context)),
    ),
  );
  paper.addCommand(
    command(
      'set',
      'Change what the paper is called, and where its site is',
      'ovn paper set --name "The New Paper" --dry-run',
    )
      .option('--name <name>', 'its name')
      .option('--tagline <text>', 'the line below its name; may be empty')
      .option('--language <tag>', 'of its pages, and of articles that do not say theirs: BCP 47')
      .option('--url <address>', 'where its web site is')
      .option('--no-url', 'it has no web site')
      .addOption(dryRunOption())
      .action((flags: SetFlags) => start(flags, (context) => setAction(flags, context))),
  );
  return paper;
}

async function showAction(flags: CommonOptions, { terminal }: CommandContext): Promise<undefined> {
  await withStoredPaper(flags, async ({ settings, publicationId: publication }) => {
    const { name, tagline, language, url = null } = settings;
    terminal.printJson({ publication, name, tagline, language, url });
    terminal.print(terminal.style('bold', name), ...(tagline === '' ? [] : [tagline]));
    terminal.print(`language: ${language}`, `url: ${url ?? 'none'}`, `publication: ${publication}`);
  });
}

async function setAction(
  { name, tagline, language, url, dryRun = false, ...flags }: SetFlags,
  context: CommandContext,
): Promise<undefined> {
  const { terminal } = context;
  await withStoredPaper(flags, async (repository) => {
    const changes: PaperChanges = { name, tagline, language, url: url === false ? null : url };
    const report = await setPaper(changes, { dryRun }, { repository, lock: lockOf(repository, context) });
    terminal.printJson(report);
    terminal.print(...paperLines(report, { dryRun }));
    if (report.written)
      terminal.note('ovn publish publishes it; ovn publish --dry-run says what that changes.');
  });
}
