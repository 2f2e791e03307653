package credential

import (
	"context"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

//go:embed template/*.typ
var templates embed.FS

// archival is PDF/A-3 with tags: accessible, self-contained, and it may carry attachments (ISO 19005-3).
const archival = "a-3a"

// retention is how long the store keeps certificates from everybody; as with dossiers the period is ours.
const retention = 10 * 365 * 24 * time.Hour

// Print is the job that makes the papers of a credential.
type Print struct{ Credential uuid.UUID }

// Kind names the job.
func (Print) Kind() string { return "credential.print" }

// Queue keeps papers from filling the workers of other jobs.
func (Print) Queue() jobs.Queue { return jobs.Typeset }

// sheet is everything that stands in the paper, words included; the template adds nothing.
type sheet struct {
	typeset.Sheet
	Original string       `json:"original"` // the record's own language; empty where it is the paper's
	Number   string       `json:"number"`
	Title    string       `json:"title"`
	Spoken   string       `json:"titleLanguage"`
	Kind     sheetText    `json:"kind"`
	Issuer   sheetText    `json:"issuer"`
	Demo     bool         `json:"demo"`
	Lead     string       `json:"lead"`
	Groups   []sheetGroup `json:"groups"`
	Steps    []string     `json:"steps"`
	Checks   []sheetRow   `json:"checks"`
	QR       []string     `json:"qr"`
	Seal     string       `json:"seal"`
	Attached []sheetFile  `json:"attached"`
}

// sheetText is a text in the paper's language and, beside it, in the record's own.
type sheetText struct {
	Text     string `json:"text"`
	Language string `json:"language"` // BCP 47; empty: the paper's
	Original string `json:"original"` // empty: there is none, or it is the same
}

type sheetRow struct {
	Label sheetText `json:"label"`
	Value sheetText `json:"value"`
	Code  string    `json:"code"`
}

type sheetGroup struct {
	Title sheetText  `json:"title"`
	Rows  []sheetRow `json:"rows"`
}

type sheetFile struct {
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Title     string `json:"title"`
}

// print makes the papers of a credential.
func (s *Credentials) print(ctx context.Context, p *jobs.Progress, args Print) error {
	return s.makePapers(ctx, args.Credential, func(done, total int) {
		p.Step(ctx, "task.step.typesetting")
		p.At(ctx, int64(done), int64(total))
	})
}

// makePapers makes the papers of a credential that holds. A credential whose papers are made is left alone.
func (s *Credentials) makePapers(ctx context.Context, id uuid.UUID, tell func(done, total int)) error {
	var c Credential
	var pair map[Purpose]statusList
	var signer exchange.Signer
	err := s.db.Tx(ctx, func(tx pgx.Tx) (err error) {
		if c, err = ByID(ctx, tx, id); err != nil {
			return err
		}
		if pair, err = pairOf(ctx, tx, c.listNumber); err != nil {
			return err
		}
		signer, err = s.keys.Signer(ctx, tx)
		return err
	})
	if err != nil || len(c.Papers) > 0 || c.Status == Revoked {
		return err // what was revoked meanwhile gets no paper
	}
	files, logged, err := s.attachments(ctx, c, pair)
	if err != nil {
		return err
	}
	papers := make([]Paper, len(c.Languages))
	for i, lang := range c.Languages {
		tell(i, len(c.Languages))
		if papers[i], err = s.paper(ctx, c, locale.Tag(lang), files, logged, signer); err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update app.credentials set papers = $2 where id = $1`, c.ID, papers)
		return postgres.Wrap(err, "papers of %s", c.Number)
	})
}

// attachments are what the paper carries, by file name, and the record's place in the log.
func (s *Credentials) attachments(ctx context.Context, c Credential, pair map[Purpose]statusList) (map[string][]byte, int64, error) {
	proof, err := s.log.Prove(ctx, c.PublicationID)
	if err != nil {
		return nil, 0, err // log.not-yet is tried again
	}
	files := map[string][]byte{tokenFile: []byte(c.Token), proofFile: []byte(proof.TLog)}
	for purpose, name := range map[Purpose]string{Revocation: revocationFile, Suspension: suspensionFile} {
		signed, err := s.SignedList(ctx, pair[purpose].ID)
		if err != nil {
			return nil, 0, err
		}
		files[name] = []byte(signed)
	}
	if proof.Salt != nil {
		opening, err := json.Marshal(map[string]string{"opened": string(proof.Opened), "salt": base64.StdEncoding.EncodeToString(proof.Salt)})
		if err != nil {
			return nil, 0, err
		}
		files[openingFile] = opening
	}
	return files, proof.Index, nil
}

// paper sets, seals and keeps the paper in one language.
func (s *Credentials) paper(ctx context.Context, c Credential, tag locale.Tag, files map[string][]byte, logged int64, signer exchange.Signer) (Paper, error) {
	keyID := exchange.KeyID(signer.Public)
	sh, err := s.sheet(c, tag, files, logged, keyID)
	if err != nil {
		return Paper{}, err
	}
	r, err := setSheet(ctx, s.press, sh, files)
	if err != nil {
		return Paper{}, fmt.Errorf("certificate %s %s: %w", c.Number, tag, err)
	}
	pdf, err := seal(r.PDF, keyID, signer.Sign)
	if err != nil {
		return Paper{}, fmt.Errorf("certificate %s %s: %w", c.Number, tag, err)
	}
	name := c.Number + " " + string(tag) + ".pdf"
	d, err := s.docs.Put(ctx, document.File{
		ID: uuid.NewSHA1(c.ID, []byte(tag)), Filename: name, MediaType: "application/pdf", Purpose: "credential", Content: pdf, RetainUntil: c.IssuedAt.Add(retention),
	})
	if err != nil {
		return Paper{}, err
	}
	return Paper{Language: string(tag), Document: d.ID, SHA256: d.Current.SHA256, Pages: r.Pages}, nil
}

func setSheet(ctx context.Context, press *typeset.Pool, sh sheet, files map[string][]byte) (typeset.Result, error) {
	return press.Set(ctx, typeset.Job{Template: templates, Main: "certificate.typ", Files: files, Standard: archival}, &sh)
}
