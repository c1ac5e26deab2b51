import type { CID } from 'multiformats/cid';
import type { Asked } from './answer-place.ts';
import { isMissing, showPage, statusOfMissing } from './explain.ts';
import { readAccept } from './media-range.ts';
import type { Elsewhere, GatewayResponse } from './messages.ts';
import { escapeHtml } from './own-page.ts';
import { FILE_POLICY } from './page-policy.ts';
import type { Place } from './place.ts';
import { pathTo } from './target.ts';

const JSON_TYPE = 'application/json';

/** Addresses that are named, and characters of what a publication calls itself that are shown. */
const MOST_NAMED = 20;
const LONGEST_NAME = 200;

/** What is told of something that others may have. */
interface Told {
  name: string;
  publication: string;
  /** The path under which a gateway has it. */
  path: string;
  /** Addresses of others, as the publication names them. */
  mirrors: readonly string[];
}

/**
 * What is said of a path below a root of which a part is kept, and of which something that it needs is not: who may have it, in a page, or
 * in JSON for programs.
 * @throws what was thrown, where it is anything else
 */
export function answerElsewhere(error: unknown, asked: Asked, root: CID): GatewayResponse {
  const elsewhere = isMissing(error) ? asked.effects.elsewhere?.(root) : undefined;
  if (elsewhere === undefined) throw error;
  const { request, place } = asked;
  const { name, publication } = elsewhere;
  const mirrors = othersAmong(elsewhere.mirrors, request.headers.host).slice(0, MOST_NAMED);
  const told = {
    name: name.slice(0, LONGEST_NAME),
    publication,
    path: pathElsewhere(place, elsewhere),
    mirrors,
  };
  const status = statusOfMissing(request.headers);
  return isForProgram(asked) ? tellProgram(status, told) : tellReader(status, told);
}

/** Whoever asks for blocks reads no page. */
function isForProgram({ format, request }: Asked): boolean {
  return format !== 'site' || readAccept(request.headers.accept)[0]?.type === JSON_TYPE;
}

function tellProgram(status: number, { name, ...told }: Told): GatewayResponse {
  const message = `not held here: this server keeps a part of ${name}`;
  return {
    status,
    headers: {
      'content-type': JSON_TYPE,
      'content-security-policy': FILE_POLICY,
      'cache-control': 'no-store',
    },
    body: Buffer.from(JSON.stringify({ error: 'not-held', message, ...told })),
  };
}

function tellReader(status: number, { name, publication, path, mirrors }: Told): GatewayResponse {
  const paper = `<bdi>${escapeHtml(name)}</bdi>`;
  const items = mirrors.map((mirror) => `<li>${renderMirror(mirror, path)}</li>`);
  const others =
    items.length === 0
      ? '<p>It names no other place that may have it.</p>'
      : `<p>These may have it:</p>\n<ul>\n${items.join('\n')}\n</ul>`;
  const main = `<p>This server keeps a part of ${paper}, and what you asked for is not in it.</p>
${others}
<p>Wherever you get it, it can be checked: the publication is<br>\n${escapeHtml(publication)}</p>`;
  return showPage(status, { title: 'Not held here', main });
}

/** The same thing there; who is met as a peer has no address for browsers. */
function renderMirror(mirror: string, path: string): string {
  const url = webAddress(mirror);
  if (url === undefined) return escapeHtml(mirror);
  const site = `${url.origin}${url.pathname}`.replace(/\/$/, '');
  return `<a href="${escapeHtml(`${site}${path}`)}" rel="noreferrer">${escapeHtml(site)}</a>`;
}

/** Without this server, as it was called. */
function othersAmong(mirrors: readonly string[], host: string | undefined): string[] {
  return mirrors.filter((mirror) => host === undefined || webAddress(mirror)?.host !== host);
}

function webAddress(mirror: string): URL | undefined {
  const url = URL.parse(mirror);
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

/** Others have the publication by its name or edition, whatever this server shows at `/` or under a host of its own. */
function pathElsewhere({ mount, names, folder }: Place, { site }: Elsewhere): string {
  const isOwn = mount.kind === 'site' || mount.kind === 'dnslink';
  const front = isOwn ? site.split('/').filter((name) => name !== '') : [mount.namespace, mount.id];
  return `${pathTo([...front, ...names])}${folder ? '/' : ''}`;
}
