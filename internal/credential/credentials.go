package credential

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// Problems of credentials.
var (
	ErrNotFound = problem.New(problem.NotFound, "credential.not-found")
	ErrNoList   = problem.New(problem.NotFound, "credential.no-list")
	ErrNoPaper  = problem.New(problem.NotFound, "credential.no-paper")
	// ErrNothing is returned for a record that has nothing to attest: it is not published, or its status says nothing yet.
	ErrNothing = problem.New(problem.Conflict, "credential.nothing-to-attest")

	codeKind     = problem.Field("credential.kind-unknown")
	codeUntil    = problem.Field("credential.until-past")
	codeLanguage = problem.Field("credential.language-unknown")
)

// Credential (凭证) is an attestation of one published version of a record.
type Credential struct {
	ID            uuid.UUID
	Number        string
	Kind          string // of the record
	RecordID      uuid.UUID
	PublicationID uuid.UUID
	Title         string
	Algorithm     Algorithm
	Token         string // application/vc+jwt
	SHA256        []byte // of the token
	Basis         string // the legal basis in short
	Languages     []string
	IssuedAt      time.Time
	ValidUntil    *time.Time
	Officer       string // who decided
	TaskID        *uuid.UUID
	Papers        []Paper
	Status        Status
	Cause         Cause // why it does not hold
	Reason        string
	Since         time.Time
	issuerNames   map[string]string
	listNumber    int
	listIndex     int
}

// Paper is the certificate in one language.
type Paper struct {
	Language string    `json:"language"`
	Document uuid.UUID `json:"documentId"`
	SHA256   string    `json:"sha256"`
	Pages    int       `json:"pages"`
}

// Filter narrows a list of credentials; its zero value is all.
type Filter struct {
	Kind     string
	RecordID *uuid.UUID
	Status   Status
}

// Order is what is asked for when a credential is issued.
type Order struct {
	Kind       string
	RecordID   uuid.UUID
	Algorithm  Algorithm  // EdDSA when empty
	Languages  []string   // of the papers; Chinese and English when empty
	ValidUntil *time.Time // none when nil and the record has no end
}

// Languages are those in which papers are made.
var Languages = []string{"zh-Hans", "en", "ar"}

// Credentials is the verbs.
type Credentials struct {
	db      *tenancy.DB
	keys    *exchange.Keys
	log     *translog.Log
	docs    *document.Documents
	jobs    *jobs.Jobs
	press   *typeset.Pool // nil in a process that does no jobs
	bundle  *locale.Bundle
	base    string // of links
	named   string // of identifiers
	mappers map[string]Mapper
	now     func() time.Time
}

// Config is what the verbs work with.
type Config struct {
	Keys    *exchange.Keys
	Log     *translog.Log
	Docs    *document.Documents
	Jobs    *jobs.Jobs
	Press   *typeset.Pool
	Bundle  *locale.Bundle
	BaseURL string // address under which people reach the house: of links and QR codes
	// Identity is the address in every DID, and in whatever a credential names by address. It must not change as long as
	// a credential is to be checked; empty: BaseURL.
	Identity string
	Mappers  map[string]Mapper // by kind of record
	Now      func() time.Time
}

// New makes the verbs and registers their worker.
func New(db *tenancy.DB, c Config) *Credentials {
	base := strings.TrimSuffix(c.BaseURL, "/")
	s := &Credentials{db, c.Keys, c.Log, c.Docs, c.Jobs, c.Press, c.Bundle, base, cmp.Or(strings.TrimSuffix(c.Identity, "/"), base), c.Mappers, c.Now}
	jobs.Add(c.Jobs, s.print)
	return s
}

// Issue attests the version of a record that holds now, and starts to make its papers.
func (s *Credentials) Issue(ctx context.Context, o Order) (c Credential, err error) {
	if err := s.check(&o); err != nil {
		return c, err
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return c, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		p, err := exchange.Current(ctx, tx, o.Kind, o.RecordID)
		if errors.Is(err, exchange.ErrNotFound) {
			return ErrNothing
		}
		if err != nil {
			return err
		}
		k, keyID, err := s.key(ctx, tx, o.Algorithm, p.Publisher.Slug)
		if err != nil {
			return err
		}
		var office string
		if err := tx.QueryRow(ctx, `select office from app.tenants where id = $1`, p.Publisher.ID).Scan(&office); err != nil {
			return postgres.Wrap(err, "tenant %s", p.Publisher.Slug)
		}
		content, _ := p.Content.(json.RawMessage)
		now := s.now().UTC().Truncate(time.Second)
		said, err := s.mappers[o.Kind](content, Origin{Base: s.named, DID: DID(s.named, p.Publisher.Slug), Publisher: p.Publisher.Names, Office: office, Record: o.RecordID, On: now})
		if err != nil {
			return err
		}
		c = Credential{
			ID: uuid.New(), Kind: o.Kind, RecordID: o.RecordID, PublicationID: p.ID, Title: said.Title, Algorithm: o.Algorithm, Basis: inShort(said.Basis), Languages: o.Languages,
			Number:   fmt.Sprintf("%s-C-%d-%s", strings.ToUpper(scope.Slug), now.Year(), rand.Text()[:8]),
			IssuedAt: now, ValidUntil: sooner(o.ValidUntil, said.Until), Officer: scope.ActorName, Status: Holds, Since: now,
		}
		var pair map[Purpose]statusList
		if pair, err = s.allot(ctx, tx, &c); err != nil {
			return err
		}
		if c.Token, err = sign(k, s.claims(c, p, said, pair, scope)); err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(c.Token))
		c.SHA256 = sum[:]
		if err := insert(ctx, tx, c, keyID, actor(scope)); err != nil {
			return err
		}
		task, err := s.jobs.Start(ctx, tx, "credential.print", c.ID, Print{c.ID})
		if err != nil {
			return err
		}
		c.TaskID = &task
		if _, err := tx.Exec(ctx, `update app.credentials set task_id = $2 where id = $1`, c.ID, task); err != nil {
			return postgres.Wrap(err, "credential %s", c.Number)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "credential.issue", ObjectKind: "credential", ObjectID: c.ID.String(), After: map[string]any{
			"number": c.Number, "kind": c.Kind, "recordId": c.RecordID, "publicationId": c.PublicationID, "sha256": fmt.Sprintf("%x", c.SHA256)}})
	})
	return c, err
}

func (s *Credentials) check(o *Order) error {
	wrong := problem.ErrInvalid
	if s.mappers[o.Kind] == nil {
		wrong = wrong.At("/kind", codeKind)
	}
	if o.Algorithm == "" {
		o.Algorithm = EdDSA
	}
	if len(o.Languages) == 0 {
		o.Languages = []string{"zh-Hans", "en"}
	}
	for i, l := range o.Languages {
		if !has(Languages, l) {
			wrong = wrong.At("/languages/"+strconv.Itoa(i), codeLanguage)
		}
	}
	if o.ValidUntil != nil && !o.ValidUntil.After(s.now()) {
		wrong = wrong.At("/validUntil", codeUntil)
	}
	return wrong.Or()
}

func actor(s tenancy.Scope) *uuid.UUID {
	if s.Actor == uuid.Nil {
		return nil
	}
	return &s.Actor
}

func sooner(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}

func inShort(basis []Fact) string {
	var all []string
	for _, f := range basis {
		if f.Code != "" {
			all = append(all, f.Code)
		}
	}
	return strings.Join(all, "; ")
}

// key opens the tenant's key of an algorithm.
func (s *Credentials) key(ctx context.Context, tx pgx.Tx, a Algorithm, slug string) (key, string, error) {
	did := DID(s.named, slug)
	if a == ES256 {
		c, err := s.keys.CurveSigner(ctx, tx)
		if err != nil {
			return key{}, "", err
		}
		return key{did + "#" + c.KeyID, a, c.Private()}, c.KeyID, nil
	}
	e, err := s.keys.Signer(ctx, tx)
	if err != nil {
		return key{}, "", err
	}
	id := exchange.KeyID(e.Public)
	return key{did + "#" + id, a, e.Private()}, id, nil
}

// claims are what the token says.
func (s *Credentials) claims(c Credential, p exchange.Publication, said Claims, pair map[Purpose]statusList, scope tenancy.Scope) claimed {
	all := claimed{
		Context: []string{coreContext, said.Context, s.named + giContext}, Type: []string{said.Type, typeVC}, ID: "urn:uuid:" + c.ID.String(),
		Issuer: issuerOf(s.named, p.Publisher), Name: langValues(said.Names), ValidFrom: instant(c.IssuedAt), Subject: said.Subject,
		Certificate: &certificateClaim{
			Number: c.Number, Title: said.Title, Language: said.Language, Demo: p.Publisher.Demo, Officer: c.Officer, Unit: scope.Unit, Basis: said.Basis, Facts: said.Facts,
			Record: recordClaim{Kind: c.Kind, RecordID: c.RecordID.String(), Publication: p.ID.String(), Version: p.Version, SHA256: fmt.Sprintf("%x", p.SHA256)},
		},
	}
	if c.ValidUntil != nil {
		all.ValidUntil = instant(*c.ValidUntil)
	}
	for _, purpose := range Purposes {
		address := listAddress(s.named, pair[purpose].ID)
		index := strconv.Itoa(c.listIndex)
		all.Status = append(all.Status, statusEntry{ID: address + "#" + index, Type: typeEntry, Purpose: string(purpose), Index: index, List: address})
	}
	return all
}

func issuerOf(base string, p exchange.Publisher) issuerClaim {
	name := p.Names["en"]
	if name == "" {
		name = p.Slug
	}
	return issuerClaim{Type: []string{"CredentialIssuer"}, ID: DID(base, p.Slug), Name: name}
}

// Do suspends, resumes or revokes a credential.
func (s *Credentials) Do(ctx context.Context, id uuid.UUID, act Act, reason string) (c Credential, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if c, err = lockByID(ctx, tx, id); err != nil {
			return err
		}
		before := c.Status
		next, err := moves.Next(c.Status, act)
		if err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		if err := setStatus(ctx, tx, c, next, reason, scope.ActorName); err != nil {
			return err
		}
		if c, err = ByID(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "credential." + string(act), ObjectKind: "credential", ObjectID: id.String(),
			Before: map[string]any{"status": before}, After: map[string]any{"status": next, "reason": reason}})
	})
	return c, err
}

// Credential reads one.
func (s *Credentials) Credential(ctx context.Context, id uuid.UUID) (c Credential, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		c, err = ByID(ctx, tx, id)
		return err
	})
	return c, err
}

// History is what happened to a credential, newest first.
func (s *Credentials) History(ctx context.Context, id uuid.UUID) (all []Event, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := ByID(ctx, tx, id); err != nil {
			return err
		}
		all, err = events(ctx, tx, id)
		return err
	})
	return all, err
}

// List lists credentials, newest first.
func (s *Credentials) List(ctx context.Context, f Filter, limit int, cursor string) (found []Credential, next string, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		found, next, err = listCredentials(ctx, tx, f, limit, cursor)
		return err
	})
	return found, next, err
}

// PaperLink makes a short link to a paper.
func (s *Credentials) PaperLink(ctx context.Context, id uuid.UUID, language string, how document.Disposition) (string, time.Time, error) {
	c, err := s.Credential(ctx, id)
	if err != nil {
		return "", time.Time{}, err
	}
	for _, p := range c.Papers {
		if p.Language == language {
			return s.docs.Link(ctx, p.Document, 0, how)
		}
	}
	return "", time.Time{}, ErrNoPaper
}

// StatusLists are the ids of the lists in which the credential has its place, as its token names them.
func (c Credential) StatusLists() []uuid.UUID {
	var ids []uuid.UUID
	t, _ := parse(c.Token)
	said, _ := readClaims(t)
	for _, address := range said.Lists() {
		if id, err := uuid.Parse(address[strings.LastIndex(address, "/")+1:]); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
