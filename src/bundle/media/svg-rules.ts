/** Why something in an SVG is refused, to be read after "the SVG …"; undefined when it is harmless. */
export type Objection = string | undefined;

/** Says of a `data:` address in CSS whether it is a raster image without metadata. */
type IsCleanImage = (address: string) => boolean;

const ACTIVE_ELEMENTS: ReadonlySet<string> = new Set(
  'script foreignobject handler listener iframe embed object audio video canvas'.split(' '),
);
/** Free text, which no browser reads as CSS. */
const TEXT_ATTRIBUTE = /^(aria-|data-|id$|class$|d$|points$)/;
const FETCHING_CSS = /@import|image-set\(|src\(/i;
const URL_CALL = /url\(/gi;
const CSS_ESCAPE = /\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\r\n\f])?|\r\n|[\r\n\f]|)/gi;
/** Up to the first character of the address, when that is `#`; or an embedded image as far as it goes. */
const HARMLESS_URL = /\s*(?:["']\s*)?(?:#|(data:image\/[^"')]*))/iy;

/** Anything but the name of a public DTD, which browsers do not read: entities could make text into markup. */
export function objectToDoctype(doctype: string): Objection {
  if (!/^\s*svg(\s|$)/.test(doctype)) return 'is another kind of document';
  return doctype.includes('[') ? 'declares entities or elements of its own in its DOCTYPE' : undefined;
}

/** Elements that run code or show something that is not a picture. */
export function objectToElement(name: string): Objection {
  return ACTIVE_ELEMENTS.has(name.toLowerCase())
    ? `holds <${name}>, which can do more than show a picture`
    : undefined;
}

/**
 * Attributes that run code or load something. An embedded image in `href` has been looked at before.
 * @param name without prefix
 */
export function objectToAttribute(name: string, value: string, isCleanImage: IsCleanImage): Objection {
  if (/^on/i.test(name)) return `has an event handler (${name})`;
  if (name === 'base') return 'has an xml:base, which leads its references elsewhere';
  if (name === 'href' || name === 'src') return objectToAddress(value.trim());
  if (name === 'attributeName') return objectToAnimation(value);
  return TEXT_ATTRIBUTE.test(name) ? undefined : objectToCss(value, isCleanImage);
}

/** CSS of a `style` element, a `style` attribute or a presentation attribute that loads something. */
export function objectToCss(css: string, isCleanImage: IsCleanImage): Objection {
  const plain = css.includes('\\') ? unescapeCss(css) : css;
  if (FETCHING_CSS.test(plain)) return 'has CSS that loads another file (@import, image-set or src)';
  if (countUrls(plain) !== countUrls(css)) return 'hides an address in its CSS (escaped characters)';
  for (const { index } of css.matchAll(URL_CALL)) {
    HARMLESS_URL.lastIndex = index + 4;
    const match = HARMLESS_URL.exec(css);
    if (match === null || (match[1] !== undefined && !isCleanImage(match[1])))
      return loads(css.slice(index, index + 60));
  }
  return undefined;
}

function objectToAddress(address: string): Objection {
  return address === '' || address.startsWith('#') ? undefined : loads(address.slice(0, 60));
}

function objectToAnimation(value: string): Objection {
  const target = value.trim().replace(/^.*:/s, '');
  return /^(href|src|on.*)$/is.test(target)
    ? `animates ${target.slice(0, 20)}, which can load or run something`
    : undefined;
}

function loads(what: string): string {
  return `refers to something outside of itself (${what})`;
}

function countUrls(css: string): number {
  return css.match(URL_CALL)?.length ?? 0;
}

/** Escapes can hide what loads; the text without them is only needed to find it, and has all that the other has. */
function unescapeCss(css: string): string {
  return css.replace(CSS_ESCAPE, (_, hex?: string) => {
    const code = hex === undefined ? -1 : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}
