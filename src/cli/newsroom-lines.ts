import type { EditedReport } from '../workflows/newsroom/foresee.ts';
import type { MoveReport } from '../workflows/newsroom/move-articles.ts';
import type { RenameReport } from '../workflows/newsroom/rename-category.ts';
import type { PaperReport } from '../workflows/newsroom/set-paper.ts';
import { changeLines } from './change-lines.ts';
import { plural } from './wording.ts';

/** Sources that are named one by one. */
const MOST_NAMED = 20;

/** What a rename of a category came to, or would. */
export function renameLines(report: RenameReport): string[] {
  const { from, to, changes, sources, left, written, decision } = report;
  const isMove = from.slug !== to.slug;
  const formerly = typeof decision === 'string' ? [] : (decision.formerly ?? []);
  return [
    `ovn.json: "categories": {"${to.slug}": ${JSON.stringify(decision)}}${written ? '' : ' (not written: --dry-run)'}`,
    ...sourceLines(sources, written),
    ...changeLines(changes, { renewed: true }),
    ...(isMove
      ? [`  addresses below categories/${from.slug}/ lead to categories/${to.slug}/ (_redirects)`]
      : []),
    ...(formerly.length === 0 ? [] : [`  a source that says ${formerly.join(' or ')} is in ${to.slug}`]),
    ...leftLines(left, from.slug),
    ...pastLines(sources),
  ];
}

/** What a move of articles came to, or would. */
export function moveLines({ sources, changes, from, left, written }: MoveReport): string[] {
  return [
    ...sourceLines(sources, written),
    ...(sources.length === 0 ? ['no source is to be changed'] : []),
    ...changeLines(changes, { renewed: false }),
    ...leftLines(left, from ?? ''),
    ...pastLines(sources),
  ];
}

/** What a change of the paper came to, or would. */
export function paperLines(
  { paper, changes, withoutLanguage, written }: PaperReport,
  { dryRun }: { dryRun: boolean },
): string[] {
  const { name, tagline, language, url } = paper;
  const said = JSON.stringify({ name, tagline, language, ...(url === null ? {} : { url }) });
  const state = written ? '' : dryRun ? ' (not written: --dry-run)' : ' (as before)';
  const address = changes.outlet.find(({ member }) => member === 'url');
  return [
    `ovn.json: ${said}${state}`,
    ...changeLines(changes, { renewed: true }),
    ...(address === undefined || address.before === null
      ? []
      : [`  bundles name ${address.before} as their address: let it lead to the new one`]),
    ...(withoutLanguage.length === 0
      ? []
      : [
          `  ${plural(withoutLanguage.length, 'source')} without "language" would be ${language} with the next revision: ${few(withoutLanguage)}`,
        ]),
  ];
}

function sourceLines(sources: readonly EditedReport[], written: boolean): string[] {
  const lines = sources
    .slice(0, MOST_NAMED)
    .flatMap(({ source, before, after, next, unsignable }) => [
      `${source}: ${before.join(', ')} -> ${after.join(', ')}${NEXT[next]}${written ? '' : ' (not written: --dry-run)'}`,
      ...(unsignable
        ? [
            `  no desk key may sign it there: ovn key limit or ovn key add desk … --category …, before ovn publish`,
          ]
        : []),
    ]);
  const more = sources.length - MOST_NAMED;
  return more > 0 ? [...lines, `… and ${plural(more, 'more source')}`] : lines;
}

const NEXT = { revised: '', new: ', not published yet', held: ', held back' } as const;

function leftLines(left: readonly { id: string; source: string }[], slug: string): string[] {
  if (left.length === 0) return [];
  const ids = left.map(({ id }) => id);
  return [`  ${plural(left.length, 'article')} without a source stay in ${slug}: ${few(ids)}`];
}

/** Nothing of the past is falsified. */
function pastLines(sources: readonly EditedReport[]): string[] {
  const revised = sources.filter(({ next }) => next === 'revised').length;
  if (revised === 0) return [];
  return [`  ${plural(revised, 'new revision')}; those before stay as they are, in history and log`];
}

function few(items: readonly string[]): string {
  const named = items.slice(0, MOST_NAMED).join(', ');
  return items.length > MOST_NAMED ? `${named} …` : named;
}
