package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// PackageKind is the kind of publication that makes an issued data package known; its record is the dossier's build.
const PackageKind = "dossier-package"

// PackageStatus says whether an issued data package still holds.
type PackageStatus string

// The statuses of issued packages.
const (
	Issued     PackageStatus = "issued"
	Superseded PackageStatus = "superseded" // the record has a newer package; this one stays true for its day
	TakenBack  PackageStatus = "withdrawn"
)

// Problems of issued packages.
var (
	ErrNoSuchPackage = problem.New(problem.NotFound, "package.not-found")
	ErrNoAnswer      = problem.New(problem.Unavailable, "package.no-answer")
)

// IssuedPackage is what the public may know of an issued data package.
type IssuedPackage struct {
	SHA256      string // of its manifest, hexadecimal
	Number      string
	IssuedAt    time.Time
	Status      PackageStatus
	WithdrawnAt *time.Time
	Reason      string // why it was withdrawn
	Publisher   Publisher
}

// packageContent is the content of the publication.
type packageContent struct {
	Number   string    `json:"number"`
	SHA256   string    `json:"sha256"`
	IssuedAt time.Time `json:"issuedAt"`
}

// PublishPackage makes known that a data package was issued. Withdraw with PackageKind takes it back.
func PublishPackage(ctx context.Context, tx pgx.Tx, record uuid.UUID, number string, manifest [32]byte, issuedAt time.Time) (ID, error) {
	content := packageContent{Number: number, SHA256: hexed(manifest[:]), IssuedAt: issuedAt.UTC().Truncate(time.Second)}
	id, err := Publish(ctx, tx, Publication{Kind: PackageKind, RecordID: record, Audience: Public, Content: content})
	if err != nil {
		return id, err
	}
	_, err = tx.Exec(ctx, `insert into app.published_packages (publication_id, sha256) values ($1, $2) on conflict do nothing`, id, manifest[:])
	return id, postgres.Wrap(err, "package %s", number)
}

// FindPackage looks an issued package up by the SHA-256 of its manifest. A claim by somebody else to the same hash
// cannot take the place of the first one, and cannot match the key that signed the package.
func FindPackage(ctx context.Context, tx pgx.Tx, manifest []byte) (IssuedPackage, error) {
	rows, _ := tx.Query(ctx, `
		select `+publicationColumns+` from `+publicationTables+` join app.published_packages i on i.tenant_id = p.tenant_id and i.publication_id = p.id
		where i.sha256 = $1 and p.audience = 'public' order by p.published_at, p.id limit 1`, manifest)
	p, err := onePublication(rows)
	if errors.Is(err, ErrNotFound) {
		return IssuedPackage{}, ErrNoSuchPackage
	}
	if err != nil {
		return IssuedPackage{}, err
	}
	var c packageContent
	if err := json.Unmarshal(p.Content.(json.RawMessage), &c); err != nil {
		return IssuedPackage{}, fmt.Errorf("package %x: %w", manifest, err)
	}
	i := IssuedPackage{SHA256: c.SHA256, Number: c.Number, IssuedAt: c.IssuedAt, Status: Issued, WithdrawnAt: p.WithdrawnAt, Reason: p.WithdrawalReason, Publisher: p.Publisher}
	switch {
	case p.WithdrawnAt != nil:
		i.Status = TakenBack
	case p.SupersededAt != nil:
		i.Status = Superseded
	}
	return i, nil
}

// House is another house of this software, asked over the network by `helianthus verify --url`.
type House struct {
	Base   *url.URL
	Client *http.Client
}

// Keys fetches the keys of its publishers.
func (h House) Keys(ctx context.Context) (KeySet, error) {
	var keys KeySet
	err := h.get(ctx, "/api/v1/keys", func(body io.Reader) (err error) {
		keys, err = ReadKeys(body)
		return err
	})
	return keys, err
}

// Ask completes the report of a valid package: whether the publisher knows it and has not taken it back.
func (h House) Ask(ctx context.Context, rep Report) (Report, error) {
	if rep.Verdict != Valid {
		return rep, nil
	}
	var answer struct {
		Status      PackageStatus `json:"status"`
		WithdrawnAt *time.Time    `json:"withdrawnAt"`
		Reason      string        `json:"reason"`
		Publisher   struct {
			Slug string `json:"slug"`
		} `json:"publisher"`
	}
	err := h.get(ctx, "/api/v1/packages/"+rep.ManifestSHA, func(body io.Reader) error { return json.NewDecoder(body).Decode(&answer) })
	rep.Asked = err == nil || errors.Is(err, ErrNoSuchPackage)
	switch {
	case errors.Is(err, ErrNoSuchPackage) || err == nil && answer.Publisher.Slug != rep.Issuer.Tenant:
		rep.Verdict = NotIssued
	case err != nil:
		return rep, err
	case answer.Status == TakenBack:
		rep.Verdict, rep.WithdrawnAt, rep.Reason = Withdrawn, answer.WithdrawnAt, answer.Reason
	}
	return rep, nil
}

func (h House) get(ctx context.Context, path string, read func(io.Reader) error) error {
	address := strings.TrimSuffix(h.Base.String(), "/") + path
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("ask %s: %w", address, err)
	}
	res, err := h.Client.Do(req)
	if err != nil {
		return fmt.Errorf("ask %s: %w: %w", address, ErrNoAnswer, err)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound && strings.HasPrefix(path, "/api/v1/packages/"):
		return ErrNoSuchPackage
	case res.StatusCode != http.StatusOK:
		return fmt.Errorf("ask %s: answer %d: %w", address, res.StatusCode, ErrNoAnswer)
	}
	if err := read(io.LimitReader(res.Body, maxKeyFile)); err != nil {
		return fmt.Errorf("ask %s: %w", address, err)
	}
	return nil
}
