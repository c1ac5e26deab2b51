import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { askMirror, tellMirror } from '../mirrors/ask-mirror.ts';
import type { MirrorDocument } from '../mirrors/document.ts';
import { gatewaySource, parseGateway } from '../retrieve/gateway-source.ts';
import { openHttp } from '../retrieve/http-client.ts';
import type { Home, HomeConfig, HomeLimits, Kept, PushOptions } from './home.ts';
import { backOff, pauseFor } from './patient-fetch.ts';

/**
 * A mirror or gateway of somebody else. Nothing can be given to it: it is told that there is something new, and says itself which edition it
 * holds whole. One that says nothing of the kind is read back from, and holds nothing for sure.
 *
 * @throws {OvnError} `usage` for what is no address of a gateway, or with credentials, which nobody would take.
 */
export function openGatewayHome(config: HomeConfig, { token }: { token?: string }, limits: HomeLimits): Home {
  if (token !== undefined) throw new OvnError('usage', 'a gateway takes no credentials');
  const url = parseGateway(config.url);
  const client = openHttp();
  const reader = gatewaySource(url.href);
  const ask = (signal: AbortSignal) =>
    askMirror(url, undefined, { client, signal, timeoutMs: limits.answer });

  const statusOf = async (root: CID, signal: AbortSignal, publication?: string): Promise<Kept> => {
    const shown = await shownBy(ask(signal));
    const kept = shown === undefined ? undefined : keptBy(shown, root);
    return kept ?? reachable(root, await reader.block(root, { signal }), isFollowing(shown, publication));
  };
  return {
    id: config.name,
    kind: 'gateway',
    reader,
    push: async (root, options) => {
      await tell(url, options, limits);
      return follow(() => statusOf(root, options.signal, options.publication), options, limits);
    },
    status: async (roots, { signal }) => {
      const answers = new Map<string, Kept>();
      for (const root of roots) answers.set(root.toString(), await statusOf(root, signal));
      return answers;
    },
    list: async function* ({ signal }) {
      const shown = await shownBy(ask(signal));
      for (const { edition, whole } of shown?.publications.values() ?? [])
        if (whole) yield { cid: edition, state: 'pinned' };
    },
    // What it keeps is its own affair.
    release: async () => undefined,
    close: async () => {
      client.close();
      await reader.close?.();
    },
  };
}

/** Who is no mirror, or looked a moment ago, is not worth an error: what counts is what it says next. */
async function tell(url: URL, { publication, signal }: PushOptions, { answer }: HomeLimits): Promise<void> {
  if (publication === undefined) return;
  try {
    await tellMirror(url, publication, { signal, timeoutMs: answer });
  } catch {
    signal.throwIfAborted();
  }
}

/** Looks until it holds the DAG, for as long as a mirror may take. One that shows nothing will not change its mind. */
async function follow(look: () => Promise<Kept>, options: PushOptions, limits: HomeLimits): Promise<Kept> {
  const ends = performance.now() + limits.pin;
  for (let attempt = 1; ; attempt++) {
    const kept = await look();
    options.onProgress?.({ state: kept.state });
    const pause = backOff(attempt, { pause: limits.poll * 2, maxPause: limits.maxPoll });
    if (kept.state !== 'pinning' || performance.now() + pause > ends) return kept;
    await pauseFor(pause, options.signal);
  }
}

/** `undefined` for a gateway that is no mirror. */
async function shownBy(asking: Promise<MirrorDocument>): Promise<MirrorDocument | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof OvnError && ['not-found', 'malformed', 'refused'].includes(error.code))
      return undefined;
    throw error;
  }
}

/** Whoever serves what we publish as its own paper is this server by another address. */
function keptBy({ own, publications }: MirrorDocument, root: CID): Kept | undefined {
  const cid = root.toString();
  const [id, shown] = [...publications].find(([, { edition }]) => edition === cid) ?? [];
  if (shown === undefined) return undefined;
  if (id === own) return { cid, state: 'failed', detail: 'it is the server of this paper itself' };
  return shown.whole ? { cid, state: 'pinned' } : { cid, state: 'unknown', detail: 'it holds a part of it' };
}

/** Whether it is on its way to what we publish; not known of a gateway that is no mirror. */
function isFollowing(
  shown: MirrorDocument | undefined,
  publication: string | undefined,
): boolean | undefined {
  if (shown === undefined || publication === undefined) return undefined;
  return shown.publications.has(publication);
}

function reachable(root: CID, bytes: Uint8Array | undefined, following: boolean | undefined): Kept {
  const cid = root.toString();
  if (following === true) return { cid, state: 'pinning', detail: 'it shows another edition so far' };
  if (bytes !== undefined)
    return { cid, state: 'unknown', detail: 'it gives it, and does not say that it keeps it' };
  return following === false
    ? { cid, state: 'absent', detail: 'it does not follow this publication' }
    : { cid, state: 'absent' };
}
