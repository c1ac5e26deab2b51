import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { escapeHtml, renderPage } from './own-page.ts';
import { addressOf, type Mount, type Place } from './place.ts';
import { pathTo } from './target.ts';

/** A folder that has no page of its own: the way to it, and what is in it. */
export function renderListing({ mount, names }: Place, entries: readonly DirectoryEntry[]): string {
  const title = `Index of ${pathOf(mount, names)}`;
  const items = entries.map((entry) => `<li>${renderEntry(mount, names, entry)}</li>\n`);
  const parent = names.length === 0 ? '' : `<li><a href="${addressOf(mount, names)}/..">..</a></li>\n`;
  const list = `${parent}${items.join('')}`;
  return renderPage(
    title,
    `<p>${renderWay(mount, names)}</p>\n${list === '' ? '<p>This folder is empty.</p>' : `<ul>\n${list}</ul>`}`,
  );
}

function pathOf(mount: Mount, names: readonly string[]): string {
  return mount.kind === 'site'
    ? `/${names.join('/')}`
    : `/${[mount.namespace, mount.id, ...names].join('/')}`;
}

/** The names that lead to the folder, each with a link. */
function renderWay(mount: Mount, names: readonly string[]): string {
  const crumbs = names.map((name, index) => renderLink(crumbAddress(mount, names.slice(0, index + 1)), name));
  if (mount.kind === 'site') return [renderLink('/', 'Front page'), ...crumbs].join('/');
  return `/${mount.namespace}/${[renderLink(crumbAddress(mount, []), mount.id), ...crumbs].join('/')}`;
}

/** On an origin of its own, a folder is also found on the gateway's. */
function crumbAddress(mount: Mount, names: readonly string[]): string {
  if (mount.kind === 'dnslink') return `//${mount.host}${pathTo(names)}`;
  if (mount.kind === 'subdomain') return `//${mount.host}${pathTo([mount.namespace, mount.id, ...names])}`;
  return addressOf(mount, names);
}

function renderEntry(mount: Mount, names: readonly string[], { name, cid }: DirectoryEntry): string {
  const link = renderLink(addressOf(mount, [...names, name]), name);
  return `<bdi>${link}</bdi> <a class="ipfs-hash" translate="no" ${cidLink(mount, `${cid}`, name)}>${cid}</a>`;
}

/** Where an entry is found by its CID alone. A host with a DNSLink has no other publications. */
function cidLink(mount: Mount, cid: string, name: string): string {
  if (mount.kind === 'dnslink')
    return `href="https://cid.ipfs.tech/#${cid}" target="_blank" rel="noreferrer noopener"`;
  const gateway = mount.kind === 'subdomain' ? `//${mount.host}` : '';
  // Encoded twice, as directory listings of other gateways have it: file names are shown encoded there.
  return `href="${gateway}/ipfs/${cid}?filename=${encodeURIComponent(encodeURIComponent(name))}"`;
}

function renderLink(address: string, text: string): string {
  return `<a href="${escapeHtml(address)}">${escapeHtml(text)}</a>`;
}
