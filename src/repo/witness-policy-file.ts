import * as v from 'valibot';
import { OvnError } from '../errors.ts';
import { parsePolicy, type WitnessPolicy } from '../log/witness-policy.ts';
import { readFileLimited } from './source-files.ts';

const LIMIT = 64 * 1024;
const POLICY = v.strictObject({ threshold: v.number(), keys: v.array(v.string()) });

/**
 * Reads a reader's policy: `{"threshold": 2, "keys": ["<verifier key>", …]}`.
 *
 * @throws {OvnError} `not-found`, or `usage` saying what is wrong with it.
 */
export function readPolicyFile(path: string): WitnessPolicy {
  const { bytes } = readFileLimited(path, LIMIT, path);
  try {
    const { threshold, keys } = v.parse(POLICY, JSON.parse(Buffer.from(bytes).toString('utf8')));
    return parsePolicy(threshold, keys);
  } catch (error) {
    const isKnown = error instanceof OvnError || error instanceof SyntaxError || v.isValiError(error);
    if (!isKnown) throw error;
    throw new OvnError('usage', `${path}: ${error.message}`, {
      hint: 'A policy is {"threshold": 2, "keys": ["<verifier key of a witness>", …]}.',
    });
  }
}
