import { Command, Option } from 'commander';
import type { CommandContext, CommonOptions } from './run.ts';

/** What a command file gives to main.ts. `start` runs an action and keeps its exit code. */
export type Start = <O extends CommonOptions>(
  options: O,
  action: (context: CommandContext) => Promise<number | undefined>,
) => Promise<void>;

/** A command with the options that all commands share. */
export function command(name: string, summary: string, example: string): Command {
  return new Command(name)
    .summary(summary)
    .description(`${summary}.`)
    .addOption(new Option('--repo <dir>', 'the repository (default: found upward from here)').env('OVN_REPO'))
    .option('--json', 'one JSON document on standard output')
    .option('--quiet', 'nothing but results and errors')
    .option('--verbose', 'say more')
    .option('--no-color', 'no colours')
    .addHelpText('after', `\nExample:\n  ${example}`);
}

/** `--dry-run`, for whatever changes something. */
export function dryRunOption(): Option {
  return new Option('--dry-run', 'say what would happen and change nothing');
}

/** `--withheld`, for what gives out texts. */
export function withheldOption(): Option {
  return new Option('--withheld', 'also a text that a retraction withholds');
}

/** `--revision`, for what shows one revision of an article. */
export function revisionOption(): Option {
  return new Option('--revision <n>', 'this revision of the article (default: the newest)');
}

/** Where the passphrase of the keyring is read from when no terminal is there to ask. */
export function passphraseOption(): Option {
  return new Option('--passphrase-file <file>', 'a file with the passphrase of the keys').env(
    'OVN_PASSPHRASE_FILE',
  );
}
