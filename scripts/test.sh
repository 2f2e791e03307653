#!/usr/bin/env bash
# Runs every test and ends with one line of totals. Fails on any failure, and when generated files are out of date.
set -uo pipefail
cd "$(dirname "$0")/.."
out=test-output
rm -rf "$out" && mkdir -p "$out"
failed=0 passed=0
# A tenth of the time went into collecting garbage, where there was memory enough.
export GOGC=300 GOMEMLIMIT=2GiB

echo "== generated files"
before=$(git status --porcelain -- api web/workspace/src/api deploy)
if make --no-print-directory generate >"$out/generate.log" 2>&1 && [ "$before" = "$(git status --porcelain -- api web/workspace/src/api deploy)" ]; then
  passed=$((passed + 1))
else
  cat "$out/generate.log"
  git diff --stat -- api web/workspace/src/api deploy
  echo "generated files are out of date: run make generate"
  failed=$((failed + 1))
fi

# What the registry writes as XML is held against WIPO's schemas by libxml2's own program.
if ! command -v xmllint >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing xmllint from Debian's packages"
  { timeout 60 apt-get update -qq && DEBIAN_FRONTEND=noninteractive timeout 120 apt-get install -y -qq --no-install-recommends libxml2-utils; } >"$out/xmllint.log" 2>&1 || tail -n 5 "$out/xmllint.log"
fi

echo "== go test"
# make lint has vetted; nobody debugs these binaries, and without tables for it they are linked sooner.
go test -v -timeout 20m -vet=off -ldflags='-s -w' -p 3 ./... >"$out/go.log" 2>&1
code=$?
grep -E '^(ok|FAIL|panic:)|^ *--- FAIL' "$out/go.log"
if [ $code -ne 0 ]; then
  grep -E -B 30 '^ *--- FAIL' "$out/go.log" | tail -n 200
  grep -E -A 20 '\[build failed\]|^panic:' "$out/go.log" | head -n 80
fi
grep -hoE 'NOT CHECKED.*' "$out/go.log" | sort -u
# What other people's checkers of the log said, and how much the matrix of permissions asked.
awk '/_test\.go:[0-9]+: / { left = /: (fsck of |litewitness:|permission matrix:)/ ? 12 : 0 } !/_test\.go:/ && !/^        / { left = 0 } left-- > 0' "$out/go.log"
go_passed=$(grep -cE '^ *--- PASS' "$out/go.log")
go_failed=$(grep -cE '^ *--- FAIL|\[build failed\]' "$out/go.log")
[ $code -ne 0 ] && [ "$go_failed" -eq 0 ] && go_failed=1
passed=$((passed + go_passed)) failed=$((failed + go_failed))

echo "== web units"
npm run --silent test -w web/workspace -- --reporter=default --reporter=json --outputFile.json="$PWD/$out/vitest.json" || true
count() { node -e 'const r=require(process.argv[1]);console.log(r[process.argv[2]]??0)' "$PWD/$1" "$2" 2>/dev/null || echo "$3"; }
passed=$((passed + $(count "$out/vitest.json" numPassedTests 0))) failed=$((failed + $(count "$out/vitest.json" numFailedTests 1) + $(count "$out/vitest.json" numFailedTestSuites 0)))

echo "== browser"
if scripts/browser.sh "$out"; then :; else echo "browser tests failed"; fi
passed=$((passed + $(count "$out/e2e.json" numPassedTests 0))) failed=$((failed + $(count "$out/e2e.json" numFailedTests 1) + $(count "$out/e2e.json" numFailedTestSuites 0)))

echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
