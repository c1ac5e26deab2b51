"""A verifier made from docs/format.md alone: Python's standard library, nothing of src/.

    python3 docs/examples/verify.py FILE.car [publication id]

judges the CAR of an article, or of an edition with every article in it. Left out: sharded directories, CARv2, the
rendering of pages ("not-checked" where it cannot be made anew), and that categories hold the same articles.
"""

import base64, hashlib, json, re, sys

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
blocks = {}


def need(condition, message):
    if not condition:
        raise ValueError(message)


def sha256(data):
    return hashlib.sha256(data).digest()


def cid_text(cid):
    return "b" + base64.b32encode(cid).decode().lower().rstrip("=")


def base58(text, length):  # multibase: "z", then the digits
    return sum(BASE58.index(c) * 58**i for i, c in enumerate(reversed(text[1:]))).to_bytes(length, "big")


def varint(data, at):
    value = shift = 0
    while True:
        need(at < len(data), "the file breaks off")
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at


def read_car(data):  # section 10; the header of one root has 58 bytes, 36 of them the root
    length, at = varint(data, 0)
    header = re.fullmatch(rb"\xa2erootsal?".replace(b"al?", b"\x81\xd8\x2a\x58\x25\x00(.{36})gversion\x01"),
                          data[at:at + length], re.DOTALL)
    need(header, "no CARv1 with one root")
    at += length
    while at < len(data):
        length, at = varint(data, at)
        cid, block = data[at:at + 36], data[at + 36:at + length]
        need(len(cid + block) == length, "the file breaks off")
        need(cid[:4].hex() in ("01551220", "01701220"), "a CID of another kind")
        need(sha256(block) == cid[4:], f"block {cid_text(cid)} has other bytes")
        blocks[cid_text(cid)] = block
        at += length
    return cid_text(header[1])


def fields(data):  # protobuf: varints (type 0) and byte strings (type 2)
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key & 7 == 2:
            value, at = data[at:at + value], at + value
        yield key >> 3, value


def links(cid, kind):  # section 1: kind 1 is a directory, 2 a file of several blocks
    need(cid in blocks, f"block {cid} is missing")
    node = list(fields(blocks[cid]))
    need(dict(fields(dict(node)[1]))[1] == kind, f"{cid} is of another kind")
    parts = [dict(fields(value)) for number, value in node if number == 2]
    return [(part[2].decode(), cid_text(part[1])) for part in parts]


def content(cid):
    need(cid in blocks, f"block {cid} is missing")
    return blocks[cid] if cid.startswith("bafkrei") else b"".join(content(part) for _, part in links(cid, 2))


def canonical(value):  # section 2; all names of members are ASCII, so code points order as RFC 8785 demands
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read(cid, form):
    document = json.loads(content(cid))
    need(canonical(document) == content(cid), f"{cid} is not canonical")
    need(document["format"] == form, f"{cid} is not {form}")
    return document


def add(a, b):  # two points of edwards25519, RFC 8032 section 5.1.4
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2
    return (x1 * y2 + x2 * y1) * pow(1 + k, P - 2, P) % P, (y1 * y2 + x1 * x2) * pow(1 - k, P - 2, P) % P


def times(n, point):
    result = (0, 1)
    for bit in bin(n)[2:]:
        result = add(result, result)
        result = add(result, point) if bit == "1" else result
    return result


def decode_point(data):
    y = int.from_bytes(data, "little") % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    need(x * x % P == square, "no point of the curve")
    return (x if x & 1 == data[31] >> 7 else P - x), y


def signature_fits(key, signature, data):
    base = decode_point(bytes([0x58] + [0x66] * 31))
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + data).digest(), "little") % L
    return s < L and times(s, base) == add(decode_point(signature[:32]), times(h, decode_point(key)))


def require_signed(document, role):  # section 4; one signature by a key of the role that does not fit refuses
    unsigned, signed = {k: v for k, v in document.items() if k != "proof"}, set()
    for proof in document["proof"]:
        options = {k: v for k, v in proof.items() if k != "proofValue"}
        method = options["verificationMethod"]
        wanted = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "verificationMethod": method,
                  "proofPurpose": "assertionMethod"}
        wanted.update({k: v for k, v in document.items() if k == "@context"})
        need(options == wanted, "a proof of another form")
        did, _, multibase = method.partition("#")
        if did in [key["id"] for key in role["keys"]]:
            key = base58(multibase, 34)
            need(did == f"did:key:{multibase}" and key[:2] == b"\xed\x01", "no did:key of Ed25519")
            data = sha256(canonical(options)) + sha256(canonical(unsigned))
            need(signature_fits(key[2:], base58(proof["proofValue"], 64), data), f"the signature of {did} does not fit")
            signed.add(did)
    need(len(signed) >= role["threshold"], f"{len(signed)} of {role['threshold']} signatures")


def read_mastheads(cid):  # section 5
    files, chain = dict(links(cid, 1)), []
    for version in range(1, len(files) + 1):
        chain.append(read(files[f"{version}.json"], "ovn-masthead/1"))
        need(chain[-1]["version"] == version, f"masthead {version} is out of place")
        for masthead in chain[-2:]:
            require_signed(chain[-1], masthead["roles"]["masthead"])
    return files["1.json"], chain


def judge_bundle(cid):  # section 6
    files = dict(links(cid, 1))
    article = read(files.pop("article.json"), "ovn-article/1")
    publication, mastheads = read_mastheads(files.pop("masthead"))
    need(article["publication"]["id"] == publication, "it is of another publication than it says")
    need(article["publication"]["masthead"] == len(mastheads), "not the mastheads that it was signed under")
    require_signed(article, mastheads[-1]["roles"]["desk"])
    files.update({f"media/{name}": file for name, file in (links(files.pop("media"), 1) if "media" in files else [])})
    listed = {file["path"]: file for file in article["files"]}
    need({path: file["cid"] for path, file in listed.items()} == files, "the files are not those that were signed")
    for path, file in listed.items():
        need(len(content(file["cid"])) == file["size"], f"{path} has another size")
    return {"publication": publication, "article": article["identifier"], "revision": article["revision"]}


def walk(cid, depth, path=()):
    below = [] if depth == 0 else [link for link in links(cid, 1) if link[0] != "index.html"]
    return [("/".join(path), cid)] if depth == 0 else sum((walk(c, depth - 1, (*path, n)) for n, c in below), [])


def judge_edition(root):  # sections 8 and 9
    entries = dict(links(root, 1))
    publication, mastheads = read_mastheads(entries["masthead"])
    manifest = read(entries.pop("manifest.json"), "ovn-manifest/1")
    need(manifest["publication"]["id"] == publication, "the manifest is of another publication")
    require_signed(manifest, mastheads[-1]["roles"]["edition"])
    need({e["name"]: e["cid"] for e in manifest["entries"]} == entries, "the root does not hold what is listed")
    articles = walk(entries["articles"], 4)
    for place, cid in articles:
        need(judge_bundle(cid)["article"] == place, f"another article lies at {place}")
    need(len(articles) == manifest["articles"]["count"], "not as many articles as the manifest says")
    return {"publication": publication, "sequence": manifest["sequence"], "articles": len(articles)}


try:
    root = read_car(open(sys.argv[1], "rb").read())
    result = (judge_bundle if "article.json" in dict(links(root, 1)) else judge_edition)(root)
    need(sys.argv[2:] in ([], [result["publication"]]), f"it is of publication {result['publication']}")
    print(f"genuine: {root}", *(f"{name}: {value}" for name, value in result.items()), sep="\n  ")
except (ValueError, KeyError) as error:
    sys.exit(f"refused: {error}")
