import { isCid } from './cid.ts';
import { NotChecked, Refused } from './failure.ts';
import type { FetchBytes } from './fetch-bytes.ts';
import { askForRoot, Gateway, type GatewayAddress } from './gateway.ts';
import type { Place, Question } from './question.ts';
import { BlockStore, FileStore, type Store } from './store.ts';

/** Where what is looked at comes from. */
export interface Source {
  store: Store;
  /** Absent on plain hosting. */
  gateway: Gateway | undefined;
}

/** What a root can be. */
export type RootKind = 'edition' | 'bundle' | 'category';

/** Blocks of a gateway, else the files of whatever server the page came from. */
export async function openSource(question: Question, place: Place, fetch: FetchBytes): Promise<Source> {
  const address = question.gateway === '' ? place.gateway : parseGateway(question.gateway);
  if (question.root !== '' && !isCid(question.root))
    throw new NotChecked(`"${question.root}" is no CID to begin from`);
  if (question.gateway !== '' && question.root === '' && place.root === undefined) {
    throw new NotChecked('another gateway must be told what to send: give the CID to begin from');
  }
  const gateway = new Gateway(address, fetch);
  const read = (cid: string) => gateway.read(cid);
  if (question.root !== '') return { store: new BlockStore(question.root, read), gateway };
  if (place.root !== undefined) {
    const above = new BlockStore(place.root, read);
    const root = await above.cidAt(place.path);
    if (root === undefined) throw new Refused(`${place.path.join('/')} is missing below ${place.root}`);
    return { store: new BlockStore(root, read), gateway };
  }
  const root = await askForRoot(place.folder, fetch);
  if (root === undefined) return { store: new FileStore(place.folder, fetch), gateway: undefined };
  return { store: new BlockStore(root, read), gateway };
}

/** What the root holds: what of it is asked for must be in an edition. */
export async function kindOf(store: Store, path: readonly string[]): Promise<RootKind> {
  const names = await store.list([]);
  if (names === undefined) {
    if (path.length > 0 && path.length !== 2) return 'edition';
    throw new NotChecked(
      'on plain hosting folders have no hashes: name one article to check, or use a gateway or "ovn verify"',
    );
  }
  if (names.has('manifest.json')) return 'edition';
  if (path.length > 0) throw new NotChecked(`there is no edition that could hold ${path.join('/')}`);
  return names.has('article.json') ? 'bundle' : 'category';
}

function parseGateway(text: string): GatewayAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new NotChecked(`"${text}" is no address of a gateway`);
  return { base: `${url.origin}${url.pathname}`.replace(/\/(?:ipfs\/?)?$/, ''), isSubdomain: false };
}
