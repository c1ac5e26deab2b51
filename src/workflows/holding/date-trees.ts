import { pageBeside } from '../../article/addresses.ts';
import { isPageBeside, isSiteFile } from '../../edition/layout.ts';
import { OvnError } from '../../errors.ts';
import type { LogFold } from '../../log/fold.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { cidKey } from '../../unixfs/hash.ts';
import { FolderPlaces } from '../verification/folder-places.ts';
import { refusal } from '../verification/judging.ts';
import { DATE_LEVELS, REVISION } from '../verification/placed-bundles.ts';
import { inOrder, isBefore, isCut, type LeftOut, mostBlocks } from './choose.ts';
import type { Gatherer } from './gatherer.ts';
import type { HeldFolder } from './held-folder.ts';
import { type OpenFolder, openFolder } from './open-folder.ts';

/** What bundles are chosen by, and where they are counted. */
export interface DateTreesGiven {
  gatherer: Gatherer;
  fold: LogFold;
  since: string | undefined;
  onProgress: (articles: number) => void;
}

/** A tree of dates in an edition: its folder, and where that lies. */
export interface DateTree extends OpenFolder {
  name: string;
}

/** A folder of a tree that is walked, which knows where the tree's other folders lie. */
interface WalkedTree extends DateTree {
  places: FolderPlaces;
}

/** Depth of an article in its tree; its earlier revisions lie one level below it. */
const ARTICLE = DATE_LEVELS.length;

/** Years or days that a folder may have, beside its articles. */
const MOST_NAMES = 10_000;

/** An entry of a folder that is held. */
interface Placed {
  tree: WalkedTree;
  entry: DirectoryEntry;
}

/**
 * Takes bundles out of several trees of dates at once, newest first, as long as there is room. The same bundle may lie in each: it is
 * held everywhere, or nowhere. Only what the log tells is looked at, so that no tree has an end that its log does not have.
 */
export class DateTrees {
  readonly #given: DateTreesGiven;
  readonly #held = new Map<string, boolean>();
  readonly why = new Set<LeftOut>();
  /** Articles of which the newest revision is held. */
  articles = 0;
  /** Bytes of the bundles that are held, as their directories state them. */
  stated = 0;

  constructor(given: DateTreesGiven) {
    this.#given = given;
  }

  /**
   * @param depth levels of the trees: 4 where articles lie at the end, 5 where their revisions do.
   * @param isAhead whether all of it was fetched.
   */
  async take(trees: readonly DateTree[], depth: 4 | 5, isAhead: boolean): Promise<void> {
    const walked = trees.map((tree) => ({ ...tree, places: new FolderPlaces(tree.name) }));
    await this.#visit(walked, [], depth, isAhead);
  }

  /** Notes that something in a folder is not held, and why. */
  leaveOut(folder: HeldFolder, why: LeftOut): void {
    folder.leaveOut();
    this.why.add(why);
  }

  async #visit(
    trees: readonly WalkedTree[],
    path: readonly string[],
    depth: number,
    isAhead: boolean,
  ): Promise<void> {
    const { since, gatherer } = this.#given;
    for (const tree of trees) await this.#takeLonePages(tree);
    const names = trees.flatMap(({ entries }) => [...entries.keys()]).filter((name) => !isPageBeside(name));
    for (const name of inOrder(names, path.length)) {
      const here = [...path, name];
      requireName(here);
      const placed = placesOf(trees, name);
      if (isBefore(here, since)) this.#leaveOutAll(placed, 'since');
      else if (gatherer.room.isOver && !this.#isHeld(placed)) this.#leaveOutAll(placed, 'size');
      else if (here.length === depth) await this.#takeBundle(here, placed, isAhead);
      else await this.#enter(here, placed, depth, isAhead);
    }
  }

  /** Goes into the folders of a name. What surely fits is fetched at once. */
  async #enter(
    path: readonly string[],
    placed: readonly Placed[],
    depth: number,
    isAhead: boolean,
  ): Promise<void> {
    const { gatherer, fold, since } = this.#given;
    const links = placed.map(({ entry }) => entry);
    const fits = isAhead || (!isCut(path, since) && sizeOf(links) <= gatherer.room.left);
    if (!fits) await gatherer.touch(links);
    else if (!isAhead) await gatherer.fetchAhead(links, mostBlocks(fold.size));
    const below: WalkedTree[] = [];
    for (const { tree, entry } of placed) {
      const { places } = tree;
      const name = `${tree.name}/${entry.name}`;
      places.enter(entry.cid, path);
      const isDay = path.length === ARTICLE - 1;
      const isPage = (file: string): boolean =>
        isSiteFile(file) && depth === ARTICLE && !(isDay && isPageBeside(file));
      const at = { parent: tree.folder, name, isPage, limit: MOST_NAMES + 2 * fold.articles.size };
      const opened = await openFolder(entry, at, gatherer);
      if (opened !== undefined) below.push(requireFilled({ ...opened, name, places }));
      else this.#leaveOutForSize(tree.folder);
    }
    await this.#visit(below, path, depth, fits);
  }

  async #takeBundle(path: readonly string[], placed: readonly Placed[], isAhead: boolean): Promise<void> {
    for (const { tree, entry } of placed) {
      requireLogged(this.#given.fold, path, entry, tree.name);
      const key = cidKey(entry.cid);
      let isHeld = this.#held.get(key);
      if (isHeld === undefined) {
        isHeld = await this.#takeNew(entry, tree, isAhead);
        if (isHeld && path.length === ARTICLE) this.#given.onProgress(++this.articles);
      }
      this.#held.set(key, isHeld);
      if (isHeld) await this.#takePage(tree, pageBeside(entry.name));
      else tree.folder.leaveOut();
    }
  }

  /** Takes the page of the edition that lies beside a bundle, where one does: it goes with the bundle. */
  async #takePage(tree: DateTree, name: string): Promise<void> {
    const page = tree.entries.get(name);
    if (page === undefined) return;
    const bytes = await this.#gather(page, `${tree.name}/${name}`, true);
    if (bytes === undefined) this.leaveOut(tree.folder, 'size');
    else tree.folder.addDag(page.cid, bytes);
  }

  /** Pages without a bundle belong to nothing that could be left out. */
  async #takeLonePages(tree: DateTree): Promise<void> {
    const beside = new Set([...tree.entries.keys()].map(pageBeside));
    for (const name of tree.entries.keys())
      if (isPageBeside(name) && !beside.has(name)) await this.#takePage(tree, name);
  }

  async #takeNew(entry: DirectoryEntry, { folder, name }: DateTree, isAhead: boolean): Promise<boolean> {
    const { room } = this.#given.gatherer;
    if (!room.fits(entry.size)) {
      this.why.add('size');
      return false;
    }
    const bytes = await this.#gather(entry, `${name}/${entry.name}`, isAhead);
    if (bytes === undefined) return false;
    folder.addDag(entry.cid, bytes);
    this.stated += entry.size;
    return true;
  }

  async #gather(entry: DirectoryEntry, name: string, isAhead: boolean): Promise<number | undefined> {
    const { gatherer } = this.#given;
    try {
      if (!isAhead) await gatherer.fetchAhead([entry]);
      return await gatherer.room.attempt(async () => (await gatherer.dag(entry, name)) !== undefined);
    } catch (error) {
      if (!(error instanceof OvnError) || error.code !== 'denied') throw error;
      this.why.add('denied');
      return undefined;
    }
  }

  #isHeld(placed: readonly Placed[]): boolean {
    return placed.every(({ entry }) => this.#held.get(cidKey(entry.cid)) === true);
  }

  #leaveOutAll(placed: readonly Placed[], why: LeftOut): void {
    for (const { tree } of placed) this.leaveOut(tree.folder, why);
  }

  #leaveOutForSize(folder: HeldFolder): void {
    this.#given.gatherer.room.passOver();
    this.leaveOut(folder, 'size');
  }
}

/** Every folder leads to an article. */
function requireFilled(tree: WalkedTree): WalkedTree {
  for (const name of tree.entries.keys()) if (!isPageBeside(name)) return tree;
  throw refusal(`${tree.name} holds no article`);
}

function placesOf(trees: readonly WalkedTree[], name: string): Placed[] {
  return trees.flatMap((tree) => {
    const entry = tree.entries.get(name);
    return entry === undefined ? [] : [{ tree, entry }];
  });
}

function sizeOf(links: readonly DirectoryEntry[]): number {
  return links.reduce((sum, { size }) => sum + size, 0);
}

function requireName(path: readonly string[]): void {
  const pattern = DATE_LEVELS[path.length - 1]?.pattern ?? REVISION;
  if (!pattern.test(path.at(-1) ?? '')) throw refusal(`${path.join('/')} has no place in a tree of dates`);
}

/** The log comes first: what it does not tell is never fetched. */
function requireLogged(
  { articles }: LogFold,
  path: readonly string[],
  { cid }: DirectoryEntry,
  folder: string,
): void {
  const id = path.slice(0, ARTICLE).join('/');
  const article = articles.get(id);
  const number = path[ARTICLE];
  const logged = number === undefined ? article?.newest : article?.earlier[Number(number) - 1];
  if (logged?.cid === cid.toString()) return;
  const what = number === undefined ? id : `${id}, revision ${number},`;
  throw refusal(`${folder} has ${what} as ${cid}; the log has ${logged?.cid ?? 'no such bundle'}`);
}
