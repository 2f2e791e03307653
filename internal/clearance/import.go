package clearance

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// importTarget is the name of earlier marks among what files become.
const importTarget = "earlier-marks"

// ListImport is what is said of a file of marks: the list that its rows go into, and whether marks that the list has and the file has
// not are taken away.
type ListImport struct {
	List    string `json:"list"`
	Source  string `json:"source"`
	TakenOn string `json:"takenOn"`
	Replace bool   `json:"replace"`
}

// Import starts to read a file of marks for its preview; the rest is an import as any other (registry.Imports).
func (s *Marks) Import(ctx context.Context, doc uuid.UUID, o ListImport) (registry.Import, error) {
	return s.imports.BeginTo(ctx, importTarget, o, doc, registry.Mapping{})
}

// The words that files have for fields, kinds and statuses, and ours for them.
//
//go:embed data/words.csv
var wordFile string

var words = registry.Words(wordFile)

var kinds, statuses = words.Of("kind"), words.Of("status")

// target says how files of marks are read and written.
func target() registry.Target {
	return registry.Target{
		Name: importTarget, Needed: []string{"sign", "kind"}, Read: readMark, Existing: existingMarks, Write: writeImport,
		Fields: []registry.TargetField{
			{Key: "sign", Headings: words.Headings("sign"), Most: 300},
			{Key: "transcription", Headings: words.Headings("transcription"), Most: 300},
			{Key: "translation", Headings: words.Headings("translation"), Most: 300},
			{Key: "kind", Headings: words.Headings("kind"), Read: func(said string) (string, string) {
				if kind, ok := kinds[registry.NameKey(said)]; ok {
					return kind, ""
				}
				return said, registry.CodeKind
			}},
			{Key: "office", Headings: words.Headings("office"), Like: "office"},
			{Key: "number", Headings: words.Headings("number"), Like: "number"},
			{Key: "holder", Headings: words.Headings("holder"), Most: 300},
			{Key: "classes", Headings: words.Headings("classes"), Read: readMarkClasses},
			{Key: "priorityOn", Headings: words.Headings("priorityOn"), Like: "registeredOn"},
			{Key: "status", Headings: words.Headings("status"), Read: func(said string) (string, string) {
				if status, ok := statuses[registry.NameKey(said)]; ok {
					return status, ""
				}
				return string(MarkUnknown), registry.CodeReadAs
			}},
		},
	}
}

// gazetteClass is a class as Chinese gazettes write it.
var gazetteClass = regexp.MustCompile(`^\x{7b2c}?\s*(\d{1,2})\s*\x{7c7b}?$`)

// readMarkClasses reads classes as registers of marks write them, 5, 05, 第31类, or with their scheme. A number alone is of the Nice Classification,
// which ends with class 45.
func readMarkClasses(said string) (read, code string) {
	var all []string
	for part := range strings.FieldsFuncSeq(said, func(r rune) bool { return strings.ContainsRune(";,、；，|/\n", r) }) {
		part = strings.TrimSpace(part)
		number := part
		if m := gazetteClass.FindStringSubmatch(part); m != nil {
			number = m[1]
		}
		switch n, err := strconv.Atoi(number); {
		case part == "":
		case err == nil && n >= 1 && n <= 45:
			all = append(all, "nice:"+strconv.Itoa(n))
		case strings.Contains(part, ":"):
			all = append(all, part)
		default:
			return said, registry.CodeClass
		}
	}
	return strings.Join(all, "; "), ""
}

// readMark makes a mark of a row. What is checked of each is checked here too.
func readMark(values map[string]string) (registry.TargetRow, []registry.RowProblem) {
	var wrong []registry.RowProblem
	m := MarkFacts{Kind: Right(cmp.Or(kinds[registry.NameKey(values["kind"])], values["kind"])), Sign: values["sign"], Script: scriptOf(values["sign"]), Transcription: values["transcription"],
		Translation: values["translation"], Office: strings.ToUpper(values["office"]), Number: values["number"], Holder: values["holder"], PriorityOn: values["priorityOn"],
		Status: MarkStatus(cmp.Or(statuses[registry.NameKey(values["status"])], string(MarkUnknown)))}
	for part := range strings.SplitSeq(values["classes"], ";") {
		if scheme, code, ok := strings.Cut(strings.TrimSpace(part), ":"); ok {
			m.Classes = append(m.Classes, strings.ToLower(scheme)+"|"+code)
		}
	}
	slices.Sort(m.Classes)
	m.Classes = slices.Compact(m.Classes)
	if p, ok := problem.As(m.Check()); ok {
		for _, d := range p.Details {
			wrong = append(wrong, registry.RowProblem{Pointer: strings.TrimPrefix(d.Pointer, "/"), Code: d.Code, Values: d.Values})
		}
	}
	// What somebody says for all rows comes as it was said.
	if !slices.Contains(MarkKinds, m.Kind) && kinds[registry.NameKey(values["kind"])] == "" {
		wrong = append(wrong, registry.RowProblem{Pointer: "kind", Code: registry.CodeKind, Values: map[string]any{"Said": values["kind"]}})
	}
	if _, err := time.Parse(time.DateOnly, m.PriorityOn); err != nil && m.PriorityOn != "" {
		wrong = append(wrong, registry.RowProblem{Pointer: "priorityOn", Code: registry.CodeDay, Values: map[string]any{"Said": m.PriorityOn}})
	}
	content, err := json.Marshal(m)
	if err != nil {
		panic(err) // texts are always JSON
	}
	return registry.TargetRow{Identity: m.identity(), Title: m.Sign, Content: content}, wrong
}

func optionsOf(i registry.Import) (o ListImport, day time.Time, err error) {
	if err := json.Unmarshal(i.Options, &o); err != nil {
		return o, day, fmt.Errorf("import %s: %w", i.ID, err)
	}
	day, err = time.Parse(time.DateOnly, o.TakenOn)
	return o, day, err
}

// existingMarks finds the marks of the list that rows may be.
func existingMarks(ctx context.Context, tx pgx.Tx, i registry.Import, identities []string) (map[string]registry.TargetRecord, error) {
	o, _, err := optionsOf(i)
	if err != nil {
		return nil, err
	}
	rows, _ := tx.Query(ctx, `select `+markColumns+markRows+` where l.name = $1 and m.identity = any ($2)`, o.List, identities)
	found, err := pgx.CollectRows(rows, scanMark)
	if err != nil {
		return nil, postgres.Wrap(err, "marks of %s", o.List)
	}
	have := map[string]registry.TargetRecord{}
	for _, m := range found {
		content, err := json.Marshal(m.MarkFacts)
		if err != nil {
			return nil, err
		}
		have[m.identity()] = registry.TargetRecord{ID: new(m.ID.String()), Content: content}
	}
	return have, nil
}

// writeImport makes the list, or its next version, and takes the rows. Of a list that is replaced the marks go that the file has not.
func writeImport(ctx context.Context, tx pgx.Tx, i registry.Import) (w registry.TargetWriter, err error) {
	o, day, err := optionsOf(i)
	if err != nil {
		return w, err
	}
	list, err := listNamed(ctx, tx, o.List, o.Source, day)
	if err != nil {
		return w, err
	}
	w.Rows = func(rows []registry.TargetRecord) error {
		facts, ids := make([]MarkFacts, len(rows)), make([]*string, len(rows))
		for n, r := range rows {
			if err := json.Unmarshal(r.Content, &facts[n]); err != nil {
				return fmt.Errorf("import %s: %w", i.ID, err)
			}
			ids[n] = r.ID
		}
		err := writeMarks(ctx, tx, list, &i.ID, facts, ids)
		if errors.Is(err, ErrMarkInList) { // somebody entered it since the preview
			return registry.ErrImportState
		}
		return err
	}
	w.End = func() error {
		if !o.Replace {
			return nil
		}
		_, err := tx.Exec(ctx, `delete from app.earlier_marks m where m.list_id = $1 and m.import_id is distinct from $2
			and not exists (select from app.import_rows r where r.tenant_id = m.tenant_id and r.import_id = $2 and r.fate in ('same', 'changed') and r.registration_id = m.id)`, list, i.ID)
		return postgres.Wrap(err, "list %s of earlier marks", list)
	}
	return w, nil
}
