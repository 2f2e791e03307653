import json, os, urllib.parse, urllib.request, uuid

house = os.environ["HELIANTHUS_URL"]
form = urllib.parse.urlencode({
    "grant_type": "client_credentials",
    "client_id": os.environ["HELIANTHUS_CLIENT_ID"],
    "client_secret": os.environ["HELIANTHUS_CLIENT_SECRET"],
}).encode()
with urllib.request.urlopen(house + "/api/v1/token", form) as answer:
    token = json.load(answer)["access_token"]

key = str(uuid.uuid4())  # one for each thing to be done; keep it until the answer is there
body = json.dumps({"office": "XA", "names": [{"text": "Test Honey", "language": "en", "kind": "original"}]}).encode()


def draft():
    headers = {"Authorization": "Bearer " + token, "Idempotency-Key": key, "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(house + "/api/v1/registrations", body, headers)) as answer:
        return answer.headers


print(draft()["Location"])
# Nobody knows whether an answer that did not come was done. Send it again with the same key: it is done once.
print("Idempotency-Replayed:", draft()["Idempotency-Replayed"])
