import type { Command } from 'commander';
import { OvnError } from '../../errors.ts';
import { cidOfRevision } from '../../workflows/find-revision.ts';
import { readArticle } from '../../workflows/read-article.ts';
import { resolveTarget } from '../../workflows/resolve-target.ts';
import { withoutWithheld } from '../../workflows/withheld.ts';
import {
  dnsMapOption,
  dnsOption,
  type NamingFlags,
  openNames,
  routerOption,
  tellStaleName,
} from '../naming.ts';
import { command, revisionOption, type Start, withheldOption } from '../options.ts';
import { withRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';

interface ShowFlags extends CommonOptions, NamingFlags {
  revision?: string;
  withheld?: boolean;
}

export function showCommand(start: Start): Command {
  return command('show', SUMMARIES.show, 'ovn show first-light')
    .argument('<article>', 'id, slug, source file, CID, ipfs:// or ipns:// address, name or domain')
    .addOption(revisionOption())
    .addOption(withheldOption())
    .addOption(routerOption())
    .addOption(dnsOption())
    .addOption(dnsMapOption())
    .action((what: string, flags: ShowFlags) => start(flags, (context) => showAction(what, flags, context)));
}

async function showAction(what: string, flags: ShowFlags, context: CommandContext): Promise<number> {
  return withRepository(flags, context, async ({ repository, node, terminal, now, signal }) => {
    const read = flags.withheld ? node.read : withoutWithheld(repository, node.read);
    const names = { resolve: openNames(flags, repository, now), signal };
    const target = await resolveTarget(repository, read, what, names);
    const { kind, article } = target;
    if (kind === 'category' || kind === 'edition')
      throw new OvnError('usage', `${what} is no article; ovn list --category ${what}`);
    const cid = cidOfRevision(repository, target, flags.revision);
    const document = await readArticle(cid, read);
    const history = repository.articles.history(document.identifier);
    const superseded = article !== undefined && article.cid !== cid.toString();
    const { articleBody: _body, proof, ...facts } = document;
    terminal.printJson({
      cid: cid.toString(),
      ...facts,
      signatures: proof?.length ?? 0,
      source: article?.source ?? null,
      newest: article?.cid ?? null,
      revisions: history.map(({ revision, cid: bundle, sequence, kind: event, time }) => ({
        revision,
        cid: bundle,
        sequence,
        kind: event,
        time,
      })),
    });
    const lines: [string, string | undefined][] = [
      ['headline', document.headline],
      ['id', document.identifier],
      ['CID', cid.toString()],
      ['revision', `${document.revision}${superseded ? ` (superseded by ${article?.cid})` : ''}`],
      ['status', document.status === 'retracted' ? 'retracted' : undefined],
      ['withheld', document.withheld?.map((revision) => `revision ${revision}`).join(', ')],
      ['published', document.datePublished],
      ['changed', document.dateModified === document.datePublished ? undefined : document.dateModified],
      ['categories', document.categories.map(({ name }) => name).join(', ')],
      ['by', document.author?.map(({ name }) => name).join(', ')],
      ['language', document.inLanguage],
      ['words', document.wordCount?.toString()],
      ['source', article?.source],
    ];
    for (const [label, value] of lines)
      if (value !== undefined) terminal.print(`${label.padEnd(11)}${value}`);
    for (const { datePublished, kind: what_, text } of document.correction ?? []) {
      terminal.print(`${what_.padEnd(11)}${datePublished}: ${text}`);
    }
    for (const { revision, cid: bundle, time } of history) {
      if (history.length > 1) terminal.print(`${'revision'.padEnd(11)}${revision}  ${bundle}  ${time}`);
    }
    for (const { path, size } of document.files)
      terminal.print(`${'file'.padEnd(11)}${path} (${size} bytes)`);
    return tellStaleName(target, context);
  });
}
