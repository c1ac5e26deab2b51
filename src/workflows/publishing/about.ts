import type { AboutPublication } from '../../edition/pages/about-page.ts';
import { formatName } from '../../node/names/name.ts';
import type { Settings } from '../../repo/settings.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { namesOf } from '../naming/own-names.ts';

/** What the page about a publication says: by its newest masthead, and by ovn.json. */
export function aboutPublication(
  { mirrors = [] }: Pick<Settings, 'mirrors'>,
  mastheads: VerifiedMastheads,
): AboutPublication {
  const current = namesOf(mastheads).filter(({ state }) => state === 'current');
  return {
    masthead: mastheads.newest.masthead,
    names: current.map(({ name }) => formatName(name)),
    mirrors,
  };
}
