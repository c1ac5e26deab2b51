import { beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/node/gateway/gateway.ts';
import { rawCid } from '../../../src/unixfs/hash.ts';
import { type Folder, Site } from './site.ts';

const PAGE = '<!DOCTYPE html><title>Checks</title><script src="checks.js"></script>';
const SCRIPT = 'check();';
const cidOf = (text: string) => rawCid(Buffer.from(text)).toString();

/** The policy of a file of a folder, by a gateway that knows a page and its script. */
async function policyOf(folder: Folder, path: string, knows = true): Promise<string> {
  const site = new Site();
  const { cid } = await site.add(folder);
  const checksPage = { page: cidOf(PAGE), script: cidOf(SCRIPT), scriptName: 'checks.js' };
  const gateway = createGateway({
    read: site.blocks.read,
    head: () => undefined,
    checksPage: knows ? checksPage : undefined,
  });
  const { signal } = new AbortController();
  const { status, headers } = await gateway({
    method: 'GET',
    target: `/ipfs/${cid}/${path}`,
    headers: {},
    signal,
  });
  expect(status).toBe(200);
  return headers['content-security-policy'] ?? '';
}

describe('the page of checks', () => {
  it('runs its script where both are the ones that are known, wherever they lie and whatever the page is called', async () => {
    const beside = { 'checks.js': SCRIPT, 'other.js': 'other()' };
    for (const path of ['checks.html', 'in/checks.html', 'in/index.html', 'in/']) {
      const name = path.split('/').at(-1) || 'index.html';
      const folder = { ...beside, [name]: PAGE };
      const policy = await policyOf(path.startsWith('in/') ? { in: folder } : folder, path);
      expect(policy, path).toContain("script-src 'self'");
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
    }
  });

  it.each<[string, Folder, string]>([
    ['beside another script', { 'checks.html': PAGE, 'checks.js': 'steal();' }, 'checks.html'],
    ['beside no script', { 'checks.html': PAGE }, 'checks.html'],
    [
      'with the script in another folder',
      { 'checks.html': PAGE, in: { 'checks.js': SCRIPT } },
      'checks.html',
    ],
    [
      'and its script in a page of its own',
      { 'checks.html': `${PAGE} `, 'checks.js': SCRIPT },
      'checks.html',
    ],
    ['for another page beside it', { 'checks.html': PAGE, 'checks.js': SCRIPT, 'a.html': '<p>a' }, 'a.html'],
  ])('runs none %s', async (_, folder, path) => {
    expect(await policyOf(folder, path)).not.toContain('script-src');
  });

  it('runs none where no page is known', async () => {
    expect(await policyOf({ 'checks.html': PAGE, 'checks.js': SCRIPT }, 'checks.html', false)).not.toContain(
      'script-src',
    );
  });
});

describe('a page where publications share an origin', () => {
  let site: Site;
  let own: string;
  let foreign: string;
  beforeEach(async () => {
    const mirrored = new Set<string>();
    site = new Site({
      trusted: (root) => mirrored.has(`${root}`),
      checksPage: { page: cidOf(PAGE), script: cidOf(SCRIPT), scriptName: 'checks.js' },
      searchPage: { name: 'search.html', integrity: 'sha256-abc=' },
    });
    own = `${await site.publish({ 'index.html': 'own', 'search.html': 'search' })}`;
    const pages = { 'index.html': 'foreign', 'checks.html': PAGE, 'checks.js': SCRIPT, 'search.html': 'x' };
    foreign = `${(await site.add(pages)).cid}`;
    mirrored.add(`${(await site.add({ 'index.html': 'mirrored' })).cid}`);
  });

  async function policy(target: string, host = '127.0.0.1'): Promise<string> {
    const { headers, status } = await site.get(target, { host });
    expect(status).toBe(200);
    return headers['content-security-policy'] ?? '';
  }

  it('is sandboxed unless it is the paper itself', async () => {
    expect(await policy(`/ipfs/${foreign}/`)).toMatch(/; sandbox allow-downloads allow-popups/);
    expect(await policy(`/ipfs/${foreign}/`)).not.toMatch(/allow-(?:scripts|same-origin|forms)/);
    expect(await policy('/')).not.toContain('sandbox');
    expect(await policy(`/ipfs/${own}/`)).not.toContain('sandbox');
    const mirrored = (await site.add({ 'index.html': 'mirrored' })).cid;
    expect(await policy(`/ipfs/${mirrored}/`)).not.toContain('sandbox');
  });

  it('is not where it has an origin of its own', async () => {
    expect(await policy('/', `${foreign}.ipfs.localhost`)).not.toContain('sandbox');
  });

  it('of search runs the one script that is known, where it is trusted or alone', async () => {
    for (const made of [
      await policy('/search.html'),
      await policy(`/ipfs/${own}/search.html`),
      await policy('/search.html', `${foreign}.ipfs.localhost`),
    ]) {
      expect(made).toContain(
        "script-src 'sha256-abc='; connect-src 'self'; base-uri 'none'; form-action 'none';",
      );
      expect(made).toContain("default-src 'none'");
    }
    expect(await policy('/')).not.toContain('script-src');
    expect(await policy(`/ipfs/${foreign}/search.html`)).not.toContain('script-src');
    expect(await policy(`/ipfs/${foreign}/search.html`)).toContain('sandbox');
  });

  it('still checks', async () => {
    expect(await policy(`/ipfs/${foreign}/checks.html`)).toContain("script-src 'self'");
    expect(await policy(`/ipfs/${foreign}/checks.html`)).not.toContain('sandbox');
  });
});
