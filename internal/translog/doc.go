// Package translog is the house's transparency log: what was published and when, provable to anybody, years later and
// without us.
//
// An entry is the canonical JSON (RFC 8785) of one event:
//
//	{"at": "…", "event": "publish", "kind": "registration", "publication": "…", "publisher": "wuyuan", "sha256": "…", "version": 2}
//
// Of what is not for everybody the log has `{"at": "…", "commitment": "…"}` only: the SHA-256 of 32 secret bytes and the
// entry as above. The bytes and the entry go to those who may read the publication, so that they can prove it; others
// learn that something was published, and nothing else. There are no names of people in any entry.
//
// Append puts an entry into the transaction that publishes: what is rolled back is not in the log, what is committed
// will be. The sequencer gives committed entries their places, in one transaction with the tiles and the signed
// checkpoint that they make; an advisory lock lets one node do so at a time, and the tables refuse to change a hash,
// so that the log has no two histories.
//
// Hashes are those of RFC 6962. What is served follows C2SP: tlog-tiles (a tile of 256 hashes, entry bundles),
// tlog-checkpoint, signed-note (Ed25519), tlog-proof, tlog-cosignature and tlog-witness. Witnesses are asked to cosign
// each checkpoint; and we are a witness of the logs that the operator names.
package translog
