// Package document keeps a tenant's files: uploads, checks, versions, short links, retention.
//
// A browser announces a file by name, size, type and SHA-256, and gets a signed request that writes exactly those bytes,
// once, to a key under t/<tenant>/in/. Completing reads them there: size and hash must be as announced, the content must
// be of the announced type (kinds.go), a PDF must hold nothing that runs (pdf.go), an archive must not be a bomb
// (archive.go). What passes is copied by the store to a key t/<tenant>/<random> that nobody can write through a link,
// and only then does the row say so: a document is ready or it is not, whatever breaks in between. What was announced
// and never completed is refused after a day, and its bytes are removed.
//
// A document has versions; the newest ready one holds. Issued papers are kept under the store's object lock until a day.
package document
