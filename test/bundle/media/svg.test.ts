import { describe, expect, it } from 'vitest';
import { prepareImage } from '../../../src/bundle/media/prepare-image.ts';
import { bytesOf, find, image } from '../../helpers/images.ts';

const OPEN =
  '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="8" height="4">';
const PHOTO = Buffer.from(image('photo.jpg')).toString('base64');
const CLEAN_PHOTO = Buffer.from(prepareImage(image('photo.jpg'), 'photo.jpg').bytes).toString('base64');

function prepare(text: string) {
  const { bytes, ...rest } = prepareImage(new TextEncoder().encode(text), 'x.svg');
  return { ...rest, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
}

/** A whole SVG around `body`. */
function svg(body: string): string {
  return `${OPEN}${body}</svg>`;
}

describe('an SVG', () => {
  it('is what is left of the fixture, to the byte', () => {
    const text = new TextDecoder().decode(image('inkscape.svg'));
    const kept = text
      .replace(/<!--[\s\S]*?-->|<\?xml-.*\?>|<!DOCTYPE.*>|<sodipodi.*namedview>|<metadata.*<\/metadata>/g, '')
      .replace(/\s+((inkscape|sodipodi):\S+|xmlns:(inkscape|sodipodi|rdf|cc))=("[^"]*"|'[^']*')/g, '');
    expect(prepare(text).text).toBe(kept);
    expect(kept).toContain('Havn og fjord – 港');
  });

  it.each([
    svg('<title>Tea &amp; cake</title><desc>&#x2615;</desc><g data-name="a" aria-label="url(http://x)"/>'),
    svg(
      '<style>/* \\201C */ .a{fill:url( "#g" )} @media (prefers-color-scheme:dark){.a{color:#fff}}</style>',
    ),
    svg('<style><![CDATA[.a>.b{content:"\\201C"}]]></style>'),
    svg(
      '<use href="#a"/><use xlink:href="#a"/><a href=""/><path fill="url(#g)" style="filter:url(\'#f\')"/>',
    ),
    svg('<animate attributeName="fill" values="#fff;#000" dur="1s"/><text xml:space="preserve"> a </text>'),
    svg(`<image href="data:image/jpeg;base64,${CLEAN_PHOTO}"/>`),
    svg(`<style>.a{mask:url(data:image/jpeg;base64,${CLEAN_PHOTO})}</style>`),
    `<?xml version="1.0" encoding="utf-8"?>\r\n${svg('')}\r\n`,
    '<s:svg xmlns:s="http://www.w3.org/2000/svg" width="8" height="4"><s:g/></s:svg>',
  ])('is kept as it is when clean (%#)', (text) => {
    expect(prepare(text)).toMatchObject({ text, width: 8, height: 4, removed: [] });
  });

  it.each([
    ['comment', svg('a<!-- b -->c'), svg('ac')],
    ['comment', `${svg('')}<!-- b -->`, svg('')],
    ['processing instruction', svg('<?a <b> ?>'), svg('')],
    ['metadata', svg('<metadata><a><metadata/></a></metadata><g/>'), svg('<g/>')],
    ['metadata', svg('<metadata/><g/>'), svg('<g/>')],
    ['editor data', svg('<i:x xmlns:i="urn:i"><script>x</script><!-- y --></i:x><g/>'), svg('<g/>')],
    ['editor data', svg('<x xmlns="urn:i"/><g/>'), svg('<g/>')],
    ['editor data', svg('<g a="1" i:b = \'2\' xmlns:i="urn:i" c="3" />'), svg('<g a="1" c="3" />')],
    ['DOCTYPE', `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x">${svg('')}`, svg('')],
    ['comment', svg('🌊<!-- 港 -->é'), svg('🌊é')],
    ['comment', svg('<![CDATA[ <!-- ]]><!-- x -->'), svg('<![CDATA[ <!-- ]]>')],
  ])('loses %s', (kind, text, expected) => {
    expect(prepare(text)).toMatchObject({ text: expected, removed: [kind] });
    expect(prepare(expected)).toMatchObject({ text: expected, removed: [] });
  });

  it('loses a byte order mark', () => {
    expect(prepare(`\ufeff${svg('')}`)).toMatchObject({ text: svg(''), removed: [] });
  });

  it('loses the metadata of images inside of it', () => {
    const lines = PHOTO.replace(/.{76}/g, '$&\n');
    const { text, removed } = prepare(svg(`<image xlink:href="data:image/jpeg;base64,${lines}" width="8"/>`));
    expect(removed).toEqual(['metadata of an embedded image']);
    expect(text).toBe(svg(`<image xlink:href="data:image/jpeg;base64,${CLEAN_PHOTO}" width="8"/>`));
    expect(
      find(Buffer.from(text.split(/[,"]/).find((part) => part.length > 999) ?? '', 'base64'), 'SECRET'),
    ).toBe(-1);
  });

  it.each([
    ['a script', '<script>alert(1)</script>', '<script>'],
    ['a prefixed script', '<s:script xmlns:s="http://www.w3.org/2000/svg"/>', '<script>'],
    ['foreign content', '<foreignObject/>', '<foreignObject>'],
    ['HTML', '<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="http://x"/>', 'holds HTML'],
    ['an event handler', '<g onload="x()"/>', 'event handler (onload)'],
    ['an event handler with an entity', '<g onclick="&#97;lert()"/>', 'event handler (onclick)'],
    ['a link', '<a href="https://example.org/"><g/></a>', 'outside of itself (https://example.org/)'],
    ['a script link', '<a xlink:href=" javascript:alert(1)"/>', 'outside'],
    ['an external image', '<image href="photo.jpg"/>', 'outside'],
    ['an external use', '<use xlink:href="other.svg#a"/>', 'outside'],
    [
      'an external use under another prefix',
      '<use x:href="o.svg" xmlns:x="http://www.w3.org/1999/xlink"/>',
      'outside',
    ],
    ['an embedded SVG', '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', 'outside'],
    ['an embedded page', '<use href="data:text/html,x"/>', 'outside'],
    ['an external fill', '<g fill="url(http://x/#a)"/>', 'outside'],
    ['an external style attribute', '<g style="fill: URL( \'http://x\' )"/>', 'outside'],
    ['an escaped url', '<g fill="\\75rl(http://x/#a)"/>', 'escaped characters'],
    ['a url with an escaped address', '<g fill="url(\\23 a)"/>', 'outside'],
    ['a url with an escaped parenthesis', '<g fill="url\\(http://x)"/>', 'escaped characters'],
    ['a doubly escaped url', '<g fill="u\\72 \\l(http://x/#a)"/>', 'escaped characters'],
    ['an external style', '<style>a{fill:url(//x)}</style>', 'outside'],
    ['an import', '<style>@import "http://x";</style>', '@import'],
    ['an import around a comment', '<style>@im<!-- x -->port "http://x";</style>', '@import'],
    ['an import around other data', '<style>@im<x xmlns="urn:x">a</x>port "http://x";</style>', '@import'],
    ['an import in CDATA', '<style><![CDATA[@IMPORT "http://x";]]></style>', '@import'],
    ['an escaped import', '<style>@\\69mport "http://x";</style>', '@import'],
    ['an image set', '<style>a{fill:image-set("http://x" 1x)}</style>', 'image-set'],
    ['a second url', '<style>a{fill:url(#a);mask:url(b.svg#c)}</style>', 'outside'],
    ['an animated link', '<set attributeName="xlink:href" to="javascript:x"/>', 'animates href'],
    ['an animated handler', '<set attributeName=" onclick" to="x"/>', 'animates onclick'],
    ['an animated url', '<animate attributeName="fill" values="#fff;url(http://x)"/>', 'outside'],
    ['another base', '<g xml:base="http://x"/>', 'xml:base'],
    ['an unknown entity', '&x;', 'not well-formed'],
    ['an unbound prefix', '<x:g/>', 'not well-formed'],
    ['two equal attributes', '<g a="1" a="2"/>', 'not well-formed'],
    ['an unclosed element', '<g>', 'not well-formed'],
    ['a broken embedded image', '<image href="data:image/png;base64,AAAA"/>', 'none of JPEG'],
    [
      'a truncated embedded image',
      `<image href="data:image/jpeg;base64,${PHOTO.slice(0, 400)}"/>`,
      'breaks off',
    ],
    ['metadata in an image in CSS', `<style>a{fill:url(data:image/jpeg;base64,${PHOTO})}</style>`, 'outside'],
    ['what becomes markup when a comment goes', ']]<!-- x -->>', 'not well-formed'],
  ])('is refused with %s', (_, body, reason) => {
    expect(() => prepare(svg(body))).toThrow(reason);
  });

  it.each([
    ['entities', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('&a;')}`, 'declares entities'],
    [
      'external entities',
      `<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>${svg('')}`,
      'declares entities',
    ],
    ['a DOCTYPE of HTML', `<!DOCTYPE html>${svg('')}`, 'another kind of document'],
    ['another root', `<html>${svg('')}</html>`, 'outermost element'],
    ['no namespace', '<svg width="1" height="1"/>', 'xmlns="http://www.w3.org/2000/svg"'],
    ['another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${svg('')}`, 'another encoding'],
    ['two roots', svg('') + svg(''), 'not well-formed'],
    ['two byte order marks', `\ufeff\ufeff${svg('')}`, 'is none of'],
  ])('is refused as a whole with %s', (_, text, reason) => {
    expect(() => prepare(text)).toThrow(reason);
  });

  it('is refused when the images inside of it are too large together', () => {
    const frame = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 0, 0x3b];
    const gif = bytesOf('GIF89a', [0x40, 0x1f, 0x40, 0x1f, 0, 0, 0], frame);
    const tag = `<image href="data:image/gif;base64,${Buffer.from(gif).toString('base64')}"/>`;
    expect(prepare(svg(tag)).removed).toEqual([]);
    expect(() => prepare(svg(tag + tag))).toThrow('the images in it have more than 100 megapixels');
  });

  it('is refused when it is not UTF-8', () => {
    const bytes = Buffer.from(svg('é'), 'latin1');
    expect(() => prepareImage(bytes, 'x.svg')).toThrow('x.svg: the SVG is not UTF-8; save it as UTF-8');
  });

  it('is refused when it is too deep or has too many elements', () => {
    expect(prepare(svg('<g>'.repeat(255) + '</g>'.repeat(255))).removed).toEqual([]);
    expect(() => prepare(svg('<g>'.repeat(256) + '</g>'.repeat(256)))).toThrow('256 elements deep');
    expect(() => prepare(svg('<g/>'.repeat(500_001)))).toThrow('more than 500000 elements');
  });
});

describe('the size of an SVG', () => {
  it.each([
    ['width="80" height="40"', 80, 40],
    ['width="80.4px" height=" 40.5 "', 80, 41],
    ['width="1in" height="2.54cm"', 96, 96],
    ['width="25.4mm" height="72pt"', 96, 96],
    ['width="6pc" height="1.5e1Q"', 96, 14],
    ['viewBox="0 0 320 200"', 320, 200],
    ['viewBox="-1,-1 , 320.6,200"', 321, 200],
    ['width="100%" height="100%" viewBox="0 0 320 200"', 320, 200],
    ['width="160" viewBox="0 0 320 200"', 160, 100],
    ['height="100" viewBox="0 0 320 200"', 160, 100],
    ['width="auto" height="2em"', 300, 150],
    ['', 300, 150],
    ['viewBox="0 0 0 0"', 300, 150],
    ['viewBox="0 0 10"', 300, 150],
    ['width="0.1" height="0.1"', 1, 1],
  ])('%s', (attributes, width, height) => {
    expect(prepare(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}/>`)).toMatchObject({
      width,
      height,
    });
  });

  it('is refused when nobody can show it', () => {
    expect(() => prepare('<svg xmlns="http://www.w3.org/2000/svg" width="1e7" height="1"/>')).toThrow(
      '10000000 x 1',
    );
  });
});
