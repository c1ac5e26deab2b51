import type { NameRouter } from '../node/names/name-router.ts';
import { withoutPassword, withPasswords } from '../node/retrieve/passwords.ts';
import type { Repository } from '../repo/repository.ts';
import type { FindEdition } from '../workflows/finding/find-edition.ts';
import { type NamingFlags, openRouters, openTxt } from './naming.ts';
import type { NetworkFlags } from './options.ts';
import { withConfigured } from './retrieval.ts';

/** For each mirror, in ms: somebody waits. */
const PATIENCE_MS = 5_000;

type FindingFlags = NamingFlags & NetworkFlags;

/** What is meant, and who is asked for it. */
export interface Asked<F> {
  what: string;
  flags: F;
}

/**
 * Takes the address of a mirror or gateway for one more gateway: `https://gateway.example/ipfs/<CID>/…` is `ipfs://<CID>/…`, asked of it
 * too, and so with `/ipns/`. Under `--offline` it is not asked.
 */
export function throughGateway<F extends NetworkFlags>(what: string, flags: F): Asked<F> {
  const [, origin, space, below] = /^(https?:\/\/[^/?#]+)(?:\/(ip[fn]s)\/([^?#]+))?/i.exec(what) ?? [];
  if (origin === undefined) return { what, flags };
  const meant = space === undefined ? withoutPassword(what) : `${space.toLowerCase()}://${below}`;
  if (flags.offline) return { what: meant, flags };
  return {
    what: meant,
    flags: { ...flags, gateway: [...new Set([...(flags.gateway ?? []), `${origin}/`])] },
  };
}

/** What begins with a publication: its id, or its name. */
const PUBLICATION = /^(?:\/ipns\/|ipns:\/\/)?(bafkrei[a-z2-7]{52}|k[a-z0-9]{50,70})(?:\/|$)/;

/**
 * Asks for a publication that is followed, where it is named by its id or its name, also where `sync` looks for it: the places that were given
 * with it, and the mirrors of its manifest. Only where the command line or ovn.json names anybody to ask.
 */
export async function besideItsMirrors<F extends NetworkFlags>(
  { what, flags }: Asked<F>,
  repository: Repository | undefined,
): Promise<Asked<F>> {
  const [, named] = PUBLICATION.exec(what) ?? [];
  const followed = repository?.followed
    .list()
    .find(({ publication, name }) => named !== undefined && [publication, name].includes(named));
  const { peer = [], gateway = [], router = [], dht, public: isPublic } = withConfigured(flags, repository);
  const isAsking = peer.length + gateway.length + router.length > 0 || dht || isPublic;
  if (followed === undefined || flags.offline || !isAsking) return { what, flags };
  const { targetOf } = await import('../workflows/following/sync.ts');
  const { urls, peers } = targetOf(followed);
  const both = { gateway: [...(flags.gateway ?? []), ...urls], peer: [...(flags.peer ?? []), ...peers] };
  return { what, flags: { ...flags, ...both } };
}

/**
 * How a command finds publications by their ids and mirrors: whoever the command line and ovn.json name is asked, and nobody else. It is
 * loaded when something is looked for.
 *
 * @param flags those of the command line and of ovn.json together.
 */
export function openFinding(
  flags: FindingFlags,
  repository: Repository | undefined,
  now: Date,
  others: readonly NameRouter[] = [],
): FindEdition {
  return async (target, options) => {
    const [{ editionFinder }, { openHttp }, { urlsOf }, { memoryRecords }, { keptRecords }] =
      await Promise.all([
        import('../workflows/finding/find-edition.ts'),
        import('../node/retrieve/http-client.ts'),
        import('../node/mirrors/place.ts'),
        import('../node/names/memory-records.ts'),
        import('../workflows/naming/kept-records.ts'),
      ]);
    const client = withPasswords(openHttp(), flags.gateway ?? []);
    const find = editionFinder({
      urls: urlsOf(flags.gateway ?? []),
      routers: [...others, ...(await openRouters(flags))],
      lookUpTxt: await openTxt(flags),
      records: repository === undefined ? memoryRecords() : keptRecords(repository),
      held: (publication) => heldOf(publication, repository),
      client,
      timeoutMs: Math.min(PATIENCE_MS, (flags.timeout ?? Number.POSITIVE_INFINITY) * 1000),
      now,
    });
    try {
      return await find(flags.offline ? { ...target, urls: [] } : target, options);
    } finally {
      client.close();
    }
  };
}

function heldOf(publication: string, repository: Repository | undefined) {
  const followed = repository?.followed.get(publication);
  if (followed === undefined || followed.edition === null) return undefined;
  return { edition: followed.edition, confirmed: followed.synced ?? followed.issued ?? followed.added };
}
