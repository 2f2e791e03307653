package marks

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// producerImport is the name of producers among what files become.
const producerImport = "mark-producers"

// ListImport is what is said of a file of producers: of which registration's mark they are the producers, which list it is, and from which
// day those who are new are counted.
type ListImport struct {
	RegistrationID uuid.UUID `json:"registrationId"`
	Source         string    `json:"source"`
	ListedOn       string    `json:"listedOn"`
}

// Import starts to read a file of producers for its preview; the rest is an import as any other (registry.Imports).
func (s *Usages) Import(ctx context.Context, doc uuid.UUID, o ListImport) (registry.Import, error) {
	err := s.db.Read(ctx, func(tx pgx.Tx) error {
		_, err := registry.ByID(ctx, tx, registry.ID(o.RegistrationID.String()))
		return err
	})
	if err != nil {
		return registry.Import{}, err
	}
	return s.imports.BeginTo(ctx, producerImport, o, doc, registry.Mapping{})
}

// The words that files have for fields, and for yes and no.
//
//go:embed data/words.csv
var wordFile string

var (
	words = registry.Words(wordFile)
	yes   = words.Of("yes")
)

// producerRow is what a line of a file says of a producer.
type producerRow struct {
	CreditCode string `json:"creditCode"`
	Name       string `json:"name,omitempty"`
	Township   string `json:"township,omitempty"`
	Exports    string `json:"exports,omitempty"` // yes or no
	Excluded   string `json:"excluded,omitempty"`
}

// producerTarget says how files of producers are read and written.
func producerTarget() registry.Target {
	return registry.Target{
		Name: producerImport, Needed: []string{"creditCode", "name"}, Sparse: true, Read: readProducer, Existing: existingProducers, Write: writeProducers,
		Fields: []registry.TargetField{
			{Key: "creditCode", Headings: words.Headings("creditCode"), Most: 40},
			{Key: "name", Headings: words.Headings("name"), Most: 300},
			{Key: "township", Headings: words.Headings("township"), Most: 100},
			{Key: "exports", Headings: words.Headings("exports"), Read: func(said string) (string, string) {
				if said == "" {
					return "", ""
				}
				if word, ok := yes[registry.NameKey(said)]; ok {
					return word, ""
				}
				return said, registry.CodeKind
			}},
			{Key: "excluded", Headings: words.Headings("excluded"), Most: 300},
		},
	}
}

// readProducer makes a producer of a row. What is checked of each is checked here too.
func readProducer(values map[string]string) (registry.TargetRow, []registry.RowProblem) {
	var wrong []registry.RowProblem
	r := producerRow{CreditCode: values["creditCode"], Name: values["name"], Township: values["township"], Exports: values["exports"], Excluded: values["excluded"]}
	f := r.facts(ProducerFacts{Source: producerImport})
	if p, ok := problem.As(f.Check()); ok {
		for _, d := range p.Details {
			wrong = append(wrong, registry.RowProblem{Pointer: strings.TrimPrefix(d.Pointer, "/"), Code: d.Code, Values: d.Values})
		}
	}
	r.CreditCode = string(f.CreditCode)
	if word, ok := yes[registry.NameKey(r.Exports)]; ok {
		r.Exports = word
	} else if r.Exports != "" {
		wrong = append(wrong, registry.RowProblem{Pointer: "exports", Code: registry.CodeKind, Values: map[string]any{"Said": r.Exports}})
	}
	content, err := json.Marshal(r)
	if err != nil {
		panic(err) // texts are always JSON
	}
	return registry.TargetRow{Identity: r.CreditCode, Title: r.Name, Content: content}, wrong
}

// facts puts what a row says over what is known.
func (r producerRow) facts(f ProducerFacts) ProducerFacts {
	f.CreditCode = CreditCode(cmp.Or(r.CreditCode, string(f.CreditCode)))
	f.Name, f.Township, f.Excluded = cmp.Or(r.Name, f.Name), cmp.Or(r.Township, f.Township), cmp.Or(r.Excluded, f.Excluded)
	if r.Exports != "" {
		f.Exports = r.Exports == "yes"
	}
	return f
}

func optionsOf(i registry.Import) (o ListImport, day time.Time, err error) {
	if err := json.Unmarshal(i.Options, &o); err != nil {
		return o, day, fmt.Errorf("import %s: %w", i.ID, err)
	}
	day, err = time.Parse(time.DateOnly, o.ListedOn)
	return o, day, err
}

// producersOfSQL finds the producers of a registration by their codes.
const producersOfSQL = `select ` + producerColumns + ` from app.mark_producers p where p.registration_id = $1 and p.credit_code = any ($2)`

func byCode(rows pgx.Rows) (map[string]Producer, error) {
	found, err := pgx.CollectRows(rows, scanProducer)
	have := map[string]Producer{}
	for _, p := range found {
		have[string(p.CreditCode)] = p
	}
	return have, postgres.Wrap(err, "mark producers of an import")
}

func existingProducers(ctx context.Context, tx pgx.Tx, i registry.Import, identities []string) (map[string]registry.TargetRecord, error) {
	o, _, err := optionsOf(i)
	if err != nil {
		return nil, err
	}
	rows, _ := tx.Query(ctx, producersOfSQL, o.RegistrationID, identities)
	found, err := byCode(rows)
	if err != nil {
		return nil, err
	}
	have := map[string]registry.TargetRecord{}
	for code, p := range found {
		r := producerRow{CreditCode: code, Name: p.Name, Township: p.Township, Exports: "no", Excluded: p.Excluded}
		if p.Exports {
			r.Exports = "yes"
		}
		content, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		have[code] = registry.TargetRecord{ID: new(p.ID.String()), Content: content}
	}
	return have, nil
}

// writeProducers writes an import: who is new is counted from the day that the import names, who is there is changed.
func writeProducers(ctx context.Context, tx pgx.Tx, i registry.Import) (w registry.TargetWriter, err error) {
	o, day, err := optionsOf(i)
	if err != nil {
		return w, err
	}
	scope, err := tenancy.From(ctx)
	if err != nil {
		return w, err
	}
	w.Rows = func(rows []registry.TargetRecord) error {
		said, codes := make([]producerRow, len(rows)), make([]string, len(rows))
		for n, r := range rows {
			if err := json.Unmarshal(r.Content, &said[n]); err != nil {
				return fmt.Errorf("import %s: %w", i.ID, err)
			}
			codes[n] = said[n].CreditCode
		}
		there, _ := tx.Query(ctx, producersOfSQL+` for update`, o.RegistrationID, codes)
		have, err := byCode(there)
		if err != nil {
			return err
		}
		for n, r := range said {
			p, there := have[r.CreditCode]
			if there != (rows[n].ID != nil) { // somebody entered it since the preview
				return registry.ErrImportState
			}
			if there {
				p.ProducerFacts = r.facts(p.ProducerFacts)
				p.Source = o.Source
				_, err = saveProducer(ctx, tx, p, scope.ActorName)
			} else {
				_, err = insertProducer(ctx, tx, o.RegistrationID, r.facts(ProducerFacts{ListedOn: day, Source: o.Source}), scope.ActorName)
			}
			if errors.Is(err, ErrProducerListed) {
				return registry.ErrImportState
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	w.End = func() error { return nil }
	return w, nil
}
