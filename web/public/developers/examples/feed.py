import json, os, urllib.parse, urllib.request

house = os.environ["HELIANTHUS_URL"]
form = urllib.parse.urlencode({
    "grant_type": "client_credentials",
    "client_id": os.environ["HELIANTHUS_CLIENT_ID"],
    "client_secret": os.environ["HELIANTHUS_CLIENT_SECRET"],
}).encode()
with urllib.request.urlopen(house + "/api/v1/token", form) as answer:
    token = json.load(answer)["access_token"]

position = int(os.environ.get("AFTER", "0"))
while True:
    ask = urllib.request.Request(f"{house}/api/v1/changes?after={position}", headers={"Authorization": "Bearer " + token})
    with urllib.request.urlopen(ask) as answer:
        page = json.load(answer)
    for change in page["items"]:
        print(change["seq"], change["event"], change["kind"], change["recordId"])
    position = page["position"]  # keep it: this is where to go on
    if position >= page["head"]:
        break
