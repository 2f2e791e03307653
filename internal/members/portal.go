package members

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// PortalSession is how long a member looks at its own membership after it opened the portal.
const PortalSession = 30 * time.Minute

const (
	linkLife  = 7 * 24 * time.Hour
	mostShown = 100 // of each kind of thing
)

// PortalLanguages are those in which a member can be written to.
var PortalLanguages = []string{"zh-Hans", "en", "ar"}

var (
	// ErrNoKey is returned for a key that opens nothing: it is wrong, or was used, or its time is over.
	ErrNoKey = problem.New(problem.NotFound, "member-portal.not-found")

	codeProposal = problem.Field("member-portal.nothing")
)

// PortalConfig is what a Portal needs.
type PortalConfig struct {
	*Members
	Dues    *Dues
	Papers  *Papers
	Users   *marks.Authorisations
	Attests *credential.Credentials
}

// Portal is where members look at their own membership (会员自助). Decision 009 says why with a key.
type Portal struct{ PortalConfig }

// NewPortal returns the verbs.
func NewPortal(c PortalConfig) *Portal { return &Portal{c} }

// portalKey is what is kept of a key.
func portalKey(key string) uuid.UUID {
	sum := sha256.Sum256([]byte("member portal " + strings.ToUpper(strings.TrimSpace(key))))
	return uuid.UUID(sum[:16])
}

// invited locks a member that may have a portal. It returns ErrErased, or ErrNoMember for somebody whose membership is over.
func (s *Members) invited(ctx context.Context, tx pgx.Tx, id ID) (m Member, err error) {
	m, err = s.lockByID(ctx, tx, id)
	switch {
	case err != nil:
		return m, err
	case m.ErasedAt != nil:
		return m, ErrErased
	case over[m.Status]:
		return m, ErrNoMember
	}
	return m, nil
}

// Invite makes a key for a member, which opens its portal once; those before it open nothing any more. It returns ErrErased, or ErrNoMember for
// somebody whose membership is over.
func (s *Members) Invite(ctx context.Context, id ID) (key string, until time.Time, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := s.invited(ctx, tx, id); err != nil {
			return err
		}
		if key, until, err = s.newKey(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "member.invite", ObjectKind: "member", ObjectID: id.String(), After: map[string]any{"until": until}})
	})
	return key, until, err
}

// newKey makes a key that opens a member's portal once; those before it open nothing any more.
func (s *Members) newKey(ctx context.Context, tx pgx.Tx, id ID) (key string, until time.Time, err error) {
	key, until = rand.Text(), s.Now().Add(linkLife)
	if err := forgetKeys(ctx, tx, id); err != nil {
		return "", until, err
	}
	return key, until, addKey(ctx, tx, id, key, "link", until)
}

func addKey(ctx context.Context, tx pgx.Tx, id ID, key, kind string, until time.Time) error {
	_, err := tx.Exec(ctx, `insert into app.member_keys (key, member_id, kind, expires_at) values ($1, $2, $3, $4)`, portalKey(key), id, kind, until)
	return postgres.Wrap(err, "key of %s", id)
}

// forgetKeys ends every key of a member.
func forgetKeys(ctx context.Context, tx pgx.Tx, id ID) error {
	_, err := tx.Exec(ctx, `delete from app.member_keys where member_id = $1`, id)
	return postgres.Wrap(err, "keys of %s", id)
}

// Enter uses a key up and returns that of a session. It returns ErrNoKey.
func (s *Portal) Enter(ctx context.Context, d Door, key string) (session string, err error) {
	session = rand.Text()
	ctx = d.applicant(ctx, key)
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		var id ID
		err := tx.QueryRow(ctx, `delete from app.member_keys where key = $1 and kind = 'link' and expires_at > $2 returning member_id`, portalKey(key), s.Now()).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNoKey
		}
		if err != nil {
			return postgres.Wrap(err, "key of a portal")
		}
		if err := addKey(ctx, tx, id, session, "session", s.Now().Add(PortalSession)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "member.enter", ObjectKind: "member", ObjectID: id.String()})
	})
	return session, err
}

// Leave ends a session.
func (s *Portal) Leave(ctx context.Context, d Door, session string) error {
	ctx = d.applicant(ctx, session)
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from app.member_keys where key = $1`, portalKey(session))
		return postgres.Wrap(err, "session of a portal")
	})
}

// own is the scope of a member that looks at its own membership, and which one that is.
func (s *Portal) own(ctx context.Context, d Door, session string) (context.Context, ID, error) {
	var id ID
	var number string
	in := d.applicant(ctx, session)
	err := s.DB.Read(in, func(tx pgx.Tx) error {
		err := tx.QueryRow(in, `select m.id, coalesce(m.number, '') from app.member_keys k join app.members m on m.id = k.member_id
			where k.key = $1 and k.kind = 'session' and k.expires_at > $2 and m.erased_at is null`, portalKey(session), s.Now()).Scan(&id, &number)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNoKey
		}
		return postgres.Wrap(err, "session of a portal")
	})
	scope := tenancy.Scope{Tenant: d.ID, Slug: d.Slug, TenantKind: tenancy.Association, Demo: d.Demo, Actor: id, ActorName: number, ActorKind: tenancy.Visitor}
	return tenancy.In(ctx, scope), id, err
}

// Own is what a member is shown of itself.
type Own struct {
	Shown
	Events       []Event
	Looked       []Look
	Invoices     []Invoice
	Payments     []Payment
	Changes      []Change
	Consents     []Consent
	Certificates []credential.Credential
	Marks        []marks.Authorisation
	Meetings     []OwnMeeting
	Letters      []Letter
}

// Look shows a member its own membership. It returns ErrNoKey.
func (s *Portal) Look(ctx context.Context, d Door, session string) (o Own, err error) {
	ctx, id, err := s.own(ctx, d, session)
	if err != nil {
		return o, err
	}
	if o.Shown, err = s.Read(ctx, id); err != nil {
		return o, err
	}
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		var wrong error
		o.Events, err = events(ctx, tx, id)
		o.Looked, wrong = looks(ctx, tx, id)
		if err = errors.Join(err, wrong); err != nil {
			return err
		}
		if o.Meetings, err = meetingsOf(ctx, tx, id); err != nil {
			return err
		}
		o.Letters, err = lettersTo(ctx, tx, id)
		return err
	})
	var errs [6]error
	o.Invoices, _, errs[0] = s.Dues.Invoices(ctx, InvoiceFilter{Member: &id, Sort: NewestInvoice}, mostShown, "")
	o.Payments, _, errs[1] = s.Dues.Payments(ctx, PaymentFilter{Member: &id}, mostShown, "")
	o.Changes, _, errs[2] = s.Changes(ctx, ChangeFilter{Member: &id}, mostShown, "")
	o.Consents, errs[3] = s.Consents(ctx, id)
	o.Certificates, _, errs[4] = s.Attests.List(ctx, credential.Filter{Kind: Kind, RecordID: &id}, mostShown, "")
	if o.CreditCode != "" { // what the association has of it; others' registers are not its to show
		o.Marks, _, errs[5] = s.Users.List(ctx, marks.Filter{Words: string(o.CreditCode)}, mostShown, "")
	}
	return o, errors.Join(append(errs[:], err)...)
}

// Take gathers everything that the association has of a member, for itself. It returns ErrNoKey.
func (s *Portal) Take(ctx context.Context, d Door, session string) (x Extract, err error) {
	ctx, id, err := s.own(ctx, d, session)
	if err != nil {
		return x, err
	}
	return s.Extract(ctx, id)
}

// Suggest proposes to change what a member's form says of itself. It returns ErrNoKey, or problem.ErrInvalid with each wrong field of the form.
func (s *Portal) Suggest(ctx context.Context, d Door, session string, said map[string]string) error {
	ctx, id, err := s.own(ctx, d, session)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		m, err := s.byID(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = s.propose(ctx, tx, id, m.Version, m.suggested(said), cut(said["reason"], mostReason), true)
		if errors.Is(err, ErrNothingChanges) {
			return problem.ErrInvalid.At("/reason", codeProposal)
		}
		p, ok := problem.As(err)
		if !ok || len(p.Details) == 0 {
			return err
		}
		wrong := problem.ErrInvalid
		for _, detail := range p.Details {
			wrong = wrong.At("/"+columnOf(detail.Pointer), detail.Code)
		}
		return wrong.Or()
	})
}

// Answer says before a meeting whether the member comes. It returns ErrNoKey, or ErrNotOnRoll when it is not called or the meeting has begun.
// A vote is not taken here: whoever has a link could vote, and nobody in the room would see it.
func (s *Portal) Answer(ctx context.Context, d Door, session string, meeting MeetingID, comes bool) error {
	ctx, id, err := s.own(ctx, d, session)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if err := answer(ctx, tx, meeting, id, comes, s.Now()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "meeting.answer", ObjectKind: "meeting", ObjectID: meeting.String(), After: map[string]any{"member": id, "comes": comes}})
	})
}

const mostReason = 500

func cut(s string, most int) string {
	r := []rune(strings.TrimSpace(s))
	return string(r[:min(len(r), most)])
}

// suggested is a member as its form says: what the form has no field for stays.
func (m Member) suggested(said map[string]string) Facts {
	f := m.clone()
	f.Content.Representative, f.Content.Address, f.Content.Language = cut(said["representative"], 100), cut(said["address"], 500), known(said["language"])
	contact, reach := Contact{Name: cut(said["contact"], 100)}, Reach{Phone: cut(said["phone"], 30), Email: cut(said["email"], 200)}
	switch {
	case len(f.Content.Contacts) > 0:
		contact.Role = f.Content.Contacts[0].Role
		f.Content.Contacts[0] = contact
	case contact.Name != "" || reach != (Reach{}):
		f.Content.Contacts = []Contact{contact}
	}
	switch {
	case len(f.Private.Reach) > 0:
		f.Private.Reach[0] = reach
	case reach != (Reach{}):
		f.Private.Reach = []Reach{reach}
	}
	f.Content.Varieties = varieties(cut(said["varieties"], 2000))
	return f
}

// known is a language in which a member can be written to; another one is none.
func known(s string) string {
	if slices.Contains(PortalLanguages, s) {
		return s
	}
	return ""
}

// Paper is where a member's own certificate is for a minute. It returns ErrNoKey, or what the certificate's own door returns.
func (s *Portal) Paper(ctx context.Context, d Door, session string, id uuid.UUID, language string) (string, error) {
	ctx, member, err := s.own(ctx, d, session)
	if err != nil {
		return "", err
	}
	c, err := s.Attests.Credential(ctx, id)
	if err == nil && c.RecordID != member {
		err = credential.ErrNotFound
	}
	if err != nil {
		return "", err
	}
	url, _, err := s.Attests.PaperLink(ctx, id, language, document.Attachment)
	return url, err
}

// Print is where a paper of the member's own is for a minute, once it is set: an invoice, or its statement where none is named. It returns
// ErrNoKey, ErrInvoiceNotFound, or what the task ended with.
func (s *Portal) Print(ctx context.Context, d Door, session string, invoice *uuid.UUID, tag locale.Tag) (string, error) {
	ctx, member, err := s.own(ctx, d, session)
	if err != nil {
		return "", err
	}
	kind, record := StatementPaper, member
	if invoice != nil {
		i, err := s.Dues.Invoice(ctx, *invoice)
		if err == nil && i.MemberID != member {
			err = ErrInvoiceNotFound
		}
		if err != nil {
			return "", err
		}
		kind, record = InvoicePaper, i.ID
	}
	paper, task, err := s.Papers.Print(ctx, kind, record, tag)
	if err != nil {
		return "", err
	}
	wait, cancel := context.WithTimeout(ctx, printWait)
	defer cancel()
	if _, err := s.Dues.Jobs.Await(wait, task); err != nil {
		return "", postgres.Wrap(err, "paper %s", paper)
	}
	url, _, err := s.Docs.Link(ctx, paper, 0, document.Attachment)
	return url, err
}

// printWait is how long somebody without scripts waits for a paper.
const printWait = 25 * time.Second

// Form is what the form of a portal holds before anybody writes in it.
func (o Own) Form() map[string]string {
	said := map[string]string{"representative": o.Content.Representative, "address": o.Content.Address, "language": o.Content.Language, "varieties": strings.Join(o.Content.Varieties, ", ")}
	if len(o.Content.Contacts) > 0 {
		said["contact"] = o.Content.Contacts[0].Name
	}
	if len(o.Private.Reach) > 0 {
		said["phone"], said["email"] = o.Private.Reach[0].Phone, o.Private.Reach[0].Email
	}
	return said
}

// Waits is the proposal of the member or the association that waits for a decision; none has no id.
func (o Own) Waits() Change {
	for _, c := range o.Changes {
		if c.Status == ChangeProposed {
			return c
		}
	}
	return Change{}
}
