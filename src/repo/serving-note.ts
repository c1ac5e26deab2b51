import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/** What a running `ovn serve` notes of itself, for other processes on this machine. */
export interface ServingNote {
  /** When it was written last. UTC. */
  at: string;
  /** When it was ended in order; null while it runs, and where it was killed. UTC. */
  ended: string | null;
  http: string;
  /** Of `/healthz` and `/metrics`. */
  metrics: string;
  peerId: string | null;
  /** Roots that the DHT is told of: when they were last, and when they will be again. UTC; null where nobody was told. */
  provided: { roots: number; failed: number; oldest: string | null; next: string | null };
}

const FILE = 'serving.json';
const LIMIT = 65_536;

const instant = v.pipe(v.string(), v.isoTimestamp());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const NOTE: v.GenericSchema<unknown, ServingNote> = v.object({
  at: instant,
  ended: v.nullable(instant),
  http: v.string(),
  metrics: v.string(),
  peerId: v.nullable(v.string()),
  provided: v.object({
    roots: count,
    failed: count,
    oldest: v.nullable(instant),
    next: v.nullable(instant),
  }),
});

/** Writes the note into `.ovn`; a reader sees the former one or this one. */
export function writeServingNote(stateDir: string, note: ServingNote): void {
  const file = join(stateDir, FILE);
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(note)}\n`, { mode: 0o644 });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** The note of the server that ran last; nothing where there is none that can be read: it is a help, and no record. */
export function readServingNote(stateDir: string): ServingNote | undefined {
  try {
    const file = join(stateDir, FILE);
    if (statSync(file).size > LIMIT) return undefined;
    const result = v.safeParse(NOTE, JSON.parse(readFileSync(file, 'utf8')));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
