// Package dossier prepares export dossiers (出口卷宗): everything that a market wants to see about a product, in its languages.
//
// A market profile says what is wanted, as data with sources. A Dossier (one registration, one market, one profile)
// draws its contents live from the records and shows what is missing, why, and who can supply it. Its texts are
// segments; each has a source text and translations with a state (missing, machine, drafted, reviewed, certified), and a
// translation is stale when its source has changed since. A Build freezes the contents and makes of them one archival
// PDF per language and one signed data package; the same frozen contents give the same bytes. Issue freezes the dossier,
// gives it a number and makes the official build; what was issued is superseded or withdrawn, never changed.
package dossier
