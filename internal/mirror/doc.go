// Package mirror keeps a copy of what a house publishes, for a partner without developers: `helianthus sync`.
//
// A mirror reads the change feed from where it stopped and does what it says, so that the copy is at each moment what the
// reader may read. Nothing is believed: the hash of each content is computed again, and must stand in the house's
// transparency log, which the mirror reads too, entry by entry, and holds against its checkpoints. The key of the log is
// the one given, or the one that the house showed first.
//
// The copy is a directory of files, or tables of a PostgreSQL database. The position is written after what it stands
// for (in files) or together with it (in a database): a mirror that was killed goes on without loss and without doubles.
package mirror
