// Package mirror keeps a copy of what a house publishes, for a partner without developers: `helianthus sync`.
//
// A mirror reads the change feed from where it stopped and does what it says, so that the copy is at each moment what the
// reader may read. Nothing is believed: the hash of each content is computed again, and must stand in the house's
// transparency log, which the mirror reads too, entry by entry, and holds against its checkpoints. The key of the log is
// the one given, or the one that the house showed first.
//
// The copy is a directory of files, or tables of a PostgreSQL database. The position is written after what it stands
// for (in files) or together with it (in a database): a mirror that was killed goes on without loss and without doubles.
//
// # Partner houses
//
// A house follows other houses in the same way (Partners): those that the machine's file names, and those that an operator
// follows in the workspace (Follow), each with the key of its log. An operator looks at a house first (Look) and confirms the
// fingerprint of its key, which the partner says by another way; what is followed must show that key at that moment. A house
// that is suspended is not read; one that is removed leaves nothing behind. Addresses that operators give are dialled by a
// client that reaches public addresses only. What
// they publish to everybody is kept in tables of its own, every version with the change that brought it, the change that
// ended it, and the proof of its house's log. It is never published again here, so that it comes from its own house only;
// the status check cites it with the house and with the day on which that was read last. A house that does not tell the
// truth is not followed on: what was received before stays, with its age, until the operator has looked.
package mirror
