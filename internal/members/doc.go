// Package members keeps the members of an association, from the application to the end of the membership.
//
// A Member (会员) is a producer's relation to one association: category, number, licences, plots, varieties, yearly production, and what
// happened to it. Whoever belongs to two associations is two records, and neither association sees the other's; the county sees what it
// was granted (exchange.Grant), and nobody else anything.
//
// An Event is only added: application, examination, decision with its reason and document, changes of data with the names of what
// changed. The status follows from the acts of one table (lifecycle.go). Whoever was refused may ask again: who qualifies must be
// admitted, hence a refusal needs a reason.
//
// A producer with a registered body is known by its unified social credit code (marks.CreditCode), a natural person by an identity
// number. That number, telephones and addresses of mail are sealed in the database and masked in every answer (private.go); who is
// shown them says for what, and the trail keeps it. Some years after the end, as the association's rule says, a sweep erases what is
// personal and leaves what happened.
//
// What members pay (dues.go) is asked for by invoices, of all to whom a year's tariff applies in one act, or of one. Invoices are cancelled and
// payments reversed, both by new entries; how a member stands is computed from them and the day. Amounts are whole fen (money.go).
//
// A Meeting (会议) is called by the rule that the association's own statutes set, which stays with it: days of notice, quorum, proxies. No law is
// assumed. Its roll says who is called, who of them has a vote and why not, who came and who stands for whom. The database refuses a late notice,
// a meeting and a decision without quorum, a vote of who is not there, and a second vote. Majorities are shares in whole numbers (motion.go).
// Minutes are signed by two people, by the hash of the meeting as data (minutes.go), and then corrected by new entries only.
//
// A Letter is a mail to a member that is sent once and kept: notices, ends of licences, links to the portal (letter.go). Invoices, statements and
// minutes are set as papers (paper.go).
//
// Areas are kept as they were said, in mu or hectares, with exact decimals: 15 mu are a hectare (area.go). Whether a plot lies in the
// protected area is computed from the published registration that the rule names, and says from which version (plot.go).
package members
