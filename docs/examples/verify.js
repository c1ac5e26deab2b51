// A verifier made from docs/format.md alone: plain Node, no packages, nothing of src/.
//   node docs/examples/verify.js FILE.car [publication id]
// judges the CAR of an article or an edition. Left out: sharded directories, CARv2, limited and revoked keys, expiry, the
// rendering of pages (their hash binds them), and what lies below the entries that an edition's manifest lists.
import need from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const PROOF = 'DataIntegrityProof eddsa-jcs-2022 assertionMethod';
const blocks = new Map();
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
function cidText(cid) {
  const digits = (BigInt(`0x${cid.toString('hex')}`) << 2n).toString(32).padStart(58, '0');
  return `b${digits.replace(/./g, (digit) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(digit, 32)])}`;
}

/** Multibase base58btc: a did:key has 34 bytes, a signature 64. */
function base58(text, length) {
  const value = [...text.slice(1)].reduce((sum, digit) => sum * 58n + BigInt(BASE58.indexOf(digit)), 0n);
  return Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');
}

function varint(bytes, start) {
  let value = 0;
  for (let at = start, unit = 1; ; at++, unit *= 128) {
    need(at < bytes.length, 'the file breaks off');
    value += (bytes[at] % 128) * unit;
    if (bytes[at] < 128) return [value, at + 1];
  }
}

/** Section 10: the header of one root has 58 bytes: 13, the root's CID, 9. */
function readCar(bytes) {
  let [length, at] = varint(bytes, 0);
  const header = bytes.toString('hex', at, at + length);
  need(/^a265726f6f747381d82a582500.{72}6776657273696f6e01$/.test(header), 'no CARv1 with one root');
  for (at += length; at < bytes.length; at += length) {
    [length, at] = varint(bytes, at);
    need(at + length <= bytes.length, 'the file breaks off');
    const [cid, block] = [bytes.subarray(at, at + 36), bytes.subarray(at + 36, at + length)];
    need(/^01(55|70)1220/.test(cid.toString('hex')), 'a CID of another kind');
    need(sha256(block).equals(cid.subarray(4)), `block ${cidText(cid)} has other bytes`);
    blocks.set(cidText(cid), block);
  }
  return cidText(Buffer.from(header.slice(26, 98), 'hex'));
}

/** Section 1: dag-pb and UnixFS are protobuf of varints (type 0) and byte strings (type 2). */
function fields(bytes) {
  const found = [];
  for (let at = 0, key = 0, value = 0; at < bytes.length; ) {
    [key, at] = varint(bytes, at);
    [value, at] = varint(bytes, at);
    found.push([key >> 3, key % 8 === 2 ? bytes.subarray(at, at + value) : value]);
    if (key % 8 === 2) at += value;
  }
  return found;
}
const block = (cid) => need(blocks.has(cid), `block ${cid} is missing`) ?? blocks.get(cid);

/** The links of a directory (type 1) or of a file of several blocks (type 2), as names and CIDs. */
function links(cid, type) {
  const node = fields(block(cid));
  need(fields(new Map(node).get(1))[0][1] === type, `${cid} is of another type`);
  const found = node.filter(([number]) => number === 2).map(([, link]) => new Map(fields(link)));
  return found.map((link) => [link.get(2).toString(), cidText(link.get(1))]);
}

const bytesOf = (cid) =>
  cid.startsWith('bafkrei') ? block(cid) : Buffer.concat(links(cid, 2).map(([, part]) => bytesOf(part)));

/** Section 2. JavaScript orders and escapes texts as RFC 8785 does. */
function canonicalize(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalize).join(',')}]`;
  need(typeof value !== 'number' || Number.isSafeInteger(value), 'a number that is no safe integer');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalize(value[name])}`)}}`;
}

function read(cid, format) {
  need(cid, 'neither an article nor an edition');
  const document = JSON.parse(bytesOf(cid));
  need(Buffer.from(canonicalize(document)).equals(bytesOf(cid)), `${cid} is not canonical`);
  need(document.format === format, `${cid} is not ${format}`);
  return document;
}

/** Section 4. One signature by a key of the role that does not fit is a refusal. */
function requireSigned({ proof, ...document }, { keys, threshold }) {
  const signed = new Set();
  for (const { proofValue, ...options } of proof) {
    const id = keys.find((key) => options.verificationMethod === `${key.id}#${key.id.slice(8)}`)?.id;
    const { type, cryptosuite, proofPurpose, '@context': context } = options;
    need(`${type} ${cryptosuite} ${proofPurpose}` === PROOF, 'a proof of another kind');
    need(JSON.stringify(context) === JSON.stringify(document['@context']), 'a proof of another @context');
    if (id === undefined) continue;
    const x = base58(id.slice(8), 34).toString('base64url', 2);
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
    const bytes = Buffer.concat([sha256(canonicalize(options)), sha256(canonicalize(document))]);
    need(verify(null, bytes, key, base58(proofValue, 64)), `the signature of ${id} does not fit`);
    signed.add(id);
  }
  need(signed.size >= threshold, `${signed.size} of ${threshold} signatures`);
}

/** Section 5: versions 1 to n, each signed by the one before and by itself. */
function readMastheads(cid) {
  const files = new Map(links(cid, 1));
  const chain = [...files.keys()].map((_, at) => read(files.get(`${at + 1}.json`), 'ovn-masthead/1'));
  for (const [at, masthead] of chain.entries()) {
    need(masthead.version === at + 1, `masthead ${at + 1} is out of place`);
    for (const { roles } of chain.slice(Math.max(0, at - 1), at + 1)) requireSigned(masthead, roles.masthead);
  }
  return { publication: files.get('1.json'), chain, roles: chain.at(-1).roles };
}

/** Sections 6 and 9: a signed document, and that the directory holds exactly the files that it lists. */
function judge(root) {
  const present = new Map(links(root, 1));
  const kind = present.has('article.json') ? 'article' : 'manifest';
  const isBundle = kind === 'article';
  const document = read(present.get(`${kind}.json`), `ovn-${kind}/1`);
  const { publication, chain, roles } = readMastheads(present.get('masthead'));
  need(document.publication.id === publication, `it says to be of ${document.publication.id}`);
  need(!isBundle || document.publication.masthead === chain.length, 'signed under other mastheads');
  requireSigned(document, isBundle ? roles.desk : roles.edition);
  const media = present.has('media') ? links(present.get('media'), 1) : [];
  for (const [name, cid] of media) present.set(`media/${name}`, cid);
  for (const name of isBundle ? ['masthead', 'media'] : []) present.delete(name);
  present.delete(`${kind}.json`);
  for (const { path, name = path, cid, size } of document.files ?? document.entries) {
    need(present.get(name) === cid, `${name} is not what was signed`);
    need(size === undefined || bytesOf(cid).length === size, `${name} has another size`);
    present.delete(name);
  }
  need(present.size === 0, `not signed: ${[...present.keys()]}`);
  return { root, publication, of: document.identifier ?? `edition ${document.sequence}` };
}

const [file, expected] = process.argv.slice(2);
try {
  const { root, publication, of } = judge(readCar(readFileSync(file)));
  need((expected ?? publication) === publication, `it is of ${publication}`);
  console.log(`genuine: ${of}\n  CID ${root}\n  of publication ${publication}`);
} catch (error) {
  console.error(`refused: ${error.message}`);
  process.exitCode = 4;
}
