// Package clearance finds what stands against a name in a market before an office decides on it.
//
// An EarlierMark (在先标志) is a mark, a plant variety, a geographical indication of elsewhere or a generic term that a tenant
// imported or entered: it says what it was taken from and when. We ship none, since nobody would answer for them.
//
// A Report (检索报告) is the answer to one question: these names, in this market, on this day. It searches the registrations and
// recognitions that the tenant may read, the names in its cases and its earlier marks, and is frozen then: what was found, in
// what, and by which weights stay as they were. A person decides on each Finding: conflict, no conflict or unclear, and why.
//
// How two names are alike is in likeness.go, on their spellings (spelling.go): as written, folded, with one form for traditional
// and simplified characters (data of OpenCC), in Latin letters (pinyin for Han), by sound, by consonants. Each way has a score of its own and
// says what it compared. Scores and thresholds are data with their reasons (data/weights.csv). A search reads every name there is
// (sieve.go): no index of ours would find a name by its sound, and one that is left out is worse than a second of waiting.
//
// A report is no legal opinion: it knows spellings and classes, and neither reputation nor use.
package clearance
