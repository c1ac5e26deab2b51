import * as v from 'valibot';
import { OvnError } from '../errors.ts';
import { parsePolicy, type WitnessPolicy } from '../log/witness-policy.ts';

/** A server that cosigns checkpoints (C2SP tlog-witness), as ovn.json names it. */
export interface ConfiguredWitness {
  /** How reports call it; the name in its key when absent. */
  name?: string;
  /** What `add-checkpoint` is appended to: https, or http on this machine. */
  url: string;
  /** Its verifier key, of type 0x04. */
  key: string;
}

/** `witnesses` of ovn.json: how many of which must cosign an edition. */
export interface WitnessSettings {
  /** At least 1. */
  threshold: number;
  list: ConfiguredWitness[];
}

const url = v.pipe(
  v.string('is not a text'),
  v.check(isWitnessUrl, 'is neither an https address nor an http address of this machine'),
);
const name = v.pipe(
  v.string('is not a text'),
  v.regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]{1,100}$/u, 'is not a text of 1 to 100 characters in one line'),
);

const WITNESS = v.strictObject(
  { name: v.exactOptional(name), url, key: v.string('is not a text') },
  describeObject,
);
const WITNESSES = v.strictObject(
  {
    threshold: v.pipe(
      v.number('is not a number'),
      v.integer('is not a whole number'),
      v.minValue(1, 'is below 1'),
    ),
    list: v.pipe(v.array(WITNESS, 'is not a list'), v.minLength(1, 'names no witness')),
  },
  describeObject,
);

/** How ovn.json's member is read; keys that cannot be witnesses' and thresholds out of reach are refused. */
export const WITNESS_SETTINGS: v.GenericSchema<unknown, WitnessSettings> = v.pipe(
  WITNESSES,
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? problemOf(dataset.value) : undefined;
    if (problem !== undefined) addIssue({ message: `does not hold: ${problem}` });
  }),
);

/** The policy that ovn.json states. */
export function policyOf({ threshold, list }: WitnessSettings): WitnessPolicy {
  return parsePolicy(
    threshold,
    list.map(({ key }) => key),
  );
}

function problemOf(settings: WitnessSettings): string | undefined {
  try {
    policyOf(settings);
    return undefined;
  } catch (error) {
    if (error instanceof OvnError) return error.message;
    throw error;
  }
}

/** Cosignatures are public, and a witness is known by its key; https keeps others from answering in its place. */
function isWitnessUrl(text: string): boolean {
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (`${username}${password}${search}${hash}` !== '') return false;
  return protocol === 'https:' || isLoopback(hostname);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function describeObject({ expected, received }: v.StrictObjectIssue): string {
  if (expected === 'never') return 'is not known';
  return received === 'undefined' ? 'is missing' : 'is not an object';
}
