import type { Check } from '../../trust/check.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import type { JudgedBundles } from './bundles.ts';
import { checkAsync, type Evidence, refusal } from './judging.ts';

/** `themes/` holds themes by their CIDs, and those that articles name are among them. Without any there is nothing to check. */
export async function judgeThemes(
  checks: Check[],
  entries: readonly DirectoryEntry[],
  { articles }: JudgedBundles,
  evidence: Evidence,
): Promise<void> {
  const named = new Set([...articles.values()].flatMap(({ theme }) => theme ?? []));
  const folder = entries.find(({ name }) => name === 'themes');
  if (folder === undefined && named.size === 0) return;
  await checkAsync(
    checks,
    'themes',
    async () => {
      const themes = folder === undefined ? [] : await evidence.directory(folder.cid);
      for (const { name, cid } of themes)
        if (name !== cid.toString()) throw refusal(`themes/${name} is ${cid}`);
      for (const { name } of themes) named.delete(name);
      for (const theme of named) throw refusal(`themes/${theme}, which an article names, is missing`);
      return themes.length;
    },
    (count) => `${count} themes, each under its CID, and all that articles name`,
  );
}
