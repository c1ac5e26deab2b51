import type { Command } from 'commander';
import { OvnError } from '../../errors.ts';
import { NO_WITNESSES, type WitnessPolicy } from '../../log/witness-policy.ts';
import { readPolicyFile } from '../../repo/witness-policy-file.ts';
import { isInstant } from '../../trust/instant.ts';
import { type VerifyReport, verify } from '../../workflows/verify.ts';
import { printCheck } from '../check-lines.ts';
import { besideItsMirrors, openFinding, throughGateway } from '../finding.ts';
import { threadStarter } from '../helper-threads.ts';
import { dnsMapOption, dnsOption, type NamingFlags, openNames } from '../naming.ts';
import { command, type NetworkFlags, networkOptions, type Start } from '../options.ts';
import { openProgress } from '../progress.ts';
import { openMemories } from '../reader-memories.ts';
import { withRepositoryIfAny } from '../repository-context.ts';
import * as reach from '../retrieval.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';

interface VerifyFlags extends CommonOptions, NetworkFlags, NamingFlags {
  publication?: string;
  requireCurrent?: boolean;
  at?: string;
  memory: boolean;
  witnessPolicy?: string;
}

export function verifyCommand(start: Start): Command {
  const verify = command('verify', SUMMARIES.verify, 'ovn verify harbour.car --publication bafkrei…')
    .argument(
      '[what]',
      "CID, ipfs:// or ipns:// address, name, domain, a publication's id, address of a mirror, id, slug, source, category, CAR file or folder (default: the head edition)",
    )
    .option('--publication <id>', 'the publication that you expect it to be of')
    .option('--require-current', 'refuse what is not confirmed as the newest')
    .option('--at <instant>', 'judge expiry at this moment, 2026-01-31T12:00:00Z')
    .option('--no-memory', 'neither use nor change what is remembered of the publication')
    .option(
      '--witness-policy <file>',
      'JSON with the witnesses that you trust, and how many must have cosigned',
    )
    .addOption(dnsOption())
    .addOption(dnsMapOption());
  for (const option of networkOptions()) verify.addOption(option);
  return verify.action((what: string | undefined, flags: VerifyFlags) =>
    start(flags, (context) => verifyAction(what, flags, context)),
  );
}

async function verifyAction(
  what: string | undefined,
  flags: VerifyFlags,
  context: CommandContext,
): Promise<number> {
  const { terminal, signal } = context;
  const named = await readPolicy(flags);
  const now = flags.at === undefined ? context.now : parseInstant(flags.at);
  const { report, exitCode } = await withRepositoryIfAny(flags, context, async (open) => {
    await using progress = openProgress(terminal);
    const { repository } = open ?? {};
    const asked =
      what === undefined ? { what, flags } : await besideItsMirrors(throughGateway(what, flags), repository);
    const configured = reach.withConfigured(asked.flags, repository);
    await using retrieval = await reach.openRetrieval(asked.flags, repository, progress);
    return await verify(
      { what: asked.what, publication: flags.publication, requireCurrent: flags.requireCurrent ?? false },
      {
        local: open === undefined ? undefined : { repository: open.repository, read: open.node.read },
        retrieval,
        memories: flags.memory ? openMemories(open?.repository) : undefined,
        policy: named ?? NO_WITNESSES,
        names: openNames(configured, repository, now, retrieval?.names()),
        find: openFinding(configured, repository, now, retrieval?.names()),
        now,
        signal,
        startJudge: threadStarter('judging-thread'),
        onProgress: (done, total) => progress.update('bundles', done, total),
      },
    );
  });
  terminal.printJson(report);
  print(terminal, report);
  return exitCode;
}

async function readPolicy({ witnessPolicy }: VerifyFlags): Promise<WitnessPolicy | undefined> {
  if (witnessPolicy === undefined) return undefined;
  return readPolicyFile(witnessPolicy);
}

function parseInstant(text: string): Date {
  if (isInstant(text)) return new Date(text);
  throw new OvnError('usage', `--at ${text} is not a moment in UTC, like 2026-01-31T12:00:00Z`);
}

function print(terminal: Terminal, { target, publication, verdict, checks, evidence }: VerifyReport): void {
  for (const check of checks) printCheck(terminal, check);
  const of =
    publication === null
      ? ''
      : `, ${verdict === 'refused' ? 'and says it is ' : ''}of publication ${publication}`;
  const color = verdict === 'refused' ? 'red' : 'green';
  terminal.print('', `${target}: ${terminal.style(color, verdict)}${of}`);
  if (verdict !== 'refused') return;
  const failed = checks.find(({ result }) => result === 'fail');
  terminal.error(`ovn: verification refused: ${failed?.name}: ${failed?.detail}`);
  if (evidence !== null)
    terminal.error(`Both documents are kept in ${evidence}: ovn log evidence judges it.`);
}
