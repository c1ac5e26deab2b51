import { OvnError } from '../errors.ts';
import { openCheckpoint, type VerifiedCheckpoint } from '../log/checkpoint.ts';
import { parseManifestJson, requireManifest } from '../manifest/parse-manifest.ts';
import { readManifest, type VerifiedManifest } from '../manifest/read-manifest.ts';
import { logIdentity } from '../trust/log-identity.ts';
import { readMastheads, type VerifiedMastheads } from '../trust/masthead-chain.ts';
import { refusal } from './refusal.ts';

/** A manifest of an evidence file. */
export interface SignedManifest {
  verified: VerifiedManifest;
  /** The first masthead from its own on under which its signatures are enough. */
  version: number;
}

/** A manifest is of the time of its masthead, or of a later one: a retired key shows in the version that is told. */
export function manifestOf(bytes: Uint8Array, files: readonly Uint8Array[]): SignedManifest {
  let objection: unknown;
  const named = requireManifest(parseManifestJson(bytes)).masthead.version;
  for (let version = named; version <= files.length; version++) {
    try {
      const verified = readManifest(bytes, readMastheads(files.slice(0, version)), new Date(0));
      return { verified, version };
    } catch (error) {
      if (!(error instanceof OvnError)) throw error;
      objection = error;
    }
  }
  throw objection ?? refusal(`masthead ${named} is not at hand`);
}

/** By the newest masthead whose log keys signed it. */
export function checkpointOf(bytes: Uint8Array, { versions }: VerifiedMastheads): VerifiedCheckpoint {
  let objection: unknown;
  for (const { masthead } of versions.toReversed()) {
    try {
      return openCheckpoint(bytes, logIdentity(masthead));
    } catch (error) {
      if (!(error instanceof OvnError)) throw error;
      objection ??= error;
    }
  }
  throw objection ?? refusal('there is no masthead');
}
