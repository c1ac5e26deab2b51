import type { Command } from 'commander';
import { OvnError } from '../../errors.ts';
import { type InitReport, initialise } from '../../workflows/initialise.ts';
import { initialiseMirror } from '../../workflows/initialise-mirror.ts';
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
  mirror?: boolean;
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
    .option('--mirror', 'no paper of your own: a place to follow others, without keys')
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
  if (flags.mirror) return initMirror(dir, flags, terminal);
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

async function initMirror(dir: string, flags: InitFlags, terminal: Terminal): Promise<undefined> {
  const { name, tagline, language, url, origin, passphraseFile, dryRun = false } = flags;
  if ([name, tagline, language, url, origin, passphraseFile].some((said) => said !== undefined)) {
    throw new OvnError('usage', 'a mirror has no paper of its own: nothing can be said of one', {
      hint: 'Without --mirror, ovn init makes a paper, which can follow others as well.',
    });
  }
  const report = await initialiseMirror({ dir, dryRun });
  terminal.printJson(report);
  terminal.print(dryRun ? `Would make a mirror in ${report.dir}` : `Made a mirror in ${report.dir}`);
  if (!dryRun) terminal.print('', `Next: ${programName()} follow <name, id, address or CID>`);
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
