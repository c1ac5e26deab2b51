import { Command, InvalidArgumentError, Option } from 'commander';
import type { NamedPlaces } from '../node/mirrors/mirrors-of.ts';
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

/** How long witnesses are waited for. */
export function witnessTimeoutOption(): Option {
  return new Option('--witness-timeout <seconds>', 'how long all witnesses together are waited for')
    .default(30)
    .argParser((text: string) => {
      const seconds = Number(text);
      if (/^\d{1,4}$/.test(text) && seconds > 0) return seconds;
      throw new InvalidArgumentError('It is a whole number of seconds from 1 to 9999.');
    });
}

/** Who is asked for what is not here, beside whom ovn.json names. */
export interface NetworkFlags {
  peer?: string[];
  gateway?: string[];
  router?: string[];
  /** Whom somebody else names; of no option. */
  mirrors?: NamedPlaces | undefined;
  dht?: boolean;
  public?: boolean;
  offline?: boolean;
  /** Seconds. */
  timeout?: number;
}

/** The options of every command that fetches what is missing: {@link NetworkFlags}. */
export function networkOptions(): Option[] {
  return [
    new Option('--gateway <url>', 'ask this gateway too, also several times').argParser(collect),
    new Option('--peer <multiaddr>', 'ask this peer too, also several times').argParser(collect),
    new Option('--router <url>', 'ask this router for names, and who has it; also several times').argParser(
      collect,
    ),
    new Option(
      '--dht',
      'ask the DHT for names, and who has it; named peers and the bootstrap of ovn.json lead into it',
    ),
    new Option('--public', 'ask the DHT of the public network who has it'),
    new Option('--offline', 'ask nobody, whatever ovn.json says'),
    new Option(
      '--timeout <seconds>',
      'give up fetching after so long (default: when nothing comes)',
    ).argParser((text: string) => {
      const seconds = Number(text);
      if (/^\d{1,6}$/.test(text) && seconds > 0) return seconds;
      throw new InvalidArgumentError('It is a whole number of seconds from 1 to 999999.');
    }),
  ];
}

/** Of an option that may be given several times. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}
