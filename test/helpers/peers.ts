import { peer } from '../peers/builds.ts';

export { peer } from '../peers/builds.ts';
export { fsck, type Judgement, type NoteRequest, verifyNote, verifyProof } from '../peers/verifiers.ts';
export { type KnownLog, startWitness, Witness, type WitnessOptions } from '../peers/witness.ts';

const PROGRAMS = ['fsck', 'key-agent', 'litewitness', 'note-verify', 'verify-proof'];

/** Why tests with programs of others cannot run here; `undefined` where they can. */
export const noPeers = PROGRAMS.every((program) => peer(program) !== undefined)
  ? undefined
  : 'the programs of others that tests compare us with are not built (npm run peers builds them where Go is)';

if (noPeers !== undefined) console.warn(`${noPeers}: tests with them are skipped`);
