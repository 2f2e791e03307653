// Package exchange carries across a tenant's wall what its owner wants to cross: publications, and data packages that
// prove themselves to a stranger. It decides who may read them, tells readers what changed, and keeps who read what. It
// knows kinds, bytes and hashes, and no type of any domain package.
//
// # Publications
//
// A publication is one version of one record, as its owner shows it to others. Its content is JSON; its hash is the
// SHA-256 of that JSON in the canonical form of RFC 8785, so that anybody can compute it again. At most one version of a
// record holds: a newer one supersedes it, a withdrawal ends it. A correction is a version that names the one it corrects
// and says why. Rows are never removed; after a withdrawal no version's content is given any more, only the fact, the
// hash and the reason. Kinds are open words: registration, recognition, instrument, dossier-package and canary are there,
// and another package may add its own.
//
// # Audiences
//
// A record is published to everybody, to the tenants that are parties of one of the publisher's instruments (SetParties),
// or to one named tenant. The audience holds for all its versions, and stays when a new one is published; Share changes
// it. Narrowing it ends what this house shows, and nothing can call back what was copied while everybody could read it.
//
// # Grants
//
// A grant lets a named reader read publications that are not for everybody: all of some kinds, and those of some records,
// for a purpose, until an instant. Drafts are no publications and are granted to nobody. The policy of the table
// publications decides each read; a right that is revoked or over is gone with the next transaction. A stream asks again
// at delivery, five times a second, so that one that is open ends, and a download that is under way breaks off.
//
// # The change feed
//
// Every event of every publication gets a number, the same for all readers, after its transaction is committed: events
// wait without one until app.sequence_changes numbers all that are committed, under a lock that lasts until the numbers
// are committed too. So a reader that has read up to a number never finds a lower one later; a transaction that is
// rolled back leaves no gap and holds nobody up. The events:
//
//	publish   a version is published and supersedes the one before
//	withdraw  the record is withdrawn, with all its versions
//	reveal    from now on you, or everybody, may read the record: by a grant, an audience, or as a new party
//	conceal   you may no longer read it; remove your copy
//
//	 1. A consumer MUST keep records by publisher, kind and recordId. On publish and reveal it MUST keep the version that
//	    comes with the event, unless that is withdrawn; on withdraw and conceal it MUST remove the record.
//	 2. It MUST go on with after = position and MUST NOT count: numbers are missing where it may not read.
//	 3. A page without items is no end; position = head is.
//	 4. change.position-ahead means that the house is another one or lost data. The consumer MUST keep what it has, tell
//	    somebody, and read again from 0.
//	 5. What the feed shows is what may be read at the moment of delivery. A consumer that reads from 0 has exactly that,
//	    and so has one that followed: revocations, expiries and changes of parties are events too. The end of a grant
//	    whose time is over comes with the next sweep, SweepEvery; nothing is read under it in between.
//
// # Keys
//
// A tenant signs with one key for each algorithm, made at the first signature and sealed by the house's secret. RotateKey retires it for a
// reason and makes the next one; a key whose end has come is rotated by itself (TendKeys). The public half stays in GET /api/v1/keys
// for ever, with the instant since which the key signs no more: Verify believes nothing that says it was issued later.
//
// # The canary
//
// The operator of a house publishes one record of the kind canary, with the same recordId in every house, to everybody. A
// client MUST ask for it (GET /api/v1/changes?kind=canary) when it begins and once a day, and MUST treat an answer
// without it as a failure and not as an empty register: so nobody takes a feed that was switched off, filtered or
// pointed elsewhere for one in which nothing happens.
//
// # Receipts
//
// What crosses the wall between two tenants leaves a receipt that both can read and export: each read of another's
// publication, by id, list or feed, signed by the reader before anything is delivered, one for each publisher and page;
// and each publication, withdrawal, share and grant that names a reader, signed by the owner within SweepEvery. So does each
// act in a matter that both share, a case or an application, signed by who did it (the owner) once the other side sees the
// matter, and each document that one opens of the other, signed by who opened it. Nobody in particular leaves none. The signed message is the 22 bytes `helianthus receipt v1` and a line feed, followed by
// the statement, which is JSON in the form of RFC 8785 and holds the hash of the list of items. VerifyReceipt checks one
// without a network. A person is named by an id that only the person's own tenant can resolve.
//
// # Data packages, format 1
//
// A data package is a ZIP file, entries stored without compression, that holds
//
//	manifest.json   what the package is, who issued it, and each file's size and hash
//	manifest.sig    64 bytes: the issuer's Ed25519 signature (RFC 8032)
//	README.txt      how to check the package with common tools
//	…               the files
//
// The manifest, here in lines although it is written as one, in the canonical form of RFC 8785:
//
//		{
//		  "check": "https://gi.example/api/v1/packages/",
//		  "files": [
//		    {"mediaType": "text/plain; charset=utf-8", "path": "README.txt", "sha256": "9f86…", "size": 2210, "source": ""},
//		    {"mediaType": "application/pdf", "path": "dossier.en.pdf", "sha256": "60303a…", "size": 812345, "source": "dossier 2026-17, English"}
//		  ],
//		  "format": "helianthus-package/1",
//		  "issuedAt": "2026-11-23T08:00:00Z",
//		  "issuer": {"keyId": "21fe31dfa154a261", "names": {"en": "Wuyuan County", "zh-Hans": "五原县"}, "tenant": "wuyuan"},
//		  "number": "WY-2026-17"
//		}
//
//	 1. Files MUST be listed in the order of their paths, by bytes. Every entry of the ZIP but manifest.json and
//	    manifest.sig MUST be listed, and every listed file MUST be an entry, once.
//	 2. A path MUST be relative, with `/` between its parts, without empty parts, `.` and `..`, backslashes and control
//	    characters, in UTF-8, at most 200 bytes; no two paths may differ in case only.
//	 3. `sha256` is in lower-case hexadecimal, of the file's bytes as they are after reading the ZIP; `size` counts them.
//	 4. The signed message is the 27 bytes `helianthus data package v1` and a line feed, followed by the bytes of
//	    manifest.json exactly as they are in the ZIP. The prefix keeps a signature of one thing from passing for another.
//	 5. `keyId` is the first 8 bytes of the SHA-256 of the 32 bytes of the public key, in hexadecimal. The key MUST be taken
//	    from the publisher, GET /api/v1/keys, or from a file of it that was kept, and never from the package.
//	 6. The key found MUST belong to `issuer.tenant`; else the issuer is unknown.
//	 7. GET `check` + the SHA-256 of manifest.json tells whether the package was issued and whether it still holds.
//	 8. Without a network the publisher's list of withdrawn packages tells it, as of the list's day: GET
//	    /api/v1/withdrawn-packages gives those of a house. The signed message is the 32 bytes `helianthus withdrawn packages v1`
//	    and a line feed, followed by the statement, JSON in the form of RFC 8785: `at`, `format`
//	    (`helianthus-withdrawn-packages/1`), `issuer` and `packages`, each with `sha256` of its manifest, `withdrawnAt` and
//	    `reason`. A list MUST be signed by a key of `issuer.tenant`, and one that is older than the package says nothing of it.
//	    It names the packages openly, unlike the status lists of credentials: what was issued is public, and so is why it was
//	    taken back.
//
// A verifier comes to the first of these that is true:
//
//	altered          the manifest is not in the form above, its signature does not fit the key, or a file is missing,
//	                 added or changed; the report names them
//	unknown-issuer   no key with that id is known, or it belongs to another publisher
//	withdrawn        the publisher says so (step 7, with a network; or step 8)
//	not-issued       the publisher has no record of it (step 7, with a network)
//	valid            none of these
//
// In a browser: `crypto.subtle.importKey("raw", key, {name: "Ed25519"}, false, ["verify"])`,
// `crypto.subtle.verify({name: "Ed25519"}, key, signature, message)` and `crypto.subtle.digest("SHA-256", bytes)`.
//
// # Keys
//
// Each tenant signs with an Ed25519 key of its own, made at its first signature. The private part is sealed with
// AES-256-GCM under a key derived from the house's secret and bound to the tenant and the key's id.
package exchange
