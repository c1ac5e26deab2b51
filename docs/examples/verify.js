// A verifier made from docs/format.md alone, plain Node: node docs/examples/verify.js FILE.car [publication id]
// Left out: sharded directories, expiry, pages, categories/, revisions/, what else lies in log/ or by date.
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
function parse(bytes, format) {
  const document = JSON.parse(bytes);
  need(Buffer.from(canonicalize(document)).equals(bytes), 'not canonical');
  need(document.format === format, `not ${format}`);
  return document;
}
const read = (cid, format) => parse(bytesOf(need(cid, `no ${format} is there`) ?? cid), format);
const rawKeyOf = (did) => base58(did.slice(8), 34).subarray(2);
function keyOf(did) {
  const x = rawKeyOf(did).toString('base64url');
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
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
    const bytes = Buffer.concat([sha256(canonicalize(options)), sha256(canonicalize(document))]);
    need(verify(null, bytes, keyOf(id), base58(proofValue, 64)), `the signature of ${id} does not fit`);
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
  const cids = chain.map((_, at) => files.get(`${at + 1}.json`));
  return { publication: cids[0], cids, chain, roles: chain.at(-1).roles };
}
/** Sections 6 and 9: a signed document, and that the directory holds exactly the files that it lists. */
function judge(root, { publication: id, roles: trusted } = {}) {
  const present = new Map(links(root, 1));
  const [isBundle, kind] = present.has('article.json') ? [true, 'article'] : [false, 'manifest'];
  const document = read(present.get(`${kind}.json`), `ovn-${kind}/1`);
  const { publication, cids, chain, roles } = readMastheads(present.get('masthead'));
  const ids = new Set([publication, document.publication.id, id ?? publication]);
  need(ids.size === 1, `it is of ${[...ids]}`);
  need(!isBundle || document.publication.masthead === chain.length, 'signed under other mastheads');
  const { desk } = trusted ?? roles;
  const covers = (key) => document.categories.every(({ slug }) => key.categories?.includes(slug) ?? true);
  requireSigned(document, isBundle ? { ...desk, keys: desk.keys.filter(covers) } : roles.edition);
  const media = present.get('media');
  for (const [name, cid] of media ? links(media, 1) : []) present.set(`media/${name}`, cid).delete('media');
  for (const name of [`${kind}.json`, isBundle ? 'masthead' : 'log']) present.delete(name);
  for (const { path, name = path, cid, size } of document.files ?? document.entries) {
    need(present.get(name) === cid, `${name} is not what was signed`);
    need(size === undefined || bytesOf(cid).length === size, `${name} has another size`);
    present.delete(name);
  }
  need(present.size === 0, `not signed: ${[...present.keys()]}`);
  if (!isBundle && document.log.size > 0) judgeLog(root, document, { publication, cids, chain, roles });
  return { root, publication, document, of: document.identifier ?? `edition ${document.sequence}` };
}
/** Section 20: the tree of RFC 6962, and a file of entries for each 256. */
function rootOf(row) {
  if (row.length < 2) return row[0] ?? sha256('');
  const left = 2 ** (31 - Math.clz32(row.length - 1));
  return sha256(Buffer.concat([Buffer.of(1), rootOf(row.slice(0, left)), rootOf(row.slice(left))]));
}
const at = (cid, path) => path.split('/').reduce((folder, name) => new Map(links(folder, 1)).get(name), cid);
function readEntries(log, { size, root }) {
  const entries = [];
  while (entries.length < size) {
    const n = String(entries.length / 256);
    const name = n.padStart(3 * Math.ceil(n.length / 3), '0').replace(/(\d{3})(?=\d)/g, 'x$1/');
    const rest = size - entries.length;
    const bytes = bytesOf(at(log, `tile/entries/${name}${rest < 256 ? `.p/${rest}` : ''}`));
    for (let start = 0, end = 0; start < bytes.length; start = end) {
      end = start + 2 + bytes.readUInt16BE(start);
      entries.push(bytes.subarray(start + 2, end));
    }
  }
  const leaves = entries.map((entry) => sha256(Buffer.concat([Buffer.of(0), entry])));
  need(rootOf(leaves).toString('base64') === root, 'entries of another log');
  return entries.map((bytes) => parse(bytes, 'ovn-log-entry/1'));
}
/** Section 20: the log's keys signed the size and root that the manifest names. */
function requireCheckpoint(note, { origin, size, root }, { keys, threshold }) {
  const [text, lines] = note.toString().split('\n\n');
  need(text === `${origin}\n${size}\n${root}`, 'the checkpoint is of another log, or another state of it');
  const marks = lines.split('\n').map((line) => Buffer.from(line.split(' ')[2] ?? '', 'base64'));
  const signed = keys.filter(({ id }) => {
    const keyId = sha256(Buffer.concat([Buffer.from(`${origin}\n\x01`), rawKeyOf(id)])).subarray(0, 4);
    const own = marks.filter((mark) => mark.subarray(0, 4).equals(keyId));
    return own.some((mark) => verify(null, Buffer.from(`${text}\n`), keyOf(id), mark.subarray(4)));
  });
  need(signed.length >= threshold, 'the log’s keys did not sign the checkpoint');
}
/** Sections 16 and 20: the entries tell what the edition shows, and whose key counted at their place. */
function judgeLog(edition, { log: state, sequence, previous, articles: { count } }, trusted) {
  const { publication, cids, chain, roles } = trusted;
  const [log, articles] = [at(edition, 'log'), at(edition, 'articles')];
  requireCheckpoint(bytesOf(at(log, 'checkpoint')), state, roles.log);
  const [newest, editions, mastheads] = [new Map(), [], []];
  for (const [index, entry] of readEntries(log, state).entries()) {
    if (entry.kind === 'masthead') mastheads.push(entry.cid);
    else if (entry.kind === 'edition') editions.push(entry.cid);
    else newest.set(entry.article, { ...entry, index, masthead: mastheads.length });
  }
  need(mastheads.join() === cids.join() && state.origin === chain[0].origin, 'the log of other mastheads');
  need(`${editions.length + 1} ${editions.at(-1)}` === `${sequence} ${previous}`, 'other editions before it');
  need(newest.size === count, 'the log has more articles, or fewer');
  const revoked = new Map((chain.at(-1).revoked ?? []).map(({ id, fromEntry }) => [id, fromEntry]));
  for (const [id, { cid, index, kind, masthead }] of newest) {
    need(at(articles, id) === cid, `${id} is not the revision that was logged last`);
    const { document } = judge(cid, { publication, roles: chain[masthead - 1].roles });
    const isDisowned = ({ verificationMethod: key }) => revoked.get(key.split('#')[0]) <= index;
    if (document.proof.every(isDisowned)) console.log(`disowned: ${id}`);
    need(document.identifier === id, `${id} is another article`);
    need(kind !== 'retraction' || document.status === 'retracted', `${id} hides that it was retracted`);
  }
}
const [file, expected] = process.argv.slice(2);
try {
  const { root, publication, of } = judge(readCar(readFileSync(file)), { publication: expected });
  console.log(`genuine: ${of}\n  CID ${root}\n  of publication ${publication}`);
} catch (error) {
  console.error(`refused: ${error.message}`);
  process.exitCode = 4;
}
