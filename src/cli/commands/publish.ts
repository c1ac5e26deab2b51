import type { Command } from 'commander';
import { EXIT } from '../../errors.ts';
import { type RestoredMark, readRestoredMark } from '../../repo/restored-mark.ts';
import type { PushReport } from '../../workflows/homes/push.ts';
import type { PublishReport, ReportedArticle } from '../../workflows/publishing/report.ts';
import type { WitnessReport } from '../../workflows/witnessing/report.ts';
import { writeSlugs } from '../../workflows/write-slugs.ts';
import { failpoint } from '../failpoint.ts';
import { command, dryRunOption, passphraseOption, type Start, witnessTimeoutOption } from '../options.ts';
import { askOwnMirrors } from '../own-mirrors.ts';
import { openProgress } from '../progress.ts';
import { publishOrPropose, requireFlags } from '../proposing.ts';
import * as pushing from '../pushing.ts';
import { withPaper } from '../repository-context.ts';
import { revisionMaker } from '../revisions.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { openSigners } from '../signers.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { printWitnesses } from '../witness-lines.ts';
import * as witnessing from '../witnessing.ts';
import { plural, programName } from '../wording.ts';

interface PublishFlags extends CommonOptions {
  dryRun?: boolean;
  future?: boolean;
  writeSlugs?: boolean;
  passphraseFile?: string;
  propose?: string;
  finish?: string;
  witnessTimeout: number;
  push?: boolean;
}

/** What `--json` prints. */
type WitnessedReport = PublishReport & { witnesses: WitnessReport; push?: PushReport };

/** Deleted sources that are named one by one. */
const MOST_NAMED = 10;

export function publishCommand(start: Start): Command {
  return command('publish', SUMMARIES.publish, 'ovn publish articles/2025-07-07-first-light.md')
    .argument('[paths...]', 'files and folders to consider (default: all articles)')
    .option('--future', 'publish also what is dated more than a day ahead')
    .option('--write-slugs', 'first write a slug into each source that has none, and whose name makes none')
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
  const witnessed = await withPaper(flags, context, async (open) => {
    const { repository, node, lock, terminal, now, signal } = open;
    if (flags.push) pushing.requireRemote(repository);
    if (flags.writeSlugs) {
      const written = writeSlugs(repository, paths, { dryRun: flags.dryRun ?? false, now });
      for (const { source, slug } of written) terminal.note(`${source}: slug: ${slug}`);
    }
    const restored = readRestoredMark(repository.meta);
    warnOfBackup(terminal, restored);
    if (restored !== undefined) await witnessing.askBefore(flags, open);
    await using progress = openProgress(terminal);
    await using revisions = revisionMaker();
    const published = await publishOrPropose(
      flags,
      {
        paths,
        dryRun: flags.dryRun ?? false,
        allowFuture: flags.future ?? false,
        listUnchanged: terminal.json,
      },
      {
        repository,
        node,
        lock,
        now,
        signal,
        signers: openSigners(repository, terminal, flags.passphraseFile),
        revisions,
        onStep: failpoint(),
        onProgress: (step, done, total) => progress.update(step, done, total),
        shownLogs: askOwnMirrors(repository),
      },
      terminal,
    );
    if (published === undefined) return undefined;
    return {
      ...(await witnessing.haveWitnessed(published, flags, open)),
      pushed: await pushing.pushPublished(flags, open),
    };
  });
  if (witnessed === undefined) return EXIT.done;
  const { report, exitCode, pushed } = witnessed;
  print(context.terminal, pushed?.report === undefined ? report : { ...report, push: pushed.report }, flags);
  witnessing.adviseOnWitnesses(context.terminal, report.witnesses, exitCode);
  return pushed === undefined ? exitCode : await pushing.tellOfPush(context.terminal, pushed, exitCode);
}

/** Nobody but the newsroom knows whether there was a publication after the backup that this repository came from. */
function warnOfBackup(terminal: Terminal, mark: RestoredMark | undefined): void {
  if (mark === undefined) return;
  terminal.error(
    `ovn: this repository was restored from a backup of ${mark.made}, edition ${mark.sequence}; if there was a newer edition, stop, and run ${programName()} log recover`,
  );
}

function print(terminal: Terminal, report: WitnessedReport, { dryRun = false }: PublishFlags): void {
  for (const warning of report.warnings) terminal.finding(warning);
  terminal.printJson(report);
  for (const article of report.articles) if (article.status !== 'unchanged') printArticle(terminal, article);
  for (const { source, reason } of report.held) terminal.note(`held back: ${source}: ${reason}`);
  noteMissing(terminal, report);
  for (const { id, category } of report.left) terminal.note(`${id} has left the category ${category}`);
  printSummary(terminal, report, dryRun);
}

/** What is published is never deleted by deleting its source. */
function noteMissing(terminal: Terminal, { missing }: PublishReport): void {
  for (const { source, id } of missing.slice(0, MOST_NAMED)) {
    terminal.note(`${source} is gone; ${id} stays published`);
  }
  if (missing.length > MOST_NAMED) {
    terminal.note(
      `… and ${missing.length - MOST_NAMED} more sources are gone; their articles stay published`,
    );
  }
}

function printArticle(terminal: Terminal, { headline, id, cid, revision, status }: ReportedArticle): void {
  if (status === 'held') return;
  terminal.print(terminal.style('bold', headline ?? ''));
  terminal.print(`  ${cid}  ${id}${revision === 1 ? '' : `  revision ${revision}`}`);
}

function printSummary(terminal: Terminal, report: WitnessedReport, dryRun: boolean): void {
  const count = report.articles.filter(({ status }) => status === 'published' || status === 'revised').length;
  if (report.status === 'unchanged') {
    terminal.print(`Nothing has changed: edition ${report.sequence} stands.`);
  } else {
    terminal.print(
      '',
      `${dryRun ? 'Would publish' : 'Published'} edition ${report.sequence}: ${what(report, count)}.`,
    );
  }
  printCategories(terminal, report);
  if (!dryRun) printWitnesses(terminal, report.witnesses);
  if (!dryRun && !terminal.json) printNext(terminal, report);
}

function what({ status, renewed }: PublishReport, count: number): string {
  if (status === 'refreshed') return `the same articles, ${renewed ? 'all pages made' : 'confirmed'} anew`;
  return `${plural(count, 'article')}${renewed ? ', all pages made anew' : ''}`;
}

function printCategories(terminal: Terminal, { categories, edition }: PublishReport): void {
  terminal.print('', 'Categories:');
  for (const [slug, { cid, count }] of Object.entries(categories)) {
    terminal.print(`  ${cid}  ${slug} (${count})`);
  }
  terminal.print('', 'The whole edition:', `  ${edition}`);
}

function printNext(terminal: Terminal, { articles, categories }: PublishReport): void {
  const id = articles.find((article) => article.cid !== null)?.id ?? undefined;
  const [category] = Object.keys(categories);
  const ovn = programName();
  terminal.note('', 'What to type next:');
  terminal.note(`  ${ovn} serve`);
  terminal.note(id === undefined ? `  ${ovn} verify` : `  ${ovn} verify ${id}`);
  if (category) terminal.note(`  ${ovn} pin add ${category}`);
}
