// Package promotion supports producers and traders abroad: from the call to the settled result.
//
// A Programme (海外推广项目) is a call of one tenant, its keeper: what is supported, where, from when to when, with how much money of which
// source, under which rules and criteria. A second person reviews it; once it is open it is frozen, and everybody sees it. The last second
// of its window counts, in its own time zone.
//
// An Application (申报) is of another tenant. It is the applicant's alone until it is submitted. Costs are lines in their own currencies,
// each with its rate, the rate's source and day. What is eligible and what support that makes is reckoned in fractions and rounded down once.
//
// Members of the committee (评审委员会) give Scores in their own name, or abstain; who declares a conflict of interest can do neither, which the
// database sees to. Rank orders by exact means; ties are broken by the heaviest criterion first, and at last by who was earlier.
//
// An Award (立项) promises money. Commitments are a ledger by source, and no budget promises more than it has
// (promotion_budgets_committed_check). Claims (报销) ask for it with receipts; Payments are a ledger too, and a wrong one is reversed. A
// Result (成效) is what the applicant reports afterwards.
package promotion
