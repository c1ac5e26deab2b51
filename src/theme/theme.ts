/** A theme, as far as pages are made by it: plain data, which can be sent to another thread. */
export interface Theme {
  /** Of its folder, `themes/<cid>/` in an edition. */
  cid: string;
  /** Its templates, by file name; none where it has only a style. */
  templates: Readonly<Record<string, string>>;
  /** Whether its style has pictures or fonts in it. */
  embeds: boolean;
}

/** Files of a theme, by their paths below its folder. */
export type ThemeFiles = ReadonlyMap<string, Uint8Array>;

/** A theme has at most so many files, of so many bytes together. */
export const MOST_FILES = 64;
export const THEME_LIMIT = 1024 * 1024;
/** Its style sheets, together. */
export const STYLE_LIMIT = 256 * 1024;
/** Pictures and fonts, together: they are written into the style. */
export const MEDIA_LIMIT = 512 * 1024;
/** One template. */
export const TEMPLATE_LIMIT = 64 * 1024;

/** Takes the place of the built-in style. */
export const STYLE = 'style.css';
/** Comes after the style, built in or not. */
export const ADDITIONS = 'additions.css';

const PLACES = [
  /^(?:style|additions)\.css$/,
  /^templates\/[a-z0-9][a-z0-9-]{0,59}\.liquid$/,
  /^media\/[a-z0-9][a-z0-9-]{0,59}\.(?:gif|jpe?g|png|svg|webp|woff2)$/,
  /^(?:README|LICENSE|NOTICE)(?:\.md|\.txt)?$/,
];

/** Whether a file has a place in a theme. */
export function belongsToTheme(path: string): boolean {
  return PLACES.some((place) => place.test(path));
}
