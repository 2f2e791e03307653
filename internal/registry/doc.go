// Package registry keeps registrations (登记): the right to a geographical indication in one jurisdiction.
//
// One GI can rest on several legal bases at once: a GI product, a certification or collective mark, an agricultural GI, an
// agreement. A registration has names in many scripts, product classes, a holder, a protected area, a specification, the
// link of quality and place, and sources for its facts. Its status follows from events, which are only added and each have
// the day they took effect and the instant our register knew; a correction is an event that names the one it corrects. So
// every question can be asked for a day, and for what the register showed at an instant.
//
// Files come in as an import: read for a preview, corrected or left out row by row, then written in one transaction or not at
// all. A file is a table (source_csv.go, source_sheet.go, source_json.go) whose columns become fields: by our own headings, as a
// public register's own form (source_registers.go), or by a mapping that somebody made and may keep (mapper.go, mapping.go).
// What is wrong, and what was understood with a correction, is said by row and column (findings.go).
//
// What was published is shown to everybody in a version of its own (package exchange); the drafts stay the tenant's.
package registry
