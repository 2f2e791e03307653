// Package recognition keeps what one jurisdiction grants the geographical indications of another.
//
// An Instrument (互认文书) is a treaty, agreement, pilot or memorandum: its parties, its lists, its days. A Recognition
// (互认保护) is the protection of one name in one market in time: the name as it is protected there, under an instrument
// and a place in its list or by a registration of its own, from a day on, with limits and evidence, or its refusal.
//
// Both have a valid time (when it held) and Recognition also a known time (what our register showed): its rows are
// only ever added, a correction is a new row that supersedes the one before, and the database refuses two rows that say
// different things of the same name, market and instrument on the same day. Days are half open: `until` is the first day
// on which it no longer holds.
//
// What is published is read by the status check; the JSON is Content and InstrumentContent.
package recognition
