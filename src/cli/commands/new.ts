import type { Command } from 'commander';
import { newSource } from '../../workflows/new-source.ts';
import { command, type Start } from '../options.ts';
import { withStoredPaper } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';

interface NewFlags extends CommonOptions {
  category?: string[];
}

export function newCommand(start: Start): Command {
  return command('new', SUMMARIES.new, 'ovn new "First light" --category Science')
    .argument('<title>', 'the headline')
    .option(
      '--category <name>',
      'a category; may be given several times',
      (name: string, names: string[] = []) => [...names, name],
    )
    .action((title: string, flags: NewFlags) => start(flags, (context) => newAction(title, flags, context)));
}

async function newAction(
  title: string,
  flags: NewFlags,
  { terminal, now }: CommandContext,
): Promise<undefined> {
  await withStoredPaper(flags, async ({ articlesDir }) => {
    const categories = flags.category ?? ['News'];
    const source = newSource({ title, articlesDir, categories, now });
    terminal.printJson(source);
    terminal.print(source.path, 'Write the article there, then: ovn publish');
  });
}
