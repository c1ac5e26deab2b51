import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import { readClock } from '../../repo/read-clock.ts';
import { type RestoredMark, readRestoredMark } from '../../repo/restored-mark.ts';
import type { PublishReport } from '../../workflows/publishing/report.ts';
import { proposeSlugs, writeSlugs } from '../../workflows/write-slugs.ts';
import { askAboutClock, tellOfClock } from '../clock-doubts.ts';
import { failpoint } from '../failpoint.ts';
import { keepPublishing, type Round } from '../keep-publishing.ts';
import { once } from '../once.ts';
import { command, dryRunOption, passphraseOption, type Start, witnessTimeoutOption } from '../options.ts';
import { askOwnMirrors } from '../own-mirrors.ts';
import { pictureMaker } from '../pictures.ts';
import { openProgress } from '../progress.ts';
import { publishOrPropose, requireFlags } from '../proposing.ts';
import { printPublication } from '../publish-lines.ts';
import * as pushing from '../pushing.ts';
import { type RepositoryContext, withPaper } from '../repository-context.ts';
import { revisionMaker } from '../revisions.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { openSigners } from '../signers.ts';
import { stopYoungGrowth } from '../steady-heap.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import * as witnessing from '../witnessing.ts';
import { programName } from '../wording.ts';

interface PublishFlags extends CommonOptions {
  dryRun?: boolean;
  future?: boolean;
  writeSlugs?: boolean;
  passphraseFile?: string;
  propose?: string;
  finish?: string;
  witnessTimeout: number;
  push?: boolean;
  watch?: boolean;
  clockIsRight?: boolean;
  rerender?: boolean;
}

/** A publication that was made, or would be, with what became of it outside. */
interface Published extends Awaited<ReturnType<typeof witnessing.haveWitnessed>> {
  pushed: Awaited<ReturnType<typeof pushing.pushPublished>>;
}

export function publishCommand(start: Start): Command {
  return command('publish', SUMMARIES.publish, 'ovn publish articles/2025-07-07-first-light.md')
    .argument('[paths...]', 'files and folders to consider (default: all articles); articles with --rerender')
    .option('--future', 'publish also what is dated more than a day ahead')
    .option('--write-slugs', 'first write a slug into each source that has none, and whose name makes none')
    .option('--watch', 'stay, and publish at each change and when an embargo ends, until stopped')
    .option('--clock-is-right', 'release what is due by the clock, however far it went since the last time')
    .option('--rerender', 'publish no sources: make published articles anew whose pages would be others now')
    .option('--push', 'then give it to the remotes, as push does')
    .option('--propose <file>', 'make it, and write what keys elsewhere have to sign; the head stays')
    .option('--finish <file>', 'publish what was proposed and signed')
    .addOption(dryRunOption())
    .addOption(passphraseOption())
    .addOption(witnessTimeoutOption())
    .action((paths: string[], flags: PublishFlags) =>
      start(flags, (context) => publishAction(paths, flags, context)),
    );
}

async function publishAction(paths: string[], flags: PublishFlags, context: CommandContext): Promise<number> {
  requireFlags(paths, flags);
  if (flags.watch) {
    const publish = async (round: Round, now: Date): Promise<PublishReport | undefined> => {
      const published = await publishOnce(paths, flags, { ...context, now }, round);
      if (published === undefined) return undefined;
      const { report, pushed } = published;
      if (pushed !== undefined) round.isUnpushed = pushed.report?.done !== true;
      const isNews = report.status !== 'unchanged' || (pushed !== undefined && !round.isUnpushed);
      if (isNews) await tell(published, flags, context);
      return report;
    };
    return await keepPublishing(publish, flags, context);
  }
  const published = await publishOnce(paths, flags, context);
  return published === undefined ? EXIT.done : await tell(published, flags, context);
}

/** Publishes, proposes or finishes; nothing where a file was written instead. */
async function publishOnce(
  paths: string[],
  flags: PublishFlags,
  context: CommandContext,
  { passphrase, confirm, isUnpushed }: Round = {},
): Promise<Published | undefined> {
  return await withPaper(flags, context, async (open) => {
    const { repository, node, lock, terminal, now, signal } = open;
    if (flags.push) pushing.requireRemote(repository);
    const drafts = await giveSlugs(paths, flags, open);
    const restored = readRestoredMark(repository.meta);
    warnOfBackup(terminal, restored);
    if (restored !== undefined) await witnessing.askBefore(flags, open);
    await using progress = openProgress(terminal);
    await using revisions = revisionMaker();
    await using pictures = pictureMaker();
    const published = await publishOrPropose(
      flags,
      {
        paths,
        dryRun: flags.dryRun ?? false,
        drafts,
        allowFuture: flags.future ?? false,
        listUnchanged: terminal.json,
        rerender: flags.rerender ? paths : undefined,
      },
      {
        repository,
        node,
        lock,
        now,
        clock: { ...readClock(), confirm: confirm ?? once(askAboutClock(terminal, flags)) },
        signal,
        signers: openSigners(repository, terminal, flags.passphraseFile, passphrase),
        revisions,
        pictures,
        onStep: failpoint(),
        onProgress: (step, done, total) => {
          if (step === 'plan' && done > GROWN) stopYoungGrowth();
          progress.update(step, done, total);
        },
        shownLogs: askOwnMirrors(repository),
      },
      terminal,
    );
    if (published === undefined) return undefined;
    return {
      ...(await witnessing.haveWitnessed(published, flags, open)),
      pushed: isIdle(flags, published, isUnpushed) ? undefined : await pushing.pushPublished(flags, open),
    };
  });
}

/** Writes slugs, where that is wanted; gives the texts that a dry run has instead of them. */
async function giveSlugs(
  paths: readonly string[],
  { writeSlugs: isWanted, dryRun }: PublishFlags,
  { repository, lock, terminal, now }: RepositoryContext,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (!isWanted) return undefined;
  const slugs = dryRun
    ? proposeSlugs(repository, paths, now)
    : await writeSlugs({ repository, lock }, paths, now);
  for (const { source, slug } of slugs) terminal.note(`${source}: slug: ${slug}`);
  return dryRun ? new Map(slugs.map(({ source, text }) => [source, text])) : undefined;
}

/** Sources that are read until there is room enough for new objects. */
const GROWN = 2000;

/** Says what became of it; returns the exit code. */
async function tell(
  { report, exitCode, pushed }: Published,
  flags: PublishFlags,
  { terminal }: CommandContext,
): Promise<number> {
  printPublication(
    terminal,
    pushed?.report === undefined ? report : { ...report, push: pushed.report },
    flags,
  );
  witnessing.adviseOnWitnesses(terminal, report.witnesses, exitCode);
  tellOfClock(terminal, report.clock);
  const code = pushed === undefined ? exitCode : await pushing.tellOfPush(terminal, pushed, exitCode);
  return code === EXIT.done && report.clock !== null ? EXIT.incomplete : code;
}

/** Whether there is nothing new to push: who pushes again and again by a watch would ask the homes all day. */
function isIdle({ watch }: PublishFlags, { status }: PublishReport, isUnpushed = false): boolean {
  return watch === true && status === 'unchanged' && !isUnpushed;
}

/** Nobody but the newsroom knows whether there was a publication after the backup that this repository came from. */
function warnOfBackup(terminal: Terminal, mark: RestoredMark | undefined): void {
  if (mark === undefined) return;
  terminal.error(
    `ovn: this repository was restored from a backup of ${mark.made}, edition ${mark.sequence}; if there was a newer edition, stop, and run ${programName()} log recover`,
  );
}
