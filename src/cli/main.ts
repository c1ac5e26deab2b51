import { Command, CommanderError } from 'commander';
import { EXIT } from '../errors.ts';
import { backupCommand } from './commands/backup.ts';
import { checkCommand } from './commands/check.ts';
import { correctCommand, retractCommand } from './commands/correct.ts';
import { diffCommand } from './commands/diff.ts';
import { exportCommand } from './commands/export.ts';
import { gcCommand } from './commands/gc.ts';
import { getCommand } from './commands/get.ts';
import { historyCommand } from './commands/history.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { keyCommand } from './commands/key.ts';
import { categoriesCommand, listCommand } from './commands/list.ts';
import { logCommand } from './commands/log.ts';
import { mastheadCommand } from './commands/masthead.ts';
import { nameCommand } from './commands/name.ts';
import { newCommand } from './commands/new.ts';
import { pinCommand } from './commands/pin.ts';
import { publishCommand } from './commands/publish.ts';
import { restoreCommand } from './commands/restore.ts';
import { serveCommand } from './commands/serve.ts';
import { showCommand } from './commands/show.ts';
import { signCommand } from './commands/sign.ts';
import { verifyCommand } from './commands/verify.ts';
import { guardOutput } from './guard-output.ts';
import type { Start } from './options.ts';
import { run } from './run.ts';

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
    await buildProgram(start).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
}

function buildProgram(start: Start): Command {
  const program = new Command('ovn')
    .description('A newspaper that nobody can quietly change, and nobody can take down.')
    .option('-V, --version', 'the version')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(ovn --help, or ovn <command> --help, says more)');
  const commands = [
    initCommand(start),
    newCommand(start),
    publishCommand(start),
    correctCommand(start),
    retractCommand(start),
    listCommand(start),
    categoriesCommand(start),
    showCommand(start),
    historyCommand(start),
    diffCommand(start),
    getCommand(start),
    verifyCommand(start),
    pinCommand(start),
    gcCommand(start),
    exportCommand(start),
    importCommand(start),
    serveCommand(start),
    nameCommand(start),
    keyCommand(start),
    logCommand(start),
    mastheadCommand(start),
    signCommand(start),
    backupCommand(start),
    restoreCommand(start),
    checkCommand(start),
  ];
  for (const each of commands) program.addCommand(each);
  for (const each of everyCommand(program)) each.exitOverride();
  return program;
}

function everyCommand(root: Command): Command[] {
  return [root, ...root.commands.flatMap(everyCommand)];
}
