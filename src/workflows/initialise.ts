import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OvnError } from '../errors.ts';
import { originOf } from '../log/origin.ts';
import { openNode } from '../node/node.ts';
import { createRepository } from '../repo/create-repository.ts';
import { createKeys, listKeys, loadKeys } from '../repo/keyring.ts';
import { SETTINGS } from '../repo/places.ts';
import type { Repository } from '../repo/repository.ts';
import { parseSettings, type Settings } from '../repo/settings.ts';
import { buildMasthead, signMasthead } from '../trust/build-masthead.ts';
import { rawKeyOf } from '../trust/did-key.ts';
import { formatInstant } from '../trust/instant.ts';
import { MASTHEAD_DAYS, publicationId, ROLES, type RoleKey, type RoleName } from '../trust/masthead.ts';
import { parseMasthead } from '../trust/parse-masthead.ts';
import type { Signer } from '../trust/proof.ts';
import { signerOf } from '../trust/sign-document.ts';
import { newSource } from './new-source.ts';

const DAY_MS = 86_400_000;

export interface InitOptions {
  dir: string;
  name: string | undefined;
  tagline: string | undefined;
  language: string | undefined;
  url: string | undefined;
  /** A domain as the log's origin, in place of one made from the log key. */
  origin: string | undefined;
  /** Write a first article to begin with. */
  sample: boolean;
  dryRun: boolean;
}

export interface InitReport {
  dir: string;
  publication: string;
  origin: string;
  keys: { role: RoleName; id: string }[];
  encrypted: boolean;
  sample: string | null;
}

export interface InitEffects {
  /** Nothing: keys are not encrypted. Asked for once it is clear that they will be made. */
  passphrase(): Promise<string | undefined>;
  now: Date;
}

/**
 * Makes a publication: a key for each role, masthead 1, the database, `ovn.json`, and a sample article. After a crash
 * it can be called again, and goes on with the keys that were made.
 *
 * @throws {OvnError} `exists` when there is a repository in `dir` already.
 */
export async function initialise(options: InitOptions, effects: InitEffects): Promise<InitReport> {
  const dir = resolve(options.dir);
  if (existsSync(join(dir, SETTINGS))) {
    throw new OvnError('exists', `${dir} is a repository already; nothing was changed`, {
      hint: 'ovn key ls shows its keys, ovn publish publishes.',
    });
  }
  const nothing = { dir, publication: '', origin: '', keys: [], encrypted: false, sample: null };
  if (options.dryRun) return nothing;
  const passphrase = await effects.passphrase();
  const settings = settingsOf(options);
  using repository = await createRepository(dir, settings, async (made) => {
    await furnish(made, passphrase, options.origin, effects.now);
  });
  await (await openNode(repository)).stop(); // its first start notes a version: later ones only read
  const sample = options.sample ? writeSample(repository, effects.now) : null;
  return describe(repository, sample);
}

function settingsOf({ name, tagline, language, url }: InitOptions): Settings {
  return parseSettings(
    JSON.stringify({
      name: name ?? 'OpenVoiceNews',
      tagline: tagline ?? 'Transparent. Unbiased. Yours.',
      language: language ?? 'en',
      ...(url === undefined ? {} : { url }),
    }),
  );
}

/** Keys and masthead 1. What an interrupted call made is found and used. */
async function furnish(
  repository: Repository,
  passphrase: string | undefined,
  domain: string | undefined,
  now: Date,
): Promise<void> {
  const { keysDir } = repository;
  if (repository.mastheads().length > 0) return;
  const held = new Set(listKeys(keysDir).map(({ role }) => role));
  await createKeys(
    keysDir,
    ROLES.filter((role) => !held.has(role)),
    passphrase,
  );
  const signers = (await loadKeys(keysDir, ROLES, passphrase)).map(({ role, privateKey }) => ({
    role,
    ...signerOf(privateKey),
  }));
  const bytes = firstMasthead(signers, domain, now);
  const cid = publicationId(bytes);
  repository.transaction(() => {
    repository.addMasthead({ version: 1, cid, bytes });
    repository.events.append({ kind: 'masthead', cid, time: formatInstant(now), sequence: 1 });
  });
}

/** One key a role, threshold 1, signed by the masthead key. */
function firstMasthead(
  signers: readonly (Signer & { role: RoleName })[],
  domain: string | undefined,
  now: Date,
): Uint8Array {
  const signerFor = (role: RoleName): Signer => {
    const found = signers.find((signer) => signer.role === role);
    if (found === undefined) throw new OvnError('key', `there is no ${role} key`);
    return { did: found.did, privateKey: found.privateKey };
  };
  const keys = Object.fromEntries(ROLES.map((role) => [role, [{ id: signerFor(role).did }]]));
  const masthead = buildMasthead({
    version: 1,
    expires: new Date(now.getTime() + MASTHEAD_DAYS * DAY_MS),
    origin: domain ?? originOf(rawKeyOf(signerFor('log').did)),
    keys: keys as Record<RoleName, RoleKey[]>,
  });
  return signMasthead(masthead, [signerFor('masthead')]);
}

function describe(repository: Repository, sample: string | null): InitReport {
  const keys = listKeys(repository.keysDir);
  const [first] = repository.mastheads();
  return {
    dir: repository.dir,
    publication: repository.publicationId,
    origin: first === undefined ? '' : parseMasthead(first.bytes).origin,
    keys: keys.map(({ role, did }) => ({ role, id: did })),
    encrypted: keys.some(({ encrypted }) => encrypted),
    sample,
  };
}

function writeSample({ articlesDir }: Repository, now: Date): string | null {
  if (existsSync(articlesDir) && readdirSync(articlesDir).length > 0) return null;
  return newSource({ title: 'Hello, reader', articlesDir, categories: ['News'], now, body: SAMPLE_BODY })
    .path;
}

const SAMPLE_BODY = `This is the first article of a newspaper that nobody can quietly change and nobody can take down.

Write in [Markdown](https://commonmark.org), then publish with \`ovn publish\`. Every article gets an address made from its
own content, and a signature: whoever reads it can check that it is what you wrote.

Replace this file with your own, or add others beside it with \`ovn new "A headline"\`.
`;
