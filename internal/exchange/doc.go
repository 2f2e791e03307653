// Package exchange carries across a tenant's wall what its owner wants to cross: publications, and data packages that
// prove themselves to a stranger. It knows kinds, bytes and hashes, and no type of any domain package.
//
// # Publications
//
// A publication is one version of one record, as its owner shows it to everybody or to one named tenant. Its content is
// JSON; its hash is the SHA-256 of that JSON in the canonical form of RFC 8785, so that anybody can compute it again. At
// most one version of a record holds: a newer one supersedes it, a withdrawal ends it. Rows are never removed.
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
//
// A verifier comes to the first of these that is true:
//
//	altered          the manifest is not in the form above, its signature does not fit the key, or a file is missing,
//	                 added or changed; the report names them
//	unknown-issuer   no key with that id is known, or it belongs to another publisher
//	withdrawn        the publisher says so (step 7, with a network)
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
