import { Command, CommanderError } from 'commander';
import { EXIT } from '../errors.ts';
import { COMMANDS } from './commands.ts';
import { guardOutput } from './guard-output.ts';
import type { Start } from './options.ts';
import { run } from './run.ts';
import { type CommandName, SUMMARIES } from './summaries.ts';
import { visible } from './wording.ts';

const EXIT_CODES = `
Exit codes: 0 done; 1 failed; 2 usage; 3 incomplete, or not confirmed as current; 4 verification refused; 130 interrupted.
An article is named by its id (2025/07/07/first-light), slug, source file, CID or ipfs:// address.`;

/** Runs one command line; the number is the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const output = guardOutput();
  const start: Start = async (options, action) => {
    exitCode = await run(options, action, output);
  };
  try {
    const program = await buildProgram(args, start);
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
}

/** All commands by name, and the one that is called as a whole. */
async function buildProgram(args: readonly string[], start: Start): Promise<Command> {
  const program = new Command('ovn')
    .description('A newspaper that nobody can quietly change, and nobody can take down.')
    .option('-V, --version', 'the version')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(ovn --help, or ovn <command> --help, says more)');
  const called = args.find((arg) => Object.hasOwn(COMMANDS, arg));
  for (const name of Object.keys(COMMANDS) as CommandName[]) {
    const make = name === called ? await COMMANDS[name]() : undefined;
    program.addCommand(make?.(start) ?? new Command(name).summary(SUMMARIES[name]));
  }
  for (const each of everyCommand(program)) {
    each.exitOverride().configureOutput({ outputError: (text, write) => write(withVisible(args, text)) });
  }
  return program;
}

/** What commander says of arguments, which it quotes as they are. */
function withVisible(args: readonly string[], text: string): string {
  const steering = args.filter((arg) => visible(arg) !== arg);
  return steering.reduce((told, arg) => told.replaceAll(arg, () => visible(arg)), text);
}

function everyCommand(root: Command): Command[] {
  return [root, ...root.commands.flatMap(everyCommand)];
}
