#!/usr/bin/env bash
# Starts servers with demonstration data of their own and drives Chromium through them.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-test-output}
mkdir -p "$out"
out=$(cd "$out" && pwd)

# The shell draws pages and nothing around them: with the whole browser each window costs a second more.
find_chromium() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
# Pages in Chinese and Arabic are looked at: without fonts for them their pictures are boxes.
fonts_missing() { command -v fc-list >/dev/null && { [ -z "$(fc-list :lang=zh family)" ] || [ -z "$(fc-list :lang=ar family)" ]; }; }
chromium=${HELIANTHUS_CHROMIUM:-$(find_chromium)}
if { [[ $chromium != *headless-shell ]] || fonts_missing; } && [ -z "${HELIANTHUS_CHROMIUM:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing Chromium and fonts from Debian's packages"
  { timeout 60 apt-get update -qq && DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-noto-cjk fonts-noto-core; } >"$out/chromium.log" 2>&1 || tail -n 5 "$out/chromium.log"
  chromium=$(find_chromium)
fi
fonts_missing && echo "fonts for Chinese or Arabic are missing: pictures of the pages will show boxes (Debian: apt-get install fonts-noto-cjk fonts-noto-core)"
if [ -z "$chromium" ]; then
  echo "Chromium is needed for the browser tests: install it (Debian: apt-get install chromium-headless-shell) or name it in HELIANTHUS_CHROMIUM."
  exit 1
fi

# Two workers, a server each: while a page of one waits, the other's is drawn. A third was no gain: two processors are busy with two.
export HELIANTHUS_DEMO_PASSWORD=sunflower-field-2026 HELIANTHUS_BASE_MAP=$PWD/web/workspace/e2e/base-map.json
data=$(mktemp -d) servers=()
trap 'kill -INT "${servers[@]}" 2>/dev/null; wait; rm -rf "$data"' EXIT
for n in 1 2; do
  bin/helianthus up --demo --data "$data/$n" --addr 127.0.0.1:0 >"$out/server-$n.out" 2>"$out/server-$n.log" &
  servers+=($!)
done
urls=()
for n in 1 2; do
  for _ in $(seq 300); do
    url=$(sed -n 's/^ready //p' "$out/server-$n.out")
    [ -n "$url" ] && break
    kill -0 "${servers[n - 1]}" 2>/dev/null || { cat "$out/server-$n.out"; tail -n 20 "$out/server-$n.log"; exit 1; }
    sleep 0.2
  done
  [ -n "$url" ] || { echo "server $n did not become ready"; tail -n 20 "$out/server-$n.log"; exit 1; }
  urls+=("$url")
done
HELIANTHUS_URL=${urls[*]} HELIANTHUS_CHROMIUM=$chromium HELIANTHUS_OUTPUT="$out" npm run --silent e2e -w web/workspace -- --reporter=default --reporter=json --outputFile.json="$out/e2e.json"
