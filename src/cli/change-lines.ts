import type { CategoryChange, EditionChanges, NamedBy } from '../workflows/publishing/edition-changes.ts';
import type { ReportedArticle } from '../workflows/publishing/report.ts';
import { plural } from './wording.ts';

/** What a publication changes, or would change, of the outlet and its categories, in words. */
export function changeLines(
  { outlet, categories, keptBundles }: EditionChanges,
  { renewed, articles = [] }: { renewed: boolean; articles?: readonly Pick<ReportedArticle, 'status'>[] },
): string[] {
  const lines = [
    ...outlet.map(({ member, before, after }) => `${member}: ${told(before)} -> ${told(after)}`),
    ...categories.flatMap(categoryLines),
  ];
  if (lines.length === 0) return [];
  const isRenamed = outlet.length > 0 || categories.some(isRename);
  const isRerendered = articles.some(({ status }) => status === 'rerendered');
  if (isRenamed && renewed)
    lines.push(`all pages, feeds and lists are made anew${isRerendered ? '' : '; no bundle is'}`);
  if (outlet.length > 0 && keptBundles > 0)
    lines.push(
      `the bundles of ${plural(keptBundles, 'article')} go on saying the former until they are revised`,
    );
  return ['', 'Changes:', ...lines.map((line) => `  ${line}`)];
}

function categoryLines(change: CategoryChange): string[] {
  const { slug, before, after, keptBundles, namedBy } = change;
  if (before === null && after !== null)
    return [`category ${slug} comes: "${after.name}", ${plural(after.count, 'article')}`];
  if (before !== null && after === null)
    return [
      `category ${slug} goes: no article is in "${before.name}" any more`,
      ...namedLines(slug, namedBy),
    ];
  if (before === null || after === null) return [];
  const lines = [];
  if (isRename(change)) {
    lines.push(`category ${slug} is called "${after.name}", no longer "${before.name}"; its address stays`);
    if (keptBundles > 0)
      lines.push(
        `  the bundles of ${plural(keptBundles, 'article')} in it say "${before.name}" until they are revised`,
      );
  }
  if (after.count < before.count)
    lines.push(`category ${slug}: ${before.count} -> ${plural(after.count, 'article')}`);
  return lines;
}

/** What is to be done where something goes on naming a category that is gone. */
function namedLines(slug: string, { pins, keys, remotes }: NamedBy): string[] {
  return [
    `  who follows only ${slug} finds it no more, and keeps what it was`,
    ...pins.map((cid) => `  the pin ${slug} keeps what it was (${cid}); ovn pin rm ${cid} lets it go`),
    ...keys.map((id) => `  the desk key ${id} is limited to ${slug}: ovn key limit ${id} --category …`),
    ...remotes.map((name) => `  the remote ${name} is given ${slug}: add it anew with other categories`),
  ];
}

function isRename({ before, after }: CategoryChange): boolean {
  return before !== null && after !== null && before.name !== after.name;
}

function told(text: string | null): string {
  return text === null ? 'none' : `"${text}"`;
}
