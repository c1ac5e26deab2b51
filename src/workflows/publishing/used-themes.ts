import type { Repository } from '../../repo/repository.ts';

/** The themes that bundles of the paper were made with. */
const KEY = 'themes';

/** CIDs of the themes that bundles were made with, sorted. An edition keeps them as long as the paper lasts. */
export function usedThemes({ meta }: Pick<Repository, 'meta'>): string[] {
  return meta.get(KEY)?.split(' ') ?? [];
}

/** Notes that bundles were made with a theme; part of the transaction that publishes them. */
export function noteThemes({ meta }: Pick<Repository, 'meta'>, themes: readonly string[]): void {
  const before = usedThemes({ meta });
  const used = [...new Set([...before, ...themes])].sort();
  if (used.length > before.length) meta.set(KEY, used.join(' '));
}
