package members

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const (
	draftLife  = 14 * 24 * time.Hour // since it was last kept
	mostDrafts = 500                 // that an association has at once

	// MostPapers is how many files come with an application.
	MostPapers = 5
	// MaxPaper bounds one of them, in bytes.
	MaxPaper = 10 << 20

	paperPurpose = "member-application"
)

// Problems of applications.
var (
	// ErrNoDoor is returned for an association that there is not, or that takes no applications.
	ErrNoDoor = problem.New(problem.NotFound, "member-application.no-association")
	// ErrNoDraft is returned for a key that opens nothing: it is wrong, or the draft was sent, or its time is over.
	ErrNoDraft = problem.New(problem.NotFound, "member-application.not-found")
	// ErrManyDrafts is returned while more people write than an association can read.
	ErrManyDrafts = problem.New(problem.TooMany, "member-application.busy")

	codeAgree     = problem.Field("member-application.agree")
	codePaperType = problem.Field("member-application.paper")
)

// Door is an association that people apply to.
type Door struct {
	ID      tenancy.ID
	Slug    string
	Names   map[string]string
	Demo    bool
	Purpose string // for which it keeps personal data
	Years   int    // for which it keeps them after the end
}

// Draft is an application that is being written: what its form holds.
type Draft struct {
	Said      map[string]string
	Papers    []DraftPaper
	ExpiresAt time.Time
}

// DraftPaper is a file that came with an application.
type DraftPaper struct {
	ID       uuid.UUID `json:"id"`
	Filename string    `json:"filename"`
}

// draftFields are the fields of the form, by the columns of an import.
var draftFields = []string{"category", "name", "creditCode", "idNumber", "representative", "contact", "phone", "email", "address", "licence", "licenceUntil", "areaMu", "varieties", "note"}

// mostSaid is how long what is said in a field may be.
const mostSaid = 2000

// Door finds an association.
func (s *Members) Door(ctx context.Context, slug string) (d Door, err error) {
	err = s.DB.Read(tenancy.In(ctx, tenancy.Public), func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `select id, slug, names, demo from app.tenants where slug = $1 and kind = 'association' and suspended_at is null`, slug).Scan(&d.ID, &d.Slug, &d.Names, &d.Demo)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNoDoor
		}
		return postgres.Wrap(err, "association %s", slug)
	})
	if err != nil {
		return d, err
	}
	r, err := s.Rule(d.applicant(ctx, ""))
	d.Purpose, d.Years = r.Purpose, r.RetentionYears
	return d, err
}

// applicant is the scope in which an application is written: that of the association, whose record it is, for a visitor.
func (d Door) applicant(ctx context.Context, key string) context.Context {
	return tenancy.In(ctx, tenancy.Scope{Tenant: d.ID, Slug: d.Slug, TenantKind: tenancy.Association, Demo: d.Demo, Actor: keyID(key), ActorKind: tenancy.Visitor})
}

// keyID is what is kept of a key: neither can the key be found from it, nor another one that has the same.
func keyID(key string) uuid.UUID {
	sum := sha256.Sum256([]byte("member application " + strings.ToUpper(strings.TrimSpace(key))))
	return uuid.UUID(sum[:16])
}

// draftName is what a draft is bound to.
func draftName(key string) []byte {
	id := keyID(key)
	return append([]byte("member draft "), id[:]...)
}

// ReadDraft returns the application that a key opens, or ErrNoDraft.
func (s *Members) ReadDraft(ctx context.Context, d Door, key string) (a Draft, err error) {
	ctx = d.applicant(ctx, key)
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { a, err = s.draft(ctx, tx, key, false); return err })
	return a, err
}

func (s *Members) draft(ctx context.Context, tx pgx.Tx, key string, lock bool) (a Draft, err error) {
	if lock { // whoever has the key may write from two devices
		if _, err := tx.Exec(ctx, `select from app.member_drafts where key = $1 for update`, keyID(key)); err != nil {
			return a, postgres.Wrap(err, "draft of an application")
		}
	}
	var sealed []byte
	err = tx.QueryRow(ctx, `select sealed, documents, expires_at from app.member_drafts where key = $1 and expires_at > $2`, keyID(key), s.Now()).Scan(&sealed, &a.Papers, &a.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, ErrNoDraft
	}
	if err != nil {
		return a, postgres.Wrap(err, "draft of an application")
	}
	text, err := s.Vault.Open(sealed, draftName(key))
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(text, &a.Said)
}

// KeepDraft keeps what a form holds, right or wrong, under a key: the one it has, or a new one. It returns ErrNoDraft, or ErrManyDrafts.
func (s *Members) KeepDraft(ctx context.Context, d Door, key string, said map[string]string) (string, error) {
	fresh := key == ""
	if fresh {
		key = rand.Text()
	}
	kept := map[string]string{}
	for _, f := range draftFields {
		if v := strings.TrimSpace(said[f]); v != "" {
			kept[f] = string([]rune(v)[:min(len([]rune(v)), mostSaid)])
		}
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return "", err
	}
	sealed, until := s.Vault.Seal(text, draftName(key)), s.Now().Add(draftLife)
	ctx = d.applicant(ctx, key)
	return key, s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if !fresh {
			if _, err := s.draft(ctx, tx, key, true); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `update app.member_drafts set sealed = $2, expires_at = $3 where key = $1`, keyID(key), sealed, until)
			return postgres.Wrap(err, "draft of an application")
		}
		var open int
		if err := tx.QueryRow(ctx, `select count(*) from app.member_drafts where expires_at > $1`, s.Now()).Scan(&open); err != nil {
			return postgres.Wrap(err, "drafts of applications")
		}
		if open >= mostDrafts {
			return ErrManyDrafts.With("retryAfter", int(time.Hour.Seconds()))
		}
		_, err := tx.Exec(ctx, `insert into app.member_drafts (key, sealed, expires_at) values ($1, $2, $3)`, keyID(key), sealed, until)
		return postgres.Wrap(err, "draft of an application")
	})
}

// paperTypes are the media types of what applicants hand in: what a secretary reads, and nothing that unpacks.
var paperTypes = []string{"application/pdf", "image/png", "image/jpeg"}

// Bring puts a file into a draft.
func (s *Members) Bring(ctx context.Context, d Door, key string, a document.Announcement, content []byte) error {
	ctx = d.applicant(ctx, key)
	draft, err := s.ReadDraft(ctx, d, key)
	switch {
	case err != nil:
		return err
	case len(content) > MaxPaper:
		return document.ErrTooLarge.With("MiB", MaxPaper>>20)
	case !slices.Contains(paperTypes, a.MediaType) || len(draft.Papers) >= MostPapers:
		return problem.ErrInvalid.At("/papers", codePaperType, "Most", MostPapers)
	}
	a.Purpose = paperPurpose
	doc, err := s.Docs.Receive(ctx, a, content)
	if err != nil {
		return err
	}
	if doc.Status != document.Ready {
		return problem.ErrInvalid.At("/papers", codePaperType, "Most", MostPapers)
	}
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		draft, err := s.draft(ctx, tx, key, true)
		if err != nil {
			return err
		}
		if len(draft.Papers) >= MostPapers { // another device brought one meanwhile
			return problem.ErrInvalid.At("/papers", codePaperType, "Most", MostPapers)
		}
		_, err = tx.Exec(ctx, `update app.member_drafts set documents = $2 where key = $1`, keyID(key), append(draft.Papers, DraftPaper{doc.ID, doc.Filename}))
		return postgres.Wrap(err, "draft of an application")
	})
}

// Send makes a draft an application, which the association sees from now on. It returns problem.ErrInvalid with each wrong field of the form,
// ErrNoDraft, or ErrCodeUsed.
func (s *Members) Send(ctx context.Context, d Door, key string, agrees bool) (id ID, err error) {
	ctx = d.applicant(ctx, key)
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		draft, err := s.draft(ctx, tx, key, true)
		if err != nil {
			return err
		}
		f, err := draft.facts(agrees)
		if err != nil {
			return err
		}
		today, err := s.today(ctx, tx)
		if err != nil {
			return err
		}
		if id, err = s.enter(ctx, tx, f, today, ""); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `delete from app.member_drafts where key = $1`, keyID(key))
		return postgres.Wrap(err, "draft of an application")
	})
	return id, err
}

// facts makes a member of what a form says; what is wrong points at the fields of the form.
func (a Draft) facts(agrees bool) (f Facts, err error) {
	wrong := problem.ErrInvalid
	if !agrees {
		wrong = wrong.At("/agree", codeAgree)
	}
	var r row
	for key, v := range r.byKey() {
		*v = a.Said[key]
	}
	for _, p := range r.read() {
		wrong = wrong.At("/"+p.Pointer, p.Code)
	}
	private := Private{IDNumber: r.IDNumber, Reach: []Reach{{Phone: r.Phone, Email: r.Email}}}
	f = r.facts(Facts{}, private, 0)
	f.CreditCode = marks.CreditCode(r.CreditCode)
	if r.Phone == "" { // somebody has to be asked back
		wrong = wrong.At("/phone", codePhone)
	}
	if f.CreditCode == "" && f.Private.IDNumber == "" {
		wrong = wrong.At("/idNumber", codeIDNumber)
	}
	if p, ok := problem.As(f.Check()); ok {
		for _, d := range p.Details {
			wrong = wrong.At("/"+columnOf(d.Pointer), d.Code)
		}
	}
	for _, p := range a.Papers {
		f.Content.Documents = append(f.Content.Documents, p.ID)
	}
	return f, wrong.Or()
}

// forget removes keys and drafts whose time is over, with the files that came with them.
func (s *Members) forget(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `delete from app.member_keys where expires_at < $1`, s.Now()); err != nil {
		return postgres.Wrap(err, "forget keys of portals")
	}
	rows, _ := tx.Query(ctx, `delete from app.member_drafts where expires_at < $1 returning documents`, s.Now())
	all, err := pgx.CollectRows(rows, pgx.RowTo[[]DraftPaper])
	if err != nil {
		return postgres.Wrap(err, "forget drafts of applications")
	}
	for _, papers := range all {
		for _, p := range papers {
			if err := document.Forget(ctx, tx, p.ID, s.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}
