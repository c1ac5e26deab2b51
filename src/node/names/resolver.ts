import { OvnError } from '../../errors.ts';
import { tellAnswers } from './ask-routers.ts';
import { lookUpDnslink } from './dnslink.ts';
import { type FindRecord, recordFinder } from './find-record.ts';
import { formatName, type Name } from './name.ts';
import type { NameRecords, NameRouter } from './name-router.ts';
import type { NameRecord } from './record.ts';
import type { LookUpTxt, ResolvedName, ResolveName } from './resolve-name.ts';
import { splitPath } from './split-path.ts';

export interface ResolverEffects {
  records: NameRecords;
  routers: readonly NameRouter[];
  /** In place of one of its own, where others look for records as well. */
  find?: FindRecord;
  /** Absent where no DNS was given: domains are refused then. */
  lookUpTxt?: LookUpTxt | undefined;
  now(): Date;
  /** Whether a record that has expired still leads somewhere: who takes it must look at `records`. */
  allowExpired?: boolean;
}

/** Steps from the first path to a CID (DNSLink specification: 32). */
const MOST_STEPS = 32;

/** What following a name needs. */
interface Following extends Pick<ResolverEffects, 'now' | 'allowExpired'> {
  find: FindRecord;
}

/** One step of the way. */
interface Step {
  value: string;
  ttl: number;
  record?: NameRecord;
}

/** Makes the function that follows names and domains; see {@link ResolveName}. */
export function nameResolver(effects: ResolverEffects): ResolveName {
  const { now, allowExpired = false, find = recordFinder(effects.records, effects.routers) } = effects;
  const follow = (name: Name, signal: AbortSignal) => followName(name, { find, now, allowExpired }, signal);
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

async function followName(
  name: Name,
  { find, now, allowExpired }: Following,
  signal: AbortSignal,
): Promise<Step> {
  const key = formatName(name);
  const { record, answers } = await find(name, signal);
  if (record === undefined) {
    const said = answers.length === 0 ? 'no router was asked' : tellAnswers(answers);
    const code = answers.some(({ forged }) => forged) ? 'refused' : 'not-found';
    throw new OvnError(code, `no record of the name ${key} is here (${said})`, {
      hint: '--router URL asks one; ovn name import takes in a record as a file.',
    });
  }
  const left = record.validUntil.getTime() - now().getTime();
  if (left < 0 && !allowExpired) {
    const when = record.validUntil.toISOString();
    throw new OvnError('not-found', `the record of the name ${key} expired ${when}`);
  }
  return { value: record.value, ttl: Math.min(record.ttl, Math.max(0, Math.floor(left / 1000))), record };
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
