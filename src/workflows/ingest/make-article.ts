import { dayOf } from '../../article/calendar.ts';
import { parseSource } from '../../article/parse-source.ts';
import { SOURCE_LIMIT } from '../../article/source-text.ts';
import type { CategoryChooser } from '../../ingest/choose-categories.ts';
import { composeSource, slugOf, titleOf } from '../../ingest/compose-source.ts';
import { convertBody, withoutTitle } from '../../ingest/convert-body.ts';
import type { ForeignPost, LeftOut, Loss } from '../../ingest/foreign-post.ts';
import { Losses } from '../../ingest/losses.ts';
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
  /** By path below the folder that the source is in. */
  images: ReadonlyMap<string, Uint8Array>;
  lost: Loss[];
}

export interface MakerEffects extends ImageOrigin {
  repository: Repository;
  now: Date;
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
  async make(post: ForeignPost): Promise<MadeArticle | LeftOut> {
    const fault = (reason: string): LeftOut => ({ origin: post.origin, why: 'fault', reason });
    const { date } = post;
    if (date === undefined && post.held === undefined) return fault('it has no date');
    const losses = new Losses();
    losses.addAll(post.losses);
    const first = convertBody(post.body, new Map());
    const title = titleOf(post, first.markdown, losses);
    const name = this.#nameOf(post, title);
    const images = new ArticleImages(name, post.body, this.#effects);
    const { image } = post;
    await images.bring([...first.wanted, ...(image === undefined ? [] : [image.address])]);
    const second = images.placed.size === 0 ? first : convertBody(post.body, images.placed);
    losses.addAll(second.losses);
    const lead = image === undefined ? undefined : images.placed.get(image.address);
    if (image !== undefined && (lead === undefined || !('path' in lead)))
      losses.add(
        'image',
        `the lead image ${image.address.slice(0, 160)} is left out${lead === undefined ? '' : `: ${lead.reason}`}`,
      );
    const text = composeSource(
      post,
      {
        title,
        ...(date === undefined ? {} : { date }),
        slug: name.replace(/^\d{4}-\d{2}-\d{2}-/, ''),
        categories: this.#chooser.choose(post, losses),
        ...(image !== undefined && lead !== undefined && 'path' in lead
          ? { image: { ...image, path: lead.path } }
          : {}),
        body: withoutTitle(second.markdown, title),
      },
      losses,
    );
    const problem = this.#problemOf(`${name}.md`, text);
    if (problem !== undefined) return fault(problem);
    const id = date === undefined ? {} : { id: name.replace(/^(\d{4})-(\d{2})-(\d{2})-/, '$1/$2/$3/') };
    return { post, title, ...id, name, text, images: images.files, lost: losses.list() };
  }

  #nameOf(post: ForeignPost, title: string): string {
    const day = post.date === undefined ? '' : `${dayOf(post.date)}-`;
    const name = `${day}${slugOf(post, title, (slug) => this.#taken.has(`${day}${slug}`))}`;
    this.#taken.add(name);
    return name;
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
