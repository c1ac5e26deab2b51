import { readFileSync, statSync } from 'node:fs';
import * as v from 'valibot';
import { OvnError } from '../../errors.ts';
import { parseHost } from './host.ts';
import type { LookUpTxt } from './resolve-name.ts';
import { splitPath } from './split-path.ts';

/** Domains and where they lead, in place of DNS. */
export type DnsMap = ReadonlyMap<string, string>;

/** Bytes of the file. */
const LIMIT = 4 * 1024 * 1024;
/** How long an answer may be used, in seconds. */
const TTL = 60;

const FILE = v.strictObject({ domains: v.record(v.string(), v.string()) });

/**
 * Reads the file of `--dns-map`: `{"domains": {"<host>": "/ipfs/… or /ipns/…"}}`.
 *
 * @throws {OvnError} `usage`, naming the file and the domain that is not right.
 */
export function readDnsMap(path: string): DnsMap {
  const { domains } = parseFile(path);
  const map = new Map<string, string>();
  for (const [text, value] of Object.entries(domains)) {
    const host = parseHost(text);
    if (host === undefined) throw wrong(path, `${JSON.stringify(text)} is no domain`);
    if (map.has(host)) throw wrong(path, `${host} is there twice`);
    map.set(
      host,
      requirePath(value, (reason) => wrong(path, `${host}: ${reason}`)),
    );
  }
  return map;
}

/** The links of a map, as the text records that they stand for. */
export function txtFromMap(map: DnsMap): LookUpTxt {
  return async (host) => {
    const value = host.startsWith('_dnslink.') ? map.get(host.slice('_dnslink.'.length)) : undefined;
    return value === undefined ? undefined : { texts: [`dnslink=${value}`], ttl: TTL };
  };
}

function parseFile(path: string): v.InferOutput<typeof FILE> {
  try {
    if (statSync(path).size > LIMIT) throw wrong(path, `it is larger than ${LIMIT} bytes`);
    return requireFile(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof OvnError) throw error;
    throw wrong(path, error instanceof Error ? error.message : String(error));
  }
}

function requireFile(value: unknown): v.InferOutput<typeof FILE> {
  const { success, output, issues } = v.safeParse(FILE, value, { abortEarly: true });
  if (success) return output;
  const [issue] = issues;
  throw new Error(`"${v.getDotPath(issue) ?? ''}": ${issue.message}`);
}

function requirePath(value: string, wrongBecause: (reason: string) => OvnError): string {
  try {
    splitPath(value);
    return value;
  } catch (error) {
    if (error instanceof OvnError) throw wrongBecause(error.message);
    throw error;
  }
}

function wrong(path: string, reason: string): OvnError {
  return new OvnError('usage', `--dns-map ${path}: ${reason}`, {
    hint: 'It is {"domains": {"news.example": "/ipns/k51…"}}.',
  });
}
