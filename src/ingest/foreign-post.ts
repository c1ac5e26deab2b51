/** What became of something that cannot come along as it was. */
export type LossKind =
  | 'alt' // an image had no alt text
  | 'image' // an image became a link, or is left out
  | 'element' // HTML that an article does not hold
  | 'shortcode' // a template tag or shortcode
  | 'link' // a link that leads nowhere any more
  | 'table' // a table that no Markdown table can show
  | 'field' // a field of the front matter
  | 'category' // a category or tag
  | 'comment' // readers' comments
  | 'date' // a date without zone, or none that can be read
  | 'text'; // anything else of headline and body

/** One thing that an article lost on its way. `message` is one sentence without a full stop. */
export interface Loss {
  kind: LossKind;
  message: string;
}

/** An image that a foreign post names. */
export interface ForeignImage {
  /** As written. */
  address: string;
  alt?: string;
  caption?: string;
}

/** One post as another program wrote it, before its body is converted. */
export interface ForeignPost {
  /** How messages name it: its path in the folder, or what the export calls it. */
  origin: string;
  title?: string;
  /** Such as front matter has it: a day, or a date-time with its zone. */
  date?: string;
  updated?: string;
  /** What the slug is made from. */
  name?: string;
  categories: readonly string[];
  tags: readonly string[];
  /** The part of the site that it stands in. */
  section?: string;
  authors: readonly string[];
  summary?: string;
  language?: string;
  image?: ForeignImage;
  body: ForeignBody;
  /** Why it is not to be published as it is: it becomes a draft. */
  held?: string;
  losses: readonly Loss[];
}

export interface ForeignBody {
  format: 'html' | 'markdown';
  text: string;
  /** What addresses in it stand against; none where nothing is known of the site. */
  base?: string;
  /** The path of the site's root on its host, without `/` at its end: images are looked for below it. */
  root?: string;
  /** The folder of the post below the folder that is read, with `/`; of an export nothing. */
  folder?: string;
  /** Where texts of the folder stood on their site, by path. */
  pages?: ReadonlyMap<string, string>;
}

/** A post that does not come along, and why. */
export interface LeftOut {
  origin: string;
  /** `fault`: it should have come, and something is wrong with it. `rule`: it is none of the kind that is taken. */
  why: 'rule' | 'fault';
  reason: string;
}

/** All that one folder or export gave. */
export interface Collection {
  posts: ForeignPost[];
  leftOut: LeftOut[];
  /** What else lay there, by its kind, with how often. */
  others: Record<string, number>;
}
