import type { CID } from 'multiformats/cid';
import type { Check } from '../../trust/check.ts';
import { type JudgedBundles, type JudgeProgress, judgeBundles } from './bundles.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';
import { listCategory, type PlacedBundle } from './placed-bundles.ts';

/** A category alone: every bundle is judged; which articles ought to be in it, and its own pages, only an edition says. */
export async function judgeCategory(
  root: CID,
  evidence: Evidence,
  onProgress?: JudgeProgress,
): Promise<{ checks: Check[]; publication?: string }> {
  const checks: Check[] = [];
  const bundles = await checkAsync(
    checks,
    'structure',
    () => listCategory(root, evidence),
    (found) => `${found.length} bundles by date`,
  );
  if (bundles === undefined) return { checks };
  const judged = await judgeBundles(checks, bundles, evidence, onProgress);
  await checkAsync(
    checks,
    'category',
    async () => requireOneCategory(bundles, judged),
    (slug) => `every article is in the category ${slug}`,
  );
  checks.push({
    name: 'pages',
    result: 'not-checked',
    detail: 'its own pages and feed are bound by an edition only',
  });
  const [publication] = judged.publications;
  return publication === undefined ? { checks } : { checks, publication };
}

function requireOneCategory(bundles: readonly PlacedBundle[], { articles }: JudgedBundles): string {
  let common: Set<string> | undefined;
  for (const { cid, revision } of bundles) {
    if (revision !== undefined) continue;
    const slugs = new Set(articles.get(cid.toString())?.categories);
    common = common === undefined ? slugs : common.intersection(slugs);
  }
  if (common === undefined || common.size === 0) throw refusal('the articles have no category in common');
  return [...common].sort().join(', ');
}
