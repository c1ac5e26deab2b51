import { OvnError } from '../../errors.ts';
import { askRouters, newestOf, tellAnswers } from './ask-routers.ts';
import { lookUpDnslink } from './dnslink.ts';
import { formatName, type Name } from './name.ts';
import type { NameRecords, NameRouter } from './name-router.ts';
import type { NameRecord } from './record.ts';
import type { LookUpTxt, ResolvedName, ResolveName } from './resolve-name.ts';
import { splitPath } from './split-path.ts';

export interface ResolverEffects {
  records: NameRecords;
  /** Asked again when what a record allows (`ttl`) has passed since the last time. */
  routers: readonly NameRouter[];
  /** Absent where no DNS was given: domains are refused then. */
  lookUpTxt?: LookUpTxt | undefined;
  now(): Date;
  /** Whether a record that has expired still leads somewhere: who takes it must look at `records`. */
  allowExpired?: boolean;
}

/** Steps from the first path to a CID (DNSLink specification: 32). */
const MOST_STEPS = 32;
/** Longest time for which nobody is asked again, in seconds: a `ttl` may be anything. */
const LONGEST_TTL = 3600;
const MOST_REMEMBERED = 4096;

/** One step of the way. */
interface Step {
  value: string;
  ttl: number;
  record?: NameRecord;
}

/** Makes the function that follows names and domains; see {@link ResolveName}. */
export function nameResolver(effects: ResolverEffects): ResolveName {
  const asked = new Map<string, number>();
  const follow = (name: Name, signal: AbortSignal) => followName(name, effects, asked, signal);
  return async (path, { signal }) => {
    const steps = [path];
    const roots = new Set<string>();
    const records: NameRecord[] = [];
    let ttl = Number.POSITIVE_INFINITY;
    for (let count = 0; count < MOST_STEPS; count++) {
      const split = splitPath(steps.at(-1) ?? path);
      if (split.kind === 'cid') return conclude(`/ipfs/${split.cid}${split.rest}`, ttl, records, steps);
      const root = split.kind === 'name' ? formatName(split.name) : split.host;
      if (roots.has(root))
        throw new OvnError('malformed', `${path} leads in a circle: ${steps.join(' -> ')}`);
      roots.add(root);
      const step =
        split.kind === 'name'
          ? await follow(split.name, signal)
          : await followHost(split.host, effects, signal);
      ttl = Math.min(ttl, step.ttl);
      if (step.record !== undefined) records.push(step.record);
      steps.push(`${step.value.replace(/\/+$/, '')}${split.rest}`);
    }
    throw new OvnError('limit', `${path} does not come to an end in ${MOST_STEPS} steps`);
  };
}

function conclude(path: string, ttl: number, records: NameRecord[], steps: string[]): ResolvedName {
  const record = records.at(-1);
  return { path, ttl, records, steps, ...(record === undefined ? {} : { record }) };
}

/** The newest record among the one that is kept and those that others give, which is kept then. */
async function followName(
  name: Name,
  effects: ResolverEffects,
  asked: Map<string, number>,
  signal: AbortSignal,
): Promise<Step> {
  const { records, routers, now, allowExpired = false } = effects;
  const kept = records.get(name);
  const key = formatName(name);
  const isFresh = kept !== undefined && (asked.get(key) ?? 0) > performance.now();
  const answers = isFresh ? [] : await askRouters(name, routers, signal);
  const record = newestOf(kept, answers);
  if (record === undefined) {
    const said = answers.length === 0 ? 'no router was asked' : tellAnswers(answers);
    const code = answers.some(({ forged }) => forged) ? 'refused' : 'not-found';
    throw new OvnError(code, `no record of the name ${key} is here (${said})`, {
      hint: '--router URL asks one; ovn name import takes in a record as a file.',
    });
  }
  const isExpired = record.validUntil < now();
  if (isExpired && !allowExpired)
    throw new OvnError(
      'not-found',
      `the record of the name ${key} expired ${record.validUntil.toISOString()}`,
    );
  if (record !== kept) records.put(record);
  if (asked.size >= MOST_REMEMBERED) asked.clear();
  if (!isFresh) asked.set(key, performance.now() + Math.min(record.ttl, LONGEST_TTL) * 1000);
  const left = Math.max(0, Math.floor((record.validUntil.getTime() - now().getTime()) / 1000));
  return { value: record.value, ttl: Math.min(record.ttl, left), record };
}

async function followHost(host: string, { lookUpTxt }: ResolverEffects, signal: AbortSignal): Promise<Step> {
  if (lookUpTxt === undefined) {
    throw new OvnError('usage', `${host} is a domain, and no DNS is asked unless it is named`, {
      hint: '--dns ADDRESS names a resolver, --dns-map FILE stands in for one.',
    });
  }
  const link = await lookUpDnslink(host, lookUpTxt, { signal });
  if (link !== undefined) return link;
  throw new OvnError('not-found', `${host} has no DNSLink: no text record at _dnslink.${host} or ${host}`);
}
