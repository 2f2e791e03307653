package dossier

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/status"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// retention is how long the store keeps issued papers from everybody, the tenant too. Customs and trade disputes come
// years after a shipment; the period is ours, no law is claimed.
const retention = 10 * 365 * 24 * time.Hour

// Contents is the frozen input of a build: all that its papers say. The same contents give the same bytes.
type Contents struct {
	Number       string            `json:"number"`
	Official     bool              `json:"official"`
	Demo         bool              `json:"demo"`
	Day          string            `json:"day"` // RFC 3339 full-date in the issuer's time zone
	Instant      time.Time         `json:"instant"`
	Issuer       map[string]string `json:"issuer"`
	IssuerSlug   string            `json:"issuerSlug"`
	Market       string            `json:"market"`
	Profile      string            `json:"profile"`
	Edition      int               `json:"edition"`
	Languages    []string          `json:"languages"`
	Title        map[string]string `json:"title"`
	Registration registry.Content  `json:"registration"`
	Record       registry.ID       `json:"record"`
	Status       registry.Status   `json:"status"`
	Periods      []registry.Period `json:"periods"`
	Segments     []Segment         `json:"segments"`
	Answers      map[string]Said   `json:"answers"` // of the status check, by language
	Annexes      []AnnexFile       `json:"annexes"`
	Base         string            `json:"base"`
}

// Said is the answer of the status check in one language.
type Said struct {
	Answer   string        `json:"answer"`
	Question string        `json:"question"`
	Text     string        `json:"text"`
	Reasons  []PaperReason `json:"reasons"`
}

// AnnexFile is an annex with the file that it was when the contents were frozen.
type AnnexFile struct {
	Annex
	File      string `json:"file"`
	MediaType string `json:"mediaType"`
	SHA256    string `json:"sha256"`
}

// BuildDossier is the job that makes the papers of a build.
type BuildDossier struct{ Build uuid.UUID }

// Kind names the job.
func (BuildDossier) Kind() string { return "dossier.build" }

// Queue keeps builds from filling the workers of other jobs.
func (BuildDossier) Queue() jobs.Queue { return jobs.Typeset }

// Build freezes the contents as they are and starts to make a draft of the papers.
func (s *Dossiers) Build(ctx context.Context, id uuid.UUID) (Build, error) {
	return s.freeze(ctx, id, func(ctx context.Context, tx pgx.Tx, d *Dossier, _ []Item, at time.Time) (string, error) {
		return "DRAFT-" + at.Format("20060102-150405"), nil
	}, false)
}

// Issue freezes the dossier, gives it its number and starts to make the official papers. Everything required must be
// there. A dossier that this one replaces is superseded in the same moment.
func (s *Dossiers) Issue(ctx context.Context, id uuid.UUID) (View, error) {
	_, err := s.freeze(ctx, id, s.issue, true)
	if err != nil {
		return View{}, err
	}
	return s.View(ctx, id)
}

func (s *Dossiers) issue(ctx context.Context, tx pgx.Tx, d *Dossier, items []Item, at time.Time) (string, error) {
	if _, err := moves.Next(d.Status, Issue); err != nil {
		return "", err
	}
	if err := ready(items); err != nil {
		return "", err
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return "", err
	}
	number, err := nextNumber(ctx, tx, upper(scope.Slug), at.Year())
	if err != nil {
		return "", err
	}
	err = move(ctx, tx, d, Issue, func(d *Dossier) {
		instant := at.UTC()
		d.Number, d.IssuedAt = &number, &instant
	})
	if err != nil || d.Supersedes == nil {
		return number, err
	}
	old, err := lockByID(ctx, tx, *d.Supersedes)
	if err != nil {
		return "", err
	}
	if old.Status != Issued {
		return number, nil // it was withdrawn meanwhile
	}
	if err := move(ctx, tx, &old, Supersede, nil); err != nil {
		return "", err
	}
	return number, withdrawPackages(ctx, tx, old.ID)
}

func upper(slug string) string { return string(bytes.ToUpper([]byte(slug))) }

type numbering func(ctx context.Context, tx pgx.Tx, d *Dossier, items []Item, at time.Time) (string, error)

// freeze writes the contents of a build and starts its job, in one transaction. The status check is asked before, since
// it is a question that anybody may ask; its answer is that of this moment either way.
func (s *Dossiers) freeze(ctx context.Context, id uuid.UUID, number numbering, official bool) (b Build, err error) {
	v, err := s.View(ctx, id)
	if err != nil {
		return b, err
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return b, err
	}
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		d, err := lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if !d.Status.open() {
			return ErrClosed
		}
		c, err := s.contents(ctx, tx, d, scope)
		if err != nil {
			return err
		}
		if c.Number, err = number(ctx, tx, &d, v.Items, c.Instant); err != nil {
			return err
		}
		c.Official = official
		b = Build{DossierID: id, Official: official, Number: c.Number, Files: []BuiltFile{}}
		if err := tx.QueryRow(ctx, `insert into app.builds (dossier_id, official, number, input) values ($1, $2, $3, $4) returning id, created_at`, id, official, c.Number, c).Scan(&b.ID, &b.CreatedAt); err != nil {
			return postgres.Wrap(err, "build of %s", id)
		}
		task, err := s.jobs.Start(ctx, tx, "dossier.build", b.ID, BuildDossier{b.ID})
		if err != nil {
			return err
		}
		b.TaskID = &task
		if _, err := tx.Exec(ctx, `update app.builds set task_id = $2 where id = $1`, b.ID, task); err != nil {
			return postgres.Wrap(err, "build %s", b.ID)
		}
		return audit.Record(ctx, tx, audit.Event{Action: "dossier.build", ObjectKind: "dossier", ObjectID: id.String(), After: b})
	})
	return b, err
}

func (s *Dossiers) contents(ctx context.Context, tx pgx.Tx, d Dossier, scope tenancy.Scope) (c Contents, err error) {
	v, reg, err := read(ctx, tx, d.ID)
	if err != nil {
		return c, err
	}
	var zone string
	if err := tx.QueryRow(ctx, `select names, time_zone from app.tenants where id = $1`, scope.Tenant).Scan(&c.Issuer, &zone); err != nil {
		return c, postgres.Wrap(err, "tenant %s", scope.Slug)
	}
	where, err := time.LoadLocation(zone)
	if err != nil {
		return c, fmt.Errorf("time zone of %s: %w", scope.Slug, err)
	}
	c.Instant = s.now().In(where).Truncate(time.Second)
	c.Day, c.Demo, c.IssuerSlug, c.Base = c.Instant.Format(time.DateOnly), scope.Demo, scope.Slug, s.base
	c.Market, c.Profile, c.Edition, c.Languages, c.Title = d.Market, d.Profile, d.ProfileEdition, d.Languages, d.Title
	c.Registration, c.Record, c.Segments = reg, d.RegistrationID, v.Segments
	if c.Periods, c.Status, err = registry.PeriodsOf(ctx, tx, d.RegistrationID, s.now()); err != nil {
		return c, err
	}
	q, err := status.Ask(reg.Title(), d.Market, nil, "", s.now())
	if err != nil {
		return c, err
	}
	answer, err := status.Check(ctx, s.db, q)
	if err != nil {
		return c, err
	}
	c.Answers = map[string]Said{}
	for _, lang := range d.Languages {
		c.Answers[lang] = s.say(answer, locale.Tag(lang))
	}
	for _, a := range d.Annexes {
		doc, err := document.ByID(ctx, tx, a.DocumentID)
		if err != nil {
			return c, err
		}
		c.Annexes = append(c.Annexes, AnnexFile{Annex: a, File: fmt.Sprintf("%02d-%s", len(c.Annexes)+1, plainName(doc.Current.Filename)), MediaType: doc.Current.MediaType, SHA256: doc.Current.SHA256})
	}
	return c, nil
}

// plainName keeps a file's name to what every archive and system takes.
func plainName(name string) string {
	out := []rune{}
	for _, r := range name {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' || r > 0x2e7f && r < 0xa000 {
			out = append(out, r)
		} else {
			out = append(out, '-')
		}
	}
	if len(out) > 80 {
		out = out[len(out)-80:]
	}
	return string(out)
}

// build makes the papers and the package of a build, keeps them and, for an official one, makes the package known. Done
// twice it makes the same bytes under the same ids, and changes nothing.
func (s *Dossiers) build(ctx context.Context, p *jobs.Progress, args BuildDossier) error {
	var b Build
	var c Contents
	var signer exchange.Signer
	err := s.db.Tx(ctx, func(tx pgx.Tx) (err error) {
		if b, c, err = buildByID(ctx, tx, args.Build); err != nil {
			return err
		}
		signer, err = s.keys.Signer(ctx, tx)
		return err
	})
	if err != nil || b.BuiltAt != nil {
		return err
	}
	annexes, err := s.fetch(ctx, c)
	if err != nil {
		return err
	}
	total := int64(len(c.Languages) + 2)
	var files []exchange.File
	var built []BuiltFile
	for i, lang := range c.Languages {
		p.Step(ctx, "task.step.typesetting")
		p.At(ctx, int64(i), total)
		paper, err := s.compose(c, locale.Tag(lang))
		if err != nil {
			return err
		}
		r, err := printPaper(ctx, s.press, paper, annexes)
		if err != nil {
			return err
		}
		name := "dossier-" + lang + ".pdf"
		f, err := s.keep(ctx, b, name, "application/pdf", r.PDF, c.Official)
		if err != nil {
			return err
		}
		f.Language, f.Pages = lang, r.Pages
		built = append(built, f)
		files = append(files, exchange.File{Path: name, MediaType: "application/pdf", Source: "dossier " + c.Number + ", " + lang, Open: exchange.Bytes(r.PDF)})
		if p.Cancelled() {
			return ctx.Err()
		}
	}
	p.Step(ctx, "task.step.packing")
	p.At(ctx, total-2, total)
	zip, manifest, err := s.pack(ctx, c, signer, files, annexes)
	if err != nil {
		return err
	}
	f, err := s.keep(ctx, b, "dossier-"+c.Number+".zip", "application/zip", zip, c.Official)
	if err != nil {
		return err
	}
	p.At(ctx, total-1, total)
	return s.finish(ctx, b, append(built, f), manifest, c)
}

func (s *Dossiers) fetch(ctx context.Context, c Contents) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, a := range c.Annexes {
		r, _, err := s.docs.Open(ctx, a.DocumentID)
		if err != nil {
			return nil, fmt.Errorf("annex %s: %w", a.File, err)
		}
		b, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, fmt.Errorf("annex %s: %w", a.File, err)
		}
		files[a.File] = b
	}
	return files, nil
}

// keep stores a file under an id that follows from the build and the name, so that doing it again stores nothing new.
func (s *Dossiers) keep(ctx context.Context, b Build, name, mediaType string, content []byte, official bool) (BuiltFile, error) {
	f := document.File{ID: uuid.NewSHA1(b.ID, []byte(name)), Filename: b.Number + " " + name, MediaType: mediaType, Purpose: "dossier-build", Content: content}
	if official {
		f.RetainUntil = b.CreatedAt.Add(retention)
	}
	d, err := s.docs.Put(ctx, f)
	if err != nil {
		return BuiltFile{}, err
	}
	return BuiltFile{Name: name, MediaType: mediaType, Size: int64(len(content)), SHA256: d.Current.SHA256, Document: d.ID}, nil
}

func (s *Dossiers) pack(ctx context.Context, c Contents, signer exchange.Signer, files []exchange.File, annexes map[string][]byte) ([]byte, [32]byte, error) {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return nil, [32]byte{}, err
	}
	files = append(files, exchange.File{Path: "dossier.json", MediaType: "application/json", Source: "dossier " + c.Number, Open: exchange.Bytes(data)})
	for _, a := range c.Annexes {
		files = append(files, exchange.File{Path: "annexes/" + a.File, MediaType: a.MediaType, Source: "document " + a.DocumentID.String(), Open: exchange.Bytes(annexes[a.File])})
	}
	var zip bytes.Buffer
	manifest, err := exchange.NewPacker(s.bundle).Pack(ctx, &zip, signer, exchange.Package{Number: c.Number, IssuedAt: c.Instant, BaseURL: c.Base, Files: files})
	return zip.Bytes(), manifest, err
}

func (s *Dossiers) finish(ctx context.Context, b Build, files []BuiltFile, manifest [32]byte, c Contents) error {
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update app.builds set files = $2, manifest_sha256 = $3, built_at = now() where id = $1 and built_at is null`, b.ID, files, manifest[:])
		if err != nil || tag.RowsAffected() == 0 {
			return postgres.Wrap(err, "build %s", b.ID)
		}
		if !c.Official {
			return nil
		}
		d, err := lockByID(ctx, tx, b.DossierID)
		if err != nil {
			return err
		}
		if _, err := exchange.PublishPackage(ctx, tx, b.ID, c.Number, manifest, c.Instant); err != nil {
			return err
		}
		if d.Status == Issued {
			return nil
		}
		return withdrawPackages(ctx, tx, d.ID) // withdrawn or superseded while the press ran
	})
}

func withdrawPackages(ctx context.Context, tx pgx.Tx, dossier uuid.UUID) error {
	all, err := builds(ctx, tx, dossier)
	if err != nil {
		return err
	}
	for _, b := range all {
		if b.Official {
			if err := exchange.Withdraw(ctx, tx, "dossier-package", b.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// Withdraw withdraws a dossier with a reason; issued packages are withdrawn for everybody who checks them.
func (s *Dossiers) Withdraw(ctx context.Context, id uuid.UUID, reason string) (View, error) {
	err := s.db.Tx(ctx, func(tx pgx.Tx) error {
		d, err := lockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		err = move(ctx, tx, &d, Withdraw, func(d *Dossier) {
			now := s.now().UTC()
			d.WithdrawnAt, d.WithdrawnWhy = &now, reason
		})
		if err != nil {
			return err
		}
		return withdrawPackages(ctx, tx, id)
	})
	if err != nil {
		return View{}, err
	}
	return s.View(ctx, id)
}

// Builds lists what was built of a dossier, newest first.
func (s *Dossiers) Builds(ctx context.Context, id uuid.UUID) (bs []Build, err error) {
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		if _, err := ByID(ctx, tx, id); err != nil {
			return err
		}
		bs, err = builds(ctx, tx, id)
		return err
	})
	return bs, err
}

// File makes a short link to a file of a build.
func (s *Dossiers) File(ctx context.Context, dossier, build uuid.UUID, name string, how document.Disposition) (string, time.Time, error) {
	all, err := s.Builds(ctx, dossier)
	if err != nil {
		return "", time.Time{}, err
	}
	for _, b := range all {
		for _, f := range b.Files {
			if b.ID == build && f.Name == name {
				return s.docs.Link(ctx, f.Document, 0, how)
			}
		}
	}
	return "", time.Time{}, ErrFile
}
