import json, os, urllib.parse, urllib.request

question = urllib.parse.urlencode({"name": "wuyuan xiangrikui", "market": "XA", "on": "2026-01-01"})
with urllib.request.urlopen(os.environ["HELIANTHUS_URL"] + "/api/v1/status?" + question) as answer:
    print(json.load(answer)["answer"])
