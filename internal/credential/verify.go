package credential

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Verdict is what a verifier says of a credential or of a paper that carries one.
type Verdict string

// The verdicts, see the package's documentation for when each is given.
const (
	Valid         Verdict = "valid"
	Altered       Verdict = "altered"
	UnknownIssuer Verdict = "unknown-issuer"
	Withdrawn     Verdict = "withdrawn"
	Suspended     Verdict = "suspended"
)

// Verdicts lists all of them.
var Verdicts = []Verdict{Valid, Withdrawn, Suspended, UnknownIssuer, Altered}

// Finding names what is wrong with something altered.
type Finding string

// The findings.
const (
	BadForm      Finding = "form"      // the token is not of the form
	BadSignature Finding = "signature" // it was signed by another key, or changed since
	BadTime      Finding = "time"      // it begins in the future
	BadList      Finding = "list"      // a status list is not the one that the credential names
	BadProof     Finding = "proof"     // the proof of the log does not hold, or proves something else
	BadPaper     Finding = "paper"     // the print was changed since it was made
)

// Findings lists all of them.
var Findings = []Finding{BadForm, BadSignature, BadTime, BadList, BadProof, BadPaper}

// Cause says why a credential does not hold.
type Cause string

// The causes.
const (
	ByOfficer  Cause = "officer"
	ByRecord   Cause = "withdrawn"  // the record was withdrawn
	Corrected  Cause = "corrected"  // the record was corrected
	Superseded Cause = "superseded" // the record has a newer version
	Expired    Cause = "expired"    // its term is over
)

// Causes lists all of them.
var Causes = []Cause{ByOfficer, ByRecord, Corrected, Superseded, Expired}

// ErrNone is returned for a file that is no credential and carries none.
var ErrNone = problem.New(problem.Unsupported, "credential.not-a-credential")

// Report is what was found. What the credential claims is a fact unless the verdict is Altered or UnknownIssuer.
type Report struct {
	Verdict  Verdict
	Findings []Finding
	SHA256   string // of the token, hexadecimal; asks the publisher why
	Claims   Claimed
	AsOf     *time.Time // of the status; nil: nothing was known of it
	Fresh    bool       // the status is the publisher's of now
	Cause    Cause      // for Withdrawn and Suspended, when it is known
	Reason   string
	Since    *time.Time
	Logged   *int64 // place in the log, when a proof was checked
	Paper    bool   // it came in a paper, whose seal was checked
}

// Claimed is what a credential says of itself.
type Claimed struct {
	ID, Number, Kind, Title   string
	Issuer, Slug, Officer     string
	IssuerNames               map[string]string
	Algorithm                 Algorithm
	Demo                      bool
	From                      time.Time
	Until                     *time.Time
	Publication, RecordSHA256 string
	lists                     map[Purpose]place
}

// place is where a status stands.
type place struct {
	address string
	index   int
}

// Evidence is what goes with a credential.
type Evidence struct {
	Lists []string // status lists
	Fresh bool     // they are the publisher's of now, and not those of a paper
	Kept  []string // lists of some day that somebody kept, of any credentials; a newer one counts instead of an older
	Proof string   // C2SP tlog-proof
	// Salt and Opened are of a record that is not for everybody, see translog.Proof.
	Salt, Opened []byte
}

// skew is how far the clock of whoever verifies may be behind.
const skew = 5 * time.Minute

// Verify checks a token with what goes with it, without a network. It returns ErrNone for what is no token at all.
func Verify(text string, e Evidence, trust Trust, now time.Time) (Report, error) {
	text = strings.TrimSpace(text)
	if !tokenForm.MatchString(text) {
		return Report{}, ErrNone
	}
	sum := sha256.Sum256([]byte(text))
	r := Report{Verdict: Altered, SHA256: hex.EncodeToString(sum[:])}
	t, ok := parse(text)
	if !ok {
		return r.found(BadForm), nil
	}
	if r.Claims, ok = readClaims(t); !ok {
		return r.found(BadForm), nil
	}
	issuer, k, known := trust.key(t.header.KeyID)
	if !known {
		r.Verdict = UnknownIssuer
		return r, nil
	}
	if !t.fits(k) {
		return r.found(BadSignature), nil
	}
	r.Claims.Slug, r.Claims.IssuerNames = issuer.Slug, issuer.Names
	if r.Claims.From.After(now.Add(skew)) {
		r = r.found(BadTime)
	}
	r = r.proof(e, trust)
	r = r.status(e, trust, now)
	if len(r.Findings) > 0 {
		r.Verdict = Altered
	}
	return r, nil
}

func (r Report) found(f Finding) Report {
	r.Verdict, r.Findings = Altered, append(slices.Clone(r.Findings), f)
	return r
}

// status says whether the credential holds, by its lists and its term.
func (r Report) status(e Evidence, trust Trust, now time.Time) Report {
	newest := map[Purpose]list{}
	for _, text := range slices.Concat(e.Lists, r.Claims.among(e.Kept)) {
		l, err := readList(text, trust, r.Claims.Issuer)
		p, named := r.Claims.lists[l.purpose]
		if err != nil || !named || p.address != l.address || l.from.After(now.Add(skew)) || e.Fresh && now.After(l.until) {
			return r.found(BadList)
		}
		if before, ok := newest[l.purpose]; !ok || l.from.After(before.from) {
			newest[l.purpose] = l
		}
	}
	set := map[Purpose]bool{}
	for purpose, l := range newest {
		set[purpose] = l.set(r.Claims.lists[purpose].index)
		if r.AsOf == nil || l.from.Before(*r.AsOf) {
			r.AsOf = &l.from
		}
	}
	r.Fresh = e.Fresh && len(newest) == len(Purposes)
	switch {
	case set[Revocation]:
		r.Verdict = Withdrawn
	case r.Claims.Until != nil && now.After(*r.Claims.Until):
		r.Verdict, r.Cause, r.Since = Withdrawn, Expired, r.Claims.Until
	case set[Suspension]:
		r.Verdict = Suspended
	default:
		r.Verdict = Valid
	}
	return r
}

// readClaims reads claims and refuses those that break the rules of the package's documentation.
func readClaims(t token) (Claimed, bool) {
	var c claimed
	if json.Unmarshal(t.claims, &c) != nil || len(c.Context) == 0 || c.Context[0] != coreContext || !has(c.Type, typeVC) || has(c.Type, typeList) || c.Certificate == nil {
		return Claimed{}, false
	}
	did, _, _ := strings.Cut(t.header.KeyID, "#")
	from, err := time.Parse(time.RFC3339, c.ValidFrom)
	if err != nil || c.Issuer.ID != did || c.ID == "" || len(c.Subject) == 0 {
		return Claimed{}, false
	}
	out := Claimed{
		ID: c.ID, Title: c.Certificate.Title, Number: c.Certificate.Number, Kind: c.Certificate.Record.Kind, Issuer: did, Officer: c.Certificate.Officer, Algorithm: t.header.Algorithm,
		Demo: c.Certificate.Demo, From: from, Publication: c.Certificate.Record.Publication, RecordSHA256: c.Certificate.Record.SHA256, lists: map[Purpose]place{},
	}
	if c.ValidUntil != "" {
		until, err := time.Parse(time.RFC3339, c.ValidUntil)
		if err != nil || until.Before(from) {
			return out, false
		}
		out.Until = &until
	}
	for _, s := range c.Status {
		index, err := strconv.ParseUint(s.Index, 10, 24)
		if err != nil || s.Type != typeEntry || s.List == "" || s.Index != strconv.FormatUint(index, 10) {
			return out, false
		}
		out.lists[Purpose(s.Purpose)] = place{s.List, int(index)}
	}
	return out, len(out.lists) == len(Purposes) && out.lists[Revocation].address != "" && out.lists[Suspension].address != ""
}

// Lists are the addresses of the credential's status lists.
func (c Claimed) Lists() []string {
	return []string{c.lists[Revocation].address, c.lists[Suspension].address}
}

// among are those lists that say to be the credential's; which is to be proved.
func (c Claimed) among(kept []string) (mine []string) {
	for _, text := range kept {
		t, ok := parse(strings.TrimSpace(text))
		var said struct {
			ID string `json:"id"`
		}
		if ok && json.Unmarshal(t.claims, &said) == nil && has(c.Lists(), said.ID) {
			mine = append(mine, strings.TrimSpace(text))
		}
	}
	return mine
}

func has(all []string, one string) bool { return slices.Contains(all, one) }
