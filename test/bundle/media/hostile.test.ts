import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MEDIA_LIMITS } from '../../../src/bundle/media/limits.ts';
import { type PreparedImage, prepareImage } from '../../../src/bundle/media/prepare-image.ts';
import { OvnError } from '../../../src/errors.ts';
import { bytesOf, image } from '../../helpers/images.ts';

const FILES = [
  'photo.jpg',
  'cmyk.jpg',
  'graphic.png',
  'moving.png',
  'moving.gif',
  'photo.webp',
  'plain.webp',
  'moving.webp',
  'inkscape.svg',
];
const SVG = '<svg xmlns="http://www.w3.org/2000/svg">';
/** Far above what any of these takes, far below what a quadratic scan of 4 MiB takes. */
const MOST_MILLISECONDS = 20_000;

/** Prepares hostile bytes: undefined when they are refused as they should be; anything else that is thrown is a defect. */
function attempt(bytes: Uint8Array): PreparedImage | undefined {
  try {
    return prepareImage(bytes, 'x');
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    if (error.code !== 'malformed' && error.code !== 'limit') throw error;
    return undefined;
  }
}

/** What was accepted must be as good as any other result: prepared again, it stays the same. */
function expectSafe(bytes: Uint8Array): void {
  const once = attempt(bytes);
  if (once === undefined) return;
  const twice = attempt(once.bytes);
  if (twice === undefined || twice.removed.length > 0 || Buffer.compare(once.bytes, twice.bytes) !== 0) {
    expect({ twice, bytes: Buffer.from(bytes).toString('latin1') }).toBe('the same again');
  }
}

/** The bytes as text, without the line end that may or may not follow an SVG. */
function textOf({ bytes }: PreparedImage): string {
  return Buffer.from(bytes).toString('latin1').trimEnd();
}

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = value;
  return changed;
}

describe('hostile images', () => {
  it.each(FILES)('%s is refused, or cut at its own end, when truncated anywhere', (name) => {
    const source = image(name);
    const whole = prepareImage(source, name);
    for (let length = 0; length < source.length; length += 1) {
      const cut = attempt(source.subarray(0, length));
      if (cut !== undefined) expect(textOf(cut)).toBe(textOf(whole));
    }
  });

  it.each(FILES)('%s is refused or safe with any byte changed', (name) => {
    const source = image(name);
    for (const [at, byte] of source.entries()) {
      for (const value of [byte ^ 0x01, byte ^ 0x20, byte ^ 0x80, 0x00, 0xff])
        expectSafe(withByte(source, at, value));
    }
  });

  it.each(FILES)('%s is refused or safe after any series of cuts, copies and changes', (name) => {
    const source = image(name);
    const place = fc.nat(source.length);
    const piece = fc.oneof(
      fc.tuple(place, place).map(([from, to]) => source.slice(from, to)),
      fc.uint8Array({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(place, place, fc.array(piece, { maxLength: 4 }), (from, to, pieces) => {
        expectSafe(bytesOf(source.subarray(0, from), ...pieces, source.subarray(to)));
      }),
      { numRuns: 500 },
    );
  });

  it('any markup in an SVG is refused or safe', () => {
    const words = [
      '<g',
      '</g>',
      '>',
      '/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?a',
      '?>',
      '<style>',
      '</style>',
      ' a="',
      '"',
    ];
    const more = [
      '<metadata>',
      '</metadata>',
      "='",
      "'",
      ' x:href="',
      'url(',
      ')',
      '@im',
      'port',
      '&#x',
      ';',
      '\r',
      '\ufeff',
      '🌊',
    ];
    const body = fc.array(fc.constantFrom(...words, ...more), { maxLength: 12 });
    fc.assert(
      fc.property(body, (parts) => expectSafe(new TextEncoder().encode(`${SVG}${parts.join('')}</svg>`))),
      { numRuns: 3000 },
    );
  });
});

describe('a large file of trouble', () => {
  const png = image('moving.png').subarray(0, 33);
  it.each<[string, () => Uint8Array]>([
    ['JPEG fill bytes', () => filled('\xff\xd8\xff', [0xff])],
    ['JPEG restarts in a scan', () => filled(jpegStart(), [0xff, 0xd0])],
    ['tiny JPEG segments', () => filled('\xff\xd8', [0xff, 0xfe, 0, 2])],
    ['tiny PNG chunks', () => filled(png, tinyChunk())],
    ['tiny GIF sub-blocks', () => filled(bytesOf('GIF89a', [1, 0, 1, 0, 0, 0, 0], [0x21, 0xfe]), [1])],
    ['tiny GIF blocks', () => filled(bytesOf('GIF89a', [1, 0, 1, 0, 0, 0, 0]), [0x21, 0xfe, 0])],
    [
      'tiny WebP chunks',
      () => filled(bytesOf('RIFF', [0xf8, 0xff, 0xff, 1], 'WEBP'), bytesOf('ABCD', [0, 0, 0, 0])),
    ],
    ['SVG elements inside each other', () => filled(SVG, '<g>')],
    ['SVG elements in a row', () => filled(SVG, '<g/>')],
    ['SVG attributes', () => filled(`${SVG}<g`, ' aa="1"')],
    ['white space in an SVG tag', () => filled(`${SVG}<g`, ' ', '/></svg>')],
    ['white space in SVG CSS', () => filled(`${SVG}<style>a{b:url(`, ' ', '#a)}</style></svg>')],
    ['urls in SVG CSS', () => filled(`${SVG}<style>`, 'url(#a)', '</style></svg>')],
    ['open urls in SVG CSS', () => filled(`${SVG}<style>`, 'url(', '</style></svg>')],
    ['digits in an SVG width', () => filled('<svg xmlns="http://www.w3.org/2000/svg" width="', '1', '"/>')],
    ['an SVG comment', () => filled(`${SVG}<!--`, '- ', '--></svg>')],
    ['an SVG entity', () => filled(`${SVG}&`, 'a', ';</svg>')],
    ['CSS escapes in an SVG', () => filled(`${SVG}<style>`, '\\75', '</style></svg>')],
  ])('%s', (_, make) => {
    const bytes = make();
    const start = performance.now();
    attempt(bytes);
    expect(performance.now() - start).toBeLessThan(MOST_MILLISECONDS);
  });

  it('foreign attributes in an SVG are removed, however many', () => {
    const names = Array.from({ length: 200_000 }, (_, index) => ` i:a${index}=""`).join('');
    const text = `${SVG}<g xmlns:i="urn:i"${names}/></svg>`;
    const { bytes } = prepareImage(new TextEncoder().encode(text), 'x.svg');
    expect(new TextDecoder().decode(bytes)).toBe(`${SVG}<g/></svg>`);
  });

  function filled(
    start: string | Uint8Array,
    unit: string | Uint8Array | readonly number[],
    end = '',
  ): Uint8Array {
    const head = bytesOf(start);
    const isMarkup = head[0] === 0x3c;
    const bytes = Buffer.alloc(isMarkup ? 4 * 1024 * 1024 : MEDIA_LIMITS.bytes, bytesOf(unit));
    bytes.set(head);
    bytes.write(end, bytes.length - end.length, 'latin1');
    return bytes;
  }

  function tinyChunk(): Uint8Array {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32('tEXt'));
    return bytesOf([0, 0, 0, 0], 'tEXt', sum);
  }

  function jpegStart(): Uint8Array {
    return image('photo.jpg').subarray(
      0,
      Buffer.from(image('photo.jpg')).indexOf('\xff\xda', 0, 'latin1') + 14,
    );
  }
});
