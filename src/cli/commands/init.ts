import type { Command } from 'commander';
import { type InitReport, initialise } from '../../workflows/initialise.ts';
import { command, dryRunOption, passphraseOption, type Start } from '../options.ts';
import { choosePassphrase } from '../passphrase.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { programName } from '../wording.ts';

interface InitFlags extends CommonOptions {
  name?: string;
  tagline?: string;
  language?: string;
  url?: string;
  origin?: string;
  sample: boolean;
  passphrase: boolean;
  passphraseFile?: string;
  dryRun?: boolean;
}

export function initCommand(start: Start): Command {
  return command('init', SUMMARIES.init, 'ovn init mypaper --name "The Harbour Post"')
    .argument('[dir]', 'where', '.')
    .option('--name <text>', 'name of the outlet')
    .option('--tagline <text>', 'its tagline')
    .option('--language <tag>', 'its language (BCP 47)')
    .option('--url <address>', 'where its site is')
    .option('--origin <domain>', 'a domain as the name of its log (default: made from the log key)')
    .option('--no-sample', 'no first article')
    .option('--no-passphrase', 'keys without a passphrase, and no question')
    .addOption(passphraseOption())
    .addOption(dryRunOption())
    .action((dir: string, flags: InitFlags) => start(flags, (context) => initAction(dir, flags, context)));
}

async function initAction(
  dir: string,
  flags: InitFlags,
  { terminal, now }: CommandContext,
): Promise<undefined> {
  const { name, tagline, language, url, origin, sample, dryRun = false } = flags;
  const passphrase = async (): Promise<string | undefined> =>
    flags.passphrase ? choosePassphrase(terminal, flags.passphraseFile) : undefined;
  const report = await initialise(
    { dir, name, tagline, language, url, origin, sample, dryRun },
    { passphrase, now },
  );
  terminal.printJson(report);
  if (dryRun) terminal.print(`Would make a publication in ${report.dir}`);
  else print(terminal, report);
}

function print(terminal: Terminal, { dir, publication, encrypted, sample }: InitReport): void {
  terminal.print(`Made a publication in ${dir}`);
  terminal.print(`Its id, for ever:  ${publication}`);
  if (sample !== null) terminal.print(`A first article:   ${sample}`);
  terminal.print(
    '',
    `Its keys are in ${dir}/.ovn/keys, everything that you publish in ${dir}/.ovn/ovn.db.`,
    'Keep a copy of the whole folder, with .ovn, in a place that is not this machine: without it the paper cannot go on.',
    'Keep copies of the keys apart from it as well:',
    '  ovn key export desk -o desk.pem       (and so on for masthead, edition, log, name)',
    "Whoever has a key can sign in the paper's name; without them nobody can, you neither.",
  );
  if (!encrypted)
    terminal.note('The keys have no passphrase: whoever can read these files can publish in its name.');
  terminal.print('', `Next: ${programName()} publish`);
}
