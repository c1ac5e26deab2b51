import type { CID } from 'multiformats/cid';
import { searchIntegrity } from '../../edition/pages/search-page.ts';
import { VERIFY_HTML } from '../../edition/verify-html.ts';
import { VERIFY_JS } from '../../edition/verify-js.generated.ts';
import type { GatewayEffects } from '../../node/gateway/messages.ts';
import { answerMirror } from '../../node/mirrors/answer-mirror.ts';
import type { Served } from '../../node/served/served.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { rawCid } from '../../unixfs/hash.ts';
import { ShownHeld } from '../finding/shown-held.ts';
import { findElsewhere } from '../mirroring/elsewhere.ts';
import { renderKept } from '../mirroring/front-page.ts';
import { onlyFollowed, shownEdition } from '../mirroring/shown-edition.ts';
import { type ServeNamesEffects, serveNames } from '../naming/serve-names.ts';
import type { ServedView } from './served-view.ts';

export interface SiteEffects extends Omit<ServeNamesEffects, 'editions'> {
  read: BlockReader;
  served: Served;
  view: Pick<ServedView, 'edition' | 'followed'>;
  /** Hosts that have a subdomain for each publication. */
  gatewayHosts: readonly string[];
  onDefect(error: unknown): void;
  /** Where the node is met. */
  multiaddrs?(): readonly string[];
  /** Looks for something new of a publication, where it is followed and that is due; whether it does. */
  look?(publication: string): boolean;
}

/** What the gateway answers from: the repository, as far as it is served, and the names that are kept or found. */
export function gatewayEffects(effects: SiteEffects): GatewayEffects {
  const { repository, view } = effects;
  return {
    read: effects.read,
    served: effects.served,
    head: () => shownEdition(repository, view),
    ...(repository.isMirror && { frontPage: () => renderKept(effects) }),
    elsewhere: (root) => findElsewhere(root, effects),
    checksPage: checksPage(),
    searchPage: { name: 'search.html', integrity: searchIntegrity() },
    onDefect: effects.onDefect,
    ...serveNames({ ...effects, editions: () => view.followed() }),
    gatewayHosts: effects.gatewayHosts,
    trusted: (root) => isOurs(root, repository, view),
    extra: mirrorAnswers(effects),
  };
}

/** What is held, for whoever looks for a publication by its id, and how its publisher says that there is more. */
function mirrorAnswers(effects: SiteEffects): NonNullable<GatewayEffects['extra']> {
  const { view, look = () => false, multiaddrs = () => [] } = effects;
  const held = new ShownHeld({ ...effects, edition: () => view.edition(), multiaddrs });
  const answers = { show: (about: string | undefined) => held.bytes(about), look };
  return (request) => answerMirror(request, answers);
}

/**
 * Whether a root is of the publication whose site is at `/`: an edition, a category or a bundle; on a machine without a paper an edition of
 * the only one that is followed. Of several none is trusted more than a stranger's.
 */
function isOurs(root: CID, repository: Repository, view: SiteEffects['view']): boolean {
  const text = root.toString();
  if (repository.isMirror) {
    const publication = repository.followed.byEdition(text)?.publication;
    return publication !== undefined && onlyFollowed(view)?.publication === publication;
  }
  if (repository.articles.byCid(text) !== undefined) return true;
  if (repository.editions(-1).some(({ edition }) => edition === text)) return true;
  return Object.values(repository.categories()).some(({ cid }) => cid === text);
}

/** verify.html as this program publishes it, which is the one page that may run its script. */
function checksPage() {
  const cidOf = (text: string) => rawCid(Buffer.from(text, 'utf8')).toString();
  return { page: cidOf(VERIFY_HTML), script: cidOf(VERIFY_JS), scriptName: 'verify.js' };
}
