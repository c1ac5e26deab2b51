import { expect, it } from 'vitest';
import { STYLE_CSS } from '../../../src/article/style.ts';
import { SEARCH_JS } from '../../../src/edition/search-js.generated.ts';
import { VERIFY_JS } from '../../../src/edition/verify-js.generated.ts';
import { addDirectory } from '../../../src/unixfs/directory.ts';
import { addFile } from '../../../src/unixfs/file.ts';
import { hasOwnPages } from '../../../src/workflows/publishing/pages-stand.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';

it.each([
  ['those of this program', {}, true],
  ['of another style', { 'style.css': 'p {}' }, false],
  ['with an index that another script searches', { 'search.js': '0' }, false],
  ['laid out as another script lets it', { 'verify.js': '0' }, false],
])('the pages of an edition are or are not its own: %s', async (_, changes, own) => {
  const blocks = new MemoryBlocks();
  const scripts = { 'search.js': SEARCH_JS, 'verify.js': VERIFY_JS };
  const files = { 'about.html': 'about', ...scripts, 'style.css': STYLE_CSS, ...changes };
  const entries = [];
  for (const [name, text] of Object.entries(files))
    entries.push({ name, ...(await addFile(Buffer.from(text, 'utf8'), blocks.sink)) });
  const { cid } = await addDirectory(entries, blocks.sink);
  expect(await hasOwnPages(cid, undefined, blocks.read)).toBe(own);
});
