// Package recognition keeps what one jurisdiction grants the geographical indications of another, and how it comes to that.
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
//
// # Cases
//
// A Case (互认案件) is the way of one name to protection in one market under one instrument. Four concepts, each in one place:
//
//   - The law of the file (case_lifecycle.go): one table says of every act whose it is, from which of the 21 states to
//     which it leads, and what has to come with it. The same moves are rows of a table of the database, which refuses all others.
//   - The procedure (procedure.go): data of an instrument, in versions. Which acts are steps, which documents and languages
//     each needs, which periods run and what silence means, and the grounds. A new procedure needs no code. What nobody
//     read in the law is marked as not verified in the data.
//   - The events (case.go): only added. Where a case stands, and what is due, follows from those that stand: a correction
//     names the event that it corrects, an annulment the one that did not happen.
//   - The deadlines (deadline.go, calendar.go, case_deadline.go): reckoned from events, procedure and calendars, anew with
//     every event, without a clock. A clock only asks which are over. What silence then means is proposed, and an officer
//     confirms it with evidence; a proposal is not stored, it is what an overdue deadline says.
//
// # Two sides, one file
//
// The tenant that opens a case keeps the file, and the other side reads and acts in it as soon as it is proposed. Each side
// records its own acts and nobody else's; a side whose office is no tenant is kept by hand by the other. Notes and links to
// a tenant's own register are rows of that tenant alone.
//
// # Oppositions and waves
//
// A Notice (notice.go) is what everybody reads of a case that is published for opposition; it follows from the events. An
// Opposition (异议) belongs to the office that decides. Who opposes has no account but a key: the database shows whoever has it
// one opposition (opposition_filing.go). Its admission and the answer are acts of the case, and what waits for a decision keeps
// the case from going on. A Wave (批次, waves.go) does an act on many cases, each by itself, and says what stood against some. A list
// of names (wave_names.go) is read by package registry as imports are; what becomes of each row is said before anything is written.
//
// # Letters and reminders
//
// A Letter (公函, letters.go) is filled from the file by the template of a step, in one language or two beside each other. When it is
// issued it gets its number and day, and a job sets its paper, which nobody can change. What comes in is registered with its scan.
//
// What is due is never stored: a Task (case_tasks.go) is read from what holds. A Reminder (提醒, reminders.go) is what was sent of it: the
// tenant's rule says how many days before a last day, and by which channel; a sweep writes down whom to tell, and the database lets
// nobody be told twice of a last day on one day. One mail tells a person of all that waits. Machines are told by webhooks, which
// read the trail (package webhook).
//
// # Two houses, one case
//
// A side that has a house of its own keeps the case there, and each house enters the other side's acts by hand. Either gives the
// other its view, a file that is signed (Views.Give): the steps since the proposal, without what is a house's own, chained by their
// hashes, and a statement of how many there are and of the last hash. Views.Receive verifies a view with the keys that its issuer has
// in its house, which must be one that this house follows (package mirror), and keeps it. What was received is held against the own file
// whenever somebody looks: the first step at which the two part is named, and the first one that a house signed otherwise before.
// A view moves no case.
package recognition
