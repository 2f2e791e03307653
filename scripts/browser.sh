#!/usr/bin/env bash
# Starts a server with demonstration data of its own and drives Chromium through it.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-test-output}
mkdir -p "$out"
out=$(cd "$out" && pwd)

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
# Pages in Chinese and Arabic are looked at: without fonts for them their pictures are boxes.
fonts_missing() { command -v fc-list >/dev/null && { [ -z "$(fc-list :lang=zh family)" ] || [ -z "$(fc-list :lang=ar family)" ]; }; }
chromium=${HELIANTHUS_CHROMIUM:-$(find_chromium)}
if { [ -z "$chromium" ] || fonts_missing; } && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing Chromium and fonts from Debian's packages"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fonts-noto-core; } >"$out/chromium.log" 2>&1 || tail -n 5 "$out/chromium.log"
  chromium=${chromium:-$(find_chromium)}
fi
fonts_missing && echo "fonts for Chinese or Arabic are missing: pictures of the pages will show boxes (Debian: apt-get install fonts-noto-cjk fonts-noto-core)"
if [ -z "$chromium" ]; then
  echo "Chromium is needed for the browser tests: install it (Debian: apt-get install chromium) or name it in HELIANTHUS_CHROMIUM."
  exit 1
fi

data=$(mktemp -d)
export HELIANTHUS_DEMO_PASSWORD=sunflower-field-2026 HELIANTHUS_BASE_MAP=$PWD/web/workspace/e2e/base-map.json
bin/helianthus up --demo --data "$data" --addr 127.0.0.1:0 >"$out/server.out" 2>"$out/server.log" &
server=$!
trap 'kill -INT $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$data"' EXIT
for _ in $(seq 300); do
  url=$(sed -n 's/^ready //p' "$out/server.out")
  [ -n "$url" ] && break
  kill -0 $server 2>/dev/null || { cat "$out/server.out"; tail -n 20 "$out/server.log"; exit 1; }
  sleep 0.2
done
[ -n "$url" ] || { echo "the server did not become ready"; tail -n 20 "$out/server.log"; exit 1; }
HELIANTHUS_URL=$url HELIANTHUS_CHROMIUM=$chromium HELIANTHUS_OUTPUT="$out" npm run --silent e2e -w web/workspace -- --reporter=default --reporter=json --outputFile.json="$out/e2e.json"
