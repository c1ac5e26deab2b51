import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatVerifierKey, verifierOf } from '../../src/log/verifier.ts';
import { openDatabase } from '../../src/repo/database.ts';
import { HeadStore } from '../../src/repo/head.ts';
import { readPolicyFile } from '../../src/repo/witness-policy-file.ts';
import { WitnessStore } from '../../src/repo/witness-store.ts';
import { rawKeyOf } from '../../src/trust/did-key.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { BEFORE_SCHEMA_7 } from '../helpers/migrations.ts';
import { testSigner } from '../helpers/signers.ts';

function newDatabase() {
  const db = openDatabase(join(temporaryFolder(), 'ovn.db'), { create: true });
  onTestFinished(() => db.close());
  return db;
}

const signature = Uint8Array.of(1, 2, 3);

describe('WitnessStore', () => {
  it('keeps cosignatures, and what is known of each witness', () => {
    const store = new WitnessStore(newDatabase());
    expect(store.state('b')).toEqual({ key: 'b', size: 0, seen: 0 });
    store.noteProblem('b', 'down');
    expect(store.state('b')).toEqual({ key: 'b', size: 0, seen: 0, problem: 'down' });
    store.addCosignature({ sequence: 2, key: 'b', time: 70, signature }, 9);
    store.addCosignature({ sequence: 1, key: 'b', time: 60, signature }, 5);
    store.addCosignature({ sequence: 2, key: 'a', time: 71, signature }, 9);
    expect(store.state('b')).toEqual({ key: 'b', size: 9, time: 70, seen: 9 });
    store.noteSeen('b', 12);
    store.noteSeen('b', 3);
    store.noteProblem('b', 'ahead');
    expect(store.state('b')).toEqual({ key: 'b', size: 9, time: 70, seen: 12, problem: 'ahead' });
    expect(store.cosignatures(2)).toEqual([
      { sequence: 2, key: 'a', time: 71, signature },
      { sequence: 2, key: 'b', time: 70, signature },
    ]);
    expect(store.cosignatures(3)).toEqual([]);
  });
});

describe('HeadStore.replaceEdition', () => {
  const head = { sequence: 1, edition: 'e1', manifest: 'm1', issued: 'i', expires: 'x' };

  it('gives the head another root and remembers the former one', () => {
    const heads = new HeadStore(newDatabase());
    heads.writeHead(head);
    heads.replaceEdition(head, 'e1a');
    heads.replaceEdition(head, 'e1b');
    expect(heads.manifests()).toEqual([{ ...head, edition: 'e1b' }]);
    expect(heads.formerEditions(1)).toEqual(['e1', 'e1a']);
    expect(heads.formerEditions(2)).toEqual([]);
  });

  it('refuses what is not the head', () => {
    const heads = new HeadStore(newDatabase());
    heads.writeHead(head);
    heads.writeHead({ ...head, sequence: 2, manifest: 'm2' });
    expect(() => heads.replaceEdition(head, 'e')).toThrow('edition 1 is not the head');
    expect(() => heads.replaceEdition({ ...head, sequence: 2 }, 'e')).toThrow('edition 2 is not the head');
  });
});

describe('the tables of witnesses', () => {
  it('are made in a database of schema 2', () => {
    const path = join(temporaryFolder(), 'ovn.db');
    const db = openDatabase(path, { create: true });
    db.exec(BEFORE_SCHEMA_7);
    db.exec(
      'DROP TABLE witnesses; DROP TABLE cosignatures; DROP TABLE former_editions; DROP TABLE home_pins; DROP TABLE homes; DROP TABLE held_blocks; DROP TABLE held_parts; DROP TABLE followed_editions; DROP TABLE followed; DROP TABLE name_records; PRAGMA user_version = 2',
    );
    db.close();
    using again = openDatabase(path, { create: false });
    expect(new WitnessStore(again).cosignatures(1)).toEqual([]);
    expect(new HeadStore(again).formerEditions(1)).toEqual([]);
  });
});

describe('readPolicyFile', () => {
  const key = formatVerifierKey(verifierOf('w.example', rawKeyOf(testSigner('w').did), 'cosignature'));
  const write = (text: string): string => {
    const path = join(temporaryFolder(), 'policy.json');
    writeFileSync(path, text);
    return path;
  };

  it('reads a threshold and keys', () => {
    const policy = readPolicyFile(write(JSON.stringify({ threshold: 1, keys: [key] })));
    expect(policy).toMatchObject({ threshold: 1, witnesses: [{ name: 'w.example' }] });
  });

  it.each([
    ['no JSON', '{', 'JSON'],
    ['another member', JSON.stringify({ threshold: 1, keys: [key], list: [] }), 'list'],
    ['no threshold', JSON.stringify({ keys: [key] }), 'threshold'],
    ['a threshold out of reach', JSON.stringify({ threshold: 2, keys: [key] }), 'threshold of 2 of 1'],
    ['a key that is none', JSON.stringify({ threshold: 1, keys: ['w'] }), 'no verifier key'],
  ])('refuses %s', (_, text, problem) => {
    expect(() => readPolicyFile(write(text))).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(problem) }),
    );
  });

  it('says when there is none', () => {
    expect(() => readPolicyFile(join(temporaryFolder(), 'none'))).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });
});
