import type { CID } from 'multiformats/cid';
import { VERIFY_HTML } from '../../edition/verify-html.ts';
import { VERIFY_JS } from '../../edition/verify-js.generated.ts';
import type { GatewayEffects } from '../../node/gateway/messages.ts';
import { answerMirror } from '../../node/mirrors/answer-mirror.ts';
import type { Served } from '../../node/served/served.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { rawCid } from '../../unixfs/hash.ts';
import { limitLooks } from '../finding/look-limit.ts';
import { ShownHeld } from '../finding/shown-held.ts';
import { type ServeNamesEffects, serveNames } from '../naming/serve-names.ts';

export interface SiteEffects extends ServeNamesEffects {
  read: BlockReader;
  served: Served;
  /** Root of the edition that is shown. */
  edition(): string | undefined;
  /** Hosts that have a subdomain for each publication. */
  gatewayHosts: readonly string[];
  onDefect(error: unknown): void;
  /** Where the node is met. */
  multiaddrs?(): readonly string[];
  /** Looks for something new of a publication that is followed, where that is due; whether it does. */
  look?(publication: string): boolean;
}

/** What the gateway answers from: the repository, as far as it is served, and the names that are kept or found. */
export function gatewayEffects(effects: SiteEffects): GatewayEffects {
  const { repository } = effects;
  return {
    read: effects.read,
    served: effects.served,
    head: effects.edition,
    checksPage: checksPage(),
    onDefect: effects.onDefect,
    ...serveNames(effects),
    gatewayHosts: effects.gatewayHosts,
    trusted: (root) => isOurs(root, repository),
    extra: mirrorAnswers(effects),
  };
}

/** What is held, for whoever looks for a publication by its id, and how its publisher says that there is more. */
function mirrorAnswers(effects: SiteEffects): NonNullable<GatewayEffects['extra']> {
  const { repository, look = () => false, multiaddrs = () => [] } = effects;
  const held = new ShownHeld({ ...effects, multiaddrs });
  const isFollowed = (publication: string) => repository.followed.get(publication) !== undefined;
  const limited = limitLooks({ isFollowed, look, clock: () => performance.now() });
  const answers = { show: (about: string | undefined) => held.bytes(about), look: limited };
  return (request) => answerMirror(request, answers);
}

/** Whether a root is of this publication: an edition, a category or a bundle. */
function isOurs(root: CID, repository: Repository): boolean {
  const text = root.toString();
  if (repository.articles.byCid(text) !== undefined) return true;
  if (repository.editions(-1).some(({ edition }) => edition === text)) return true;
  return Object.values(repository.categories()).some(({ cid }) => cid === text);
}

/** verify.html as this program publishes it, which is the one page that may run its script. */
function checksPage() {
  const cidOf = (text: string) => rawCid(Buffer.from(text, 'utf8')).toString();
  return { page: cidOf(VERIFY_HTML), script: cidOf(VERIFY_JS), scriptName: 'verify.js' };
}
