# Helianthus. Two commands matter: `make run` and `make test`. Go and Node are presumed, everything else is installed here.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BUILD := .build
TOOLS := $(BUILD)/bin
GOLANGCI_VERSION := v2.15.0
GOLANGCI := $(TOOLS)/golangci-lint-$(GOLANGCI_VERSION)
MODULES := node_modules/.package-lock.json
WEB := web/workspace/dist/index.html
WEB_SOURCES := $(shell find web/workspace/src web/brand i18n -type f 2>/dev/null) web/workspace/package.json web/workspace/vite.config.ts web/workspace/index.html
DATA ?= .data
# For all commands alike: what is built, looked at and tested otherwise is compiled once for each.
export GOFLAGS := $(strip $(shell go env GOFLAGS) -trimpath)
# One static binary, which runs on any Linux: a verifier is handed around.
export CGO_ENABLED := 0

# While one target waits for a download or has one thread, another one works.
MAKEFLAGS += --jobs=2

.PHONY: help run build test lint lint-go lint-web lint-api generate bench race vuln clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build ## start everything with demonstration data and print the address
	bin/helianthus up --demo --data "$(DATA)"

build: bin/helianthus ## build bin/helianthus with the workspace in it

# Not npm ci: it refuses a lock file that lacks packages for other platforms, and some registries serve those of one
# platform only. The lock file is kept to and not written. A second run finds the stamp newer and does nothing.
$(MODULES): package-lock.json package.json web/workspace/package.json
	npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

$(WEB): $(MODULES) $(WEB_SOURCES) api/openapi.yaml
	npm run --silent build -w web/workspace

# Go knows best what has changed.
.PHONY: bin/helianthus
bin/helianthus: $(WEB)
	go build -o bin/helianthus ./cmd/helianthus

generate: $(MODULES) ## write what is generated: API server and clients, settings table
	go generate ./...
	npm run --silent api -w web/workspace

test: bin/helianthus ## run all tests: generated files, Go, web units, browser
	scripts/test.sh

race: export CGO_ENABLED := 1
race: $(WEB) ## run the Go tests under the race detector
	go test -race ./...

vuln: ## look for known vulnerabilities in what is built; needs Go's vulnerability database
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...

lint: lint-go lint-web lint-api ## check style of Go, TypeScript and the specification

lint-go: $(GOLANGCI) $(WEB)
	@test -z "$$(gofmt -l api cmd i18n internal tenants web 2>/dev/null | tee /dev/stderr)"
	GOGC=400 GOMEMLIMIT=4GiB $(GOLANGCI) run # a quarter of its time went into collecting garbage

lint-web: $(MODULES)
	npm run --silent lint -w web/workspace
	npm run --silent typecheck -w web/workspace

lint-api: $(MODULES)
	npx --no-install redocly lint api/openapi.yaml
	npx --no-install spectral lint --fail-severity=warn --quiet api/openapi.yaml

$(GOLANGCI):
	@mkdir -p $(TOOLS)
	GOFLAGS= GOBIN="$(abspath $(TOOLS))" go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	mv $(TOOLS)/golangci-lint $@

bench: build ## measure; NAME=status|search|import|dossier|access for one
	bin/helianthus bench $(NAME)

clean: ## remove what was built; demonstration data in .data stay
	rm -rf bin $(BUILD) web/workspace/dist node_modules test-output
