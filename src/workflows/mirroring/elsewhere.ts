import { CID } from 'multiformats/cid';
import { parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import type { Elsewhere } from '../../node/gateway/messages.ts';
import type { Repository } from '../../repo/repository.ts';
import { siteOf } from './front-page.ts';

export interface ElsewhereEffects {
  repository: Pick<Repository, 'followed' | 'names' | 'blockstore'>;
  now(): Date;
}

/**
 * Who may have what is not held of an edition: the mirrors that its signed manifest names, and none of the places that this machine was told
 * to ask, which are nobody's business. Nothing for a root of which all is held, or that is no edition of somebody who is followed.
 */
export function findElsewhere(root: CID, { repository, now }: ElsewhereEffects): Elsewhere | undefined {
  const { followed, blockstore } = repository;
  const held = followed.byEdition(root.toString());
  if (held === undefined || held.whole) return undefined;
  const bytes = blockstore.getBytes(CID.parse(held.manifest));
  const paper = followed.get(held.publication);
  if (bytes === undefined || paper === undefined) return undefined;
  const { publication, mirrors = [] } = requireManifest(parseManifestJson(bytes));
  const site = siteOf(paper, repository, now()) ?? `/ipfs/${root}/`;
  return { name: publication.name, publication: publication.id, mirrors, site };
}
