import base64, hashlib, json, os, urllib.parse, urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # pip install cryptography

house = os.environ["HELIANTHUS_URL"]
form = urllib.parse.urlencode({
    "grant_type": "client_credentials",
    "client_id": os.environ["HELIANTHUS_CLIENT_ID"],
    "client_secret": os.environ["HELIANTHUS_CLIENT_SECRET"],
}).encode()
with urllib.request.urlopen(house + "/api/v1/token", form) as answer:
    token = json.load(answer)["access_token"]


def get(path):
    with urllib.request.urlopen(urllib.request.Request(house + path, headers={"Authorization": "Bearer " + token})) as answer:
        return json.load(answer)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def must(holds, what):
    if not holds:
        raise SystemExit(what)


publication = get("/api/v1/publications?kind=registration&limit=1")["items"][0]
proof = get(f"/api/v1/publications/{publication['id']}/proof")
head, checkpoint = proof["proof"].split("\n\n", 1)
_, extra, place, *path = head.split("\n")

# 1. The entry names the content's hash. Of what is not for everybody it is a commitment: the hash of salt and opened.
entry = base64.b64decode(extra.removeprefix("extra "))
says = json.loads(entry)
if "opened" in proof:
    sum = sha256(base64.b64decode(proof["salt"]), proof["opened"].encode()).hex()
    must(says["commitment"] == sum, "the commitment is of something else")
    says = json.loads(proof["opened"])
must(says["sha256"] == publication["sha256"], "the entry is of another content")

# 2. The log has signed the checkpoint. Its key, NAME+HASH+BASE64, you took from its owner once.
name, _, key = os.environ["HELIANTHUS_LOG_KEY"].split("+", 2)
text, signatures = checkpoint.split("\n\n", 1)
line = next(l for l in signatures.split("\n") if l.startswith(f"— {name} "))
signature = base64.b64decode(line.split(" ")[2])[4:]
Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:]).verify(signature, (text + "\n").encode())  # or it raises

# 3. The entry and the hashes beside its way make the checkpoint's root (RFC 9162, section 2.1.3.2).
_, size, want = text.split("\n")[:3]
index = int(place.removeprefix("index "))
fn, sn, root = index, int(size) - 1, sha256(b"\0", entry)
for beside in map(base64.b64decode, path):
    if fn & 1 or fn == sn:
        root = sha256(b"\1", beside, root)
        while not fn & 1 and fn:
            fn, sn = fn >> 1, sn >> 1
    else:
        root = sha256(b"\1", root, beside)
    fn, sn = fn >> 1, sn >> 1
must(sn == 0 and root == base64.b64decode(want), "the entry is not in the log")
print(f"proved: entry {index} of {name}")
