import { dayOf } from '../../article/calendar.ts';
import { parseSource } from '../../article/parse-source.ts';
import { SOURCE_LIMIT } from '../../article/source-text.ts';
import type { PlacedImage } from '../../ingest/body-context.ts';
import type { CategoryChooser } from '../../ingest/choose-categories.ts';
import { composeSource, type SourceDraft, slugOf, titleOf } from '../../ingest/compose-source.ts';
import { convertBody, withoutTitle } from '../../ingest/convert-body.ts';
import type { ForeignPost, LeftOut, Loss } from '../../ingest/foreign-post.ts';
import { Losses } from '../../ingest/losses.ts';
import { optional } from '../../ingest/post-fields.ts';
import type { Repository } from '../../repo/repository.ts';
import { ArticleImages, type ImageOrigin } from './image-store.ts';

/** An article that can be written. */
export interface MadeArticle {
  post: ForeignPost;
  title: string;
  /** `YYYY/MM/DD/<slug>`; absent of a draft without a date. */
  id?: string;
  /** Of the file and of the folder of its images, without ending. */
  name: string;
  text: string;
  /** What an earlier run wrote that brought no other images from elsewhere than a source shows. */
  earlier(source: string): string;
  /** By path below the folder that the source is in. */
  images: ReadonlyMap<string, Uint8Array>;
  lost: Loss[];
}

/** An article that is published from a source that is none of ours: nothing is made of its post, and nothing fetched for it. */
export interface PublishedElsewhere {
  post: ForeignPost;
  title: string;
  id: string;
  /** The source, as `publish` names it. */
  source: string;
}

export interface MakerEffects extends ImageOrigin {
  repository: Repository;
  /** The source that an article is published from, where that is another than `<name>.md`. */
  publishedFrom(id: string, name: string): string | undefined;
  now: Date;
  signal: AbortSignal;
}

/** Makes articles of posts, each with an id of its own. */
export class ArticleMaker {
  readonly #taken = new Set<string>();
  readonly #chooser: CategoryChooser;
  readonly #effects: MakerEffects;

  constructor(chooser: CategoryChooser, effects: MakerEffects) {
    this.#chooser = chooser;
    this.#effects = effects;
  }

  /** The article of a post, or why there is none: what is made is what `publish` would take. */
  async make(post: ForeignPost): Promise<MadeArticle | PublishedElsewhere | LeftOut> {
    const fault = (reason: string): LeftOut => ({ origin: post.origin, why: 'fault', reason });
    const { date } = post;
    if (date === undefined && post.held === undefined) return fault('it has no date');
    const losses = new Losses();
    losses.addAll(post.losses);
    const first = convertBody(post.body, new Map());
    const title = titleOf(post, first.markdown, losses);
    const { day, slug } = this.#nameOf(post, title);
    const name = day === undefined ? slug : `${day}-${slug}`;
    const id = day === undefined ? undefined : `${day.replaceAll('-', '/')}/${slug}`;
    const source = id === undefined ? undefined : this.#effects.publishedFrom(id, name);
    if (id !== undefined && source !== undefined) return { post, title, id, source };
    const images = new ArticleImages(name, post.body, this.#effects);
    const lead = post.image === undefined ? [] : [post.image.address];
    await images.bring([...first.wanted, ...lead], this.#effects.signal);
    const textWith = (placed: ReadonlyMap<string, PlacedImage>, lost: Losses): string => {
      const body = placed.size === 0 ? first : convertBody(post.body, placed);
      lost.addAll(body.losses);
      return this.#compose(post, { title, slug, body: withoutTitle(body.markdown, title) }, placed, lost);
    };
    const text = textWith(images.placed, losses);
    const earlier = (source: string): string => textWith(images.shownIn(source), new Losses());
    const problem = this.#problemOf(`${name}.md`, text);
    if (problem !== undefined) return fault(problem);
    return {
      post,
      title,
      ...optional('id', id),
      name,
      text,
      earlier,
      images: images.files,
      lost: losses.list(),
    };
  }

  #compose(
    post: ForeignPost,
    draft: Pick<SourceDraft, 'title' | 'slug' | 'body'>,
    placed: ReadonlyMap<string, PlacedImage>,
    losses: Losses,
  ): string {
    const fields = {
      ...draft,
      ...optional('date', post.date),
      ...optional('image', leadOf(post, placed, losses)),
      categories: this.#chooser.choose(post, losses),
    };
    return composeSource(this.#withoutOwnLanguage(post), fields, losses);
  }

  #nameOf(post: ForeignPost, title: string): { day: string | undefined; slug: string } {
    const day = post.date === undefined ? undefined : dayOf(post.date);
    const slug = slugOf(post, title, (taken) => this.#taken.has(`${day}/${taken}`));
    this.#taken.add(`${day}/${slug}`);
    return { day, slug };
  }

  #withoutOwnLanguage({ language, ...post }: ForeignPost): ForeignPost {
    const isOwn = language?.toLowerCase() === this.#effects.repository.settings.language.toLowerCase();
    return isOwn || language === undefined ? post : { ...post, language };
  }

  /** Whatever a text says: what is written never stops a publish. */
  #problemOf(file: string, text: string): string | undefined {
    if (Buffer.byteLength(text) > SOURCE_LIMIT) return 'it is larger than 1 MiB';
    const { settings } = this.#effects.repository;
    const { findings } = parseSource({
      file,
      text,
      language: settings.language,
      categoryNames: settings.categories ?? {},
      today: this.#effects.now.toISOString().slice(0, 10),
      allowFuture: true,
    });
    return findings.find(({ severity }) => severity === 'error')?.message;
  }
}

/** The lead image, where it lies beside the source; else it is listed. */
function leadOf(
  { image }: ForeignPost,
  placed: ReadonlyMap<string, PlacedImage>,
  losses: Losses,
): SourceDraft['image'] | undefined {
  if (image === undefined) return undefined;
  const lead = placed.get(image.address);
  if (lead !== undefined && 'path' in lead) return { ...image, path: lead.path };
  const why = lead === undefined ? '' : `: ${lead.reason}`;
  losses.add('image', `the lead image ${image.address.slice(0, 160)} is left out${why}`);
  return undefined;
}
