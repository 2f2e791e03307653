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

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/registry"
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
		return withdrawPackages(ctx, tx, d.ID, d.WithdrawnWhy) // withdrawn or superseded while the press ran
	})
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
