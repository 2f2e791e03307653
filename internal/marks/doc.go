// Package marks knows who may use the special mark (地理标志专用标志) of a geographical indication, how many marks were printed,
// and where each one is.
//
// An Authorisation (使用授权) lets a producer use the mark for one registration. There are four kinds of lawful users (notice 354
// of 2020, 地理标志专用标志使用管理办法（试行）); the act that refuses or ends a use names its reason and until when it can be
// appealed. What is in force and what ended is published; the status check answers from it.
//
// A Batch (批次) is a run of marks that are numbered from 0. The ledger says where each number is: a Move takes a range of
// numbers from one place and puts it into another, and is never changed; a correction is another move. Places are kept from the
// moves by the database, which refuses a number in two places (mark_holdings_pkey, without overlaps) and a move from where it is not.
//
// Codes are derived and not stored (code.go): batch, number and a truncated MAC. So ten million marks are a row, and a genuine code
// is recognised without one.
//
// A Usage (用标率) is how many of the listed Producers use the mark of a registration, by the ledger; a Figure is what was reported of a
// month, which stays. A Rule says what the tenant asks of users, and names the law that says so. An Alert is what scans say that should
// not be so, with what was counted.
//
// An Application is a producer's, made by itself or by its association, another tenant than the keeper; once it is taken up, it follows the
// authorisation that is examined. A Risk is how much speaks against a user, with its reasons (risk.go); Visits and Complaints go into it, and complaints have clocks (complaint_clock.go).
//
// A Lot is what a holder produced; a MassBalance holds the marks of its goods against it, and it against the land (balance.go).
//
// An Image is the official image as the authority uploaded it, with a Layout that says where a user's credit code stands in it, how
// small it may be and in which colours, by a rule that it names. Artwork is set from both for whoever may use the mark, and kept as a
// document; codes on sheets (sheets.go) are streamed and kept nowhere.
package marks
