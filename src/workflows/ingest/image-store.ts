import { hash } from 'node:crypto';
import { posix } from 'node:path';
import { slugify } from '../../article/slug.ts';
import { EXTENSIONS, imageTypeOf } from '../../bundle/media/image-type.ts';
import { IMAGE_LIMIT } from '../../bundle/media/limits.ts';
import { prepareImage } from '../../bundle/media/prepare-image.ts';
import { OvnError } from '../../errors.ts';
import { fileNameOf, type PlacedImage, resolveLink } from '../../ingest/body-context.ts';
import type { ForeignBody } from '../../ingest/foreign-post.ts';
import { requirePublishable } from '../publishing/picture-maker.ts';
import { breathe } from './breathe.ts';
import type { ForeignFolder } from './folder-files.ts';

/** Bytes of all images of one article, and images, at most. */
const LIMITS = { bytes: 256 * 1024 * 1024, images: 500 } as const;
/** Where sites keep what is shown at their root. */
const ROOTS = ['', 'static', 'assets', 'public', 'src', 'content', 'source', 'docs'];
const DATA = /^data:image\/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]+)$/i;

/** Where images come from. */
export interface ImageOrigin {
  folder: ForeignFolder | undefined;
  /** Gets what lies elsewhere; absent when nothing is to be fetched. Throws OvnError. */
  fetch: ((url: URL) => Promise<Uint8Array>) | undefined;
  /** What an earlier run brought under a name without its ending. */
  held(stem: string): Uint8Array | undefined;
}

/** The images of one article: what they are called beside it, and their bytes. */
export class ArticleImages {
  /** By address. */
  readonly placed = new Map<string, PlacedImage>();
  /** By path below the folder of the article. */
  readonly files = new Map<string, Uint8Array>();
  /** Addresses of what does not lie in the folder: an earlier run may have brought it or not. */
  readonly #remote = new Set<string>();
  readonly #folder: string;
  readonly #body: ForeignBody;
  readonly #origin: ImageOrigin;
  #bytes = 0;

  /** @param folder beside the article, with `/`: where its images lie. */
  constructor(folder: string, body: ForeignBody, origin: ImageOrigin) {
    this.#folder = folder;
    this.#body = body;
    this.#origin = origin;
  }

  /** Brings what the addresses name. What cannot be brought, and is no link either, is told with its reason. */
  async bring(addresses: Iterable<string>, signal: AbortSignal): Promise<void> {
    for (const address of addresses) {
      if (this.placed.has(address)) continue;
      await breathe(0, signal); // to decode a picture can take seconds
      const place = await this.#place(address);
      if (place !== undefined) this.placed.set(address, place);
    }
  }

  /** The images as an earlier run had them that wrote a source: of those from elsewhere, what it shows. */
  shownIn(source: string): Map<string, PlacedImage> {
    const shows = (placed: PlacedImage): boolean => 'path' in placed && source.includes(placed.path);
    return new Map(
      [...this.placed].filter(([address, placed]) => !this.#remote.has(address) || shows(placed)),
    );
  }

  async #place(address: string): Promise<PlacedImage | undefined> {
    try {
      const found = await this.#find(address);
      return found === undefined ? undefined : { path: await this.#keep(found) };
    } catch (error) {
      if (!(error instanceof OvnError)) throw error;
      return { reason: error.message };
    }
  }

  async #find(address: string): Promise<{ stem: string; bytes: Uint8Array } | undefined> {
    const data = DATA.exec(address)?.[1];
    if (data !== undefined) return { stem: `image-${shortHash(data)}`, bytes: Buffer.from(data, 'base64') };
    const local = this.#findLocal(address);
    if (local !== undefined) return { stem: stemOf(address), bytes: local };
    const url = resolveLink(address, { base: this.#body.base, isFolder: this.#body.folder !== undefined });
    if (url === undefined || !/^https?:/i.test(url)) return undefined;
    const stem = `${stemOf(address)}-${shortHash(url)}`;
    this.#remote.add(address);
    const bytes = this.#origin.held(`${this.#folder}/${stem}`) ?? (await this.#origin.fetch?.(new URL(url)));
    return bytes === undefined ? undefined : { stem, bytes };
  }

  #findLocal(address: string): Uint8Array | undefined {
    const { folder } = this.#origin;
    const path = folder === undefined ? undefined : pathOf(address, this.#body.base);
    if (folder === undefined || path === undefined) return undefined;
    const own = path.startsWith('/') ? [] : [posix.join(this.#body.folder ?? '', path)];
    const inSite = belowRoot(path, decoded(this.#body.root ?? ''));
    for (const candidate of [...own, ...ROOTS.map((root) => posix.join(root, inSite))]) {
      const bytes = folder.read(candidate, IMAGE_LIMIT);
      if (bytes !== undefined) return bytes;
    }
    return undefined;
  }

  /** Judged as at publishing; named by what it is, not by what it said it was. */
  async #keep({ stem, bytes }: { stem: string; bytes: Uint8Array }): Promise<string> {
    this.#bytes += bytes.length;
    if (this.#bytes > LIMITS.bytes || this.files.size >= LIMITS.images)
      throw new OvnError('limit', 'the images of one article are too many or too large together');
    const type = imageTypeOf(bytes);
    const ending = type === undefined ? '' : `.${EXTENSIONS[type][0]}`;
    const name = `${stem}${ending}`;
    await requirePublishable({ ...prepareImage(bytes, name), name });
    for (let number = 1; ; number++) {
      const path = `${this.#folder}/${stem}${number === 1 ? '' : `-${number}`}${ending}`;
      const same = this.files.get(path);
      if (same !== undefined && Buffer.compare(same, bytes) !== 0) continue;
      this.files.set(path, bytes);
      return path;
    }
  }
}

/** The path of an address inside of a site, or undefined when it leads elsewhere. */
function pathOf(address: string, base: string | undefined): string | undefined {
  const site = base === undefined ? undefined : URL.parse(base);
  const url = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(address)
    ? URL.parse(address, 'https://nowhere.invalid')
    : undefined;
  if (url === null || (url !== undefined && url.host !== site?.host)) return undefined;
  const path = (url?.pathname ?? address).replace(/[?#].*$/s, '');
  try {
    return decodeURIComponent(path.replace(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    return undefined;
  }
}

/** A path on a host as one from the root of its site, where it is there. */
function belowRoot(path: string, root: string): string {
  return (path.startsWith(`${root}/`) ? path.slice(root.length) : path).replace(/^\/+/, '');
}

function stemOf(address: string): string {
  const name = slugify(fileNameOf(decoded(address)).replace(/\.[a-z0-9]{1,5}$/i, ''));
  return (name.error === undefined ? name.slug : name.proposal).slice(0, 60).replace(/-$/, '');
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 8);
}
