package recognition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// NameFate is what becomes of a row of a list, as far as can be said before anybody decides.
type NameFate string

// The fates of rows.
const (
	NameFound     NameFate = "found"     // one published registration carries it
	NameAmbiguous NameFate = "ambiguous" // several do: somebody has to choose
	NameNotFound  NameFate = "not-found" // none does: a case can be opened all the same
	NameInWave    NameFate = "in-wave"   // the wave has it
	NameHasCase   NameFate = "has-case"  // a case of it is open, which can join the wave
	NameDouble    NameFate = "double"    // a row above says the same
	NameWrong     NameFate = "wrong"     // it cannot be taken as it is
	mostFound              = 20          // registrations that are shown of one name
	mostListBytes          = 20 << 20    // of a file with so few names
)

// WaveList is a list of names for a wave: a file that was uploaded, or what was pasted.
type WaveList struct {
	Document *uuid.UUID
	Text     string
	Form     registry.ListForm
	Language string // of names whose row does not say
	Alike    Opening
}

// RowFate is a row of a list with what becomes of it.
type RowFate struct {
	Row      int
	Fate     NameFate
	Name     WaveName
	Case     *CaseID
	Found    []FoundName
	Findings []registry.RowProblem
}

// FoundName is a published registration that carries a name, as its register writes it.
type FoundName struct {
	WaveName
	Number string
}

// Preview reads a list and says of each row what becomes of it; nothing is written. It returns problem.ErrInvalid, what
// registry.ReadNames does, document.ErrNotFound or document.ErrNotReady.
func (s *Waves) Preview(ctx context.Context, id WaveID, in WaveList) (list registry.NameList, rows []RowFate, err error) {
	if _, err := s.Read(ctx, id); err != nil {
		return list, nil, err
	}
	content, err := s.listed(ctx, in)
	if err != nil {
		return list, nil, err
	}
	if list, err = registry.ReadNames(bytes.NewReader(content), int64(len(content)), in.Form, MostInWave); err != nil {
		return list, nil, err
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		w, err := waveByID(ctx, tx, id)
		if err != nil {
			return err
		}
		found, err := publishedUnder(ctx, tx, in.Alike.OriginOffice, keysOf(list.Rows))
		if err != nil {
			return err
		}
		open, err := openCases(ctx, tx, in.Alike.Case)
		if err != nil {
			return err
		}
		rows = fates(list.Rows, in, w, found, open)
		return nil
	})
	return list, rows, err
}

// listed is the list as bytes.
func (s *Waves) listed(ctx context.Context, in WaveList) ([]byte, error) {
	if in.Document == nil {
		if strings.TrimSpace(in.Text) == "" {
			return nil, problem.ErrInvalid.At("/text", codeEmptyWave)
		}
		return []byte(in.Text), nil
	}
	r, _, err := s.docs.Open(ctx, *in.Document)
	if errors.Is(err, document.ErrNotFound) {
		return nil, problem.ErrInvalid.At("/documentId", codeNoDocument)
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, mostListBytes+1))
	if err == nil && len(b) > mostListBytes {
		return nil, registry.ErrFileLarge
	}
	return b, err
}

func keysOf(rows []registry.ListedName) (keys []string) {
	for _, r := range rows {
		keys = append(keys, registry.NameKey(r.Name))
	}
	return keys
}

// publishedUnder finds the registrations of an office that are published to everybody and hold, by the keys of all their names.
func publishedUnder(ctx context.Context, tx pgx.Tx, office string, keys []string) (map[string][]FoundName, error) {
	rows, _ := tx.Query(ctx, `
		select n.name_key, p.tenant_id, p.record_id, p.said -> 'names', coalesce(p.said #>> '{bases,0,number}', '')
		from app.published_names n join app.publications p on p.tenant_id = n.tenant_id and p.id = n.publication_id
		where n.name_key = any ($1) and p.kind = 'registration' and p.audience = 'public' and p.superseded_at is null and p.withdrawn_at is null
			and p.said ->> 'office' = $2 and p.said ->> 'status' <> all ($3)
		group by n.name_key, p.tenant_id, p.record_id, p.said order by p.record_id limit $4`, keys, office, ended, MostInWave*mostFound)
	found := map[string][]FoundName{}
	var key string
	var names []registry.Name
	var f FoundName
	var link Link
	_, err := pgx.ForEachRow(rows, []any{&key, &link.Publisher, &link.Record, &names, &f.Number}, func() error {
		f.Registration = new(link)
		f.Name, f.Language, f.Forms = "", "", nil
		for _, n := range names {
			if n.Kind == registry.Original && f.Name == "" {
				f.Name, f.Language = n.Text, n.Language
			} else {
				f.Forms = append(f.Forms, Form{Text: n.Text, Language: n.Language, Kind: FormKind(n.Kind), Scheme: n.Scheme})
			}
		}
		names = nil
		found[key] = append(found[key], f)
		return nil
	})
	return found, postgres.Wrap(err, "registrations of a list")
}

// openCases are the cases of the same way under the same instrument that go on, by the keys of all their names.
func openCases(ctx context.Context, tx pgx.Tx, alike Case) (map[string]CaseID, error) {
	rows, _ := tx.Query(ctx, `
		select c.id, c.form_keys from app.recognition_cases c
		join app.procedures p on p.tenant_id = c.tenant_id and p.instrument_id = c.instrument_id and p.version = c.procedure_version
		where c.market = $1 and c.origin_office = $2 and c.state <> all ($3)
			and p.instrument ->> 'code' = (select i.code from app.instruments i where i.id = $4)`, alike.Market, alike.OriginOffice, terminalStates(), alike.InstrumentID)
	open := map[string]CaseID{}
	var id CaseID
	var keys string
	_, err := pgx.ForEachRow(rows, []any{&id, &keys}, func() error {
		for key := range strings.SplitSeq(keys, "\n") {
			open[key] = id
		}
		return nil
	})
	return open, postgres.Wrap(err, "open cases of a list")
}

// fates says of each row what becomes of it.
func fates(rows []registry.ListedName, in WaveList, w Wave, found map[string][]FoundName, open map[string]CaseID) []RowFate {
	seen, inWave := map[string]bool{}, w.nameKeys()
	all := make([]RowFate, 0, len(rows))
	for _, r := range rows {
		key := registry.NameKey(r.Name)
		f := RowFate{Row: r.Row, Fate: NameNotFound, Name: nameOf(r, in.Language), Findings: r.Findings, Found: numbered(found[key], r.Number)}
		switch id, has := open[key]; {
		case r.Broken() || key == "":
			f.Fate = NameWrong
		case seen[key]:
			f.Fate = NameDouble
		case inWave[key]:
			f.Fate = NameInWave
		case has:
			f.Fate, f.Case = NameHasCase, &id
		case len(f.Found) == 1:
			f.Fate, f.Name = NameFound, f.Found[0].WaveName
		case len(f.Found) > 1:
			f.Fate = NameAmbiguous
		}
		seen[key] = true
		all = append(all, f)
	}
	return all
}

// nameKeys are all forms of all names of a wave.
func (w Wave) nameKeys() map[string]bool {
	keys := map[string]bool{}
	for _, m := range w.Members {
		for key := range strings.SplitSeq(nameKeys(m.Case), "\n") {
			keys[key] = true
		}
	}
	return keys
}

// numbered are the registrations of that number, when the list has one that is known; else all of them.
func numbered(found []FoundName, number string) []FoundName {
	same := slices.DeleteFunc(slices.Clone(found), func(f FoundName) bool { return number == "" || f.Number != number })
	if len(same) > 0 {
		return same
	}
	return found[:min(len(found), mostFound)]
}

// nameOf is the name of a row as a case would have it.
func nameOf(r registry.ListedName, language string) WaveName {
	n := WaveName{Name: r.Name, Language: r.Language}
	if language != "" && (n.Language == "" || strings.HasPrefix(n.Language, "und")) {
		n.Language = language
	}
	for _, f := range r.Forms {
		n.Forms = append(n.Forms, Form{Text: f.Text, Language: f.Language, Kind: FormKind(f.Kind), Scheme: f.Scheme})
	}
	return n
}

// Add adds cases to version of a wave, and names whose cases it opens: all of them or none. It returns problem.ErrStale when
// the wave was changed since it was read, or problem.ErrInvalid with what is wrong with each.
func (s *Waves) Add(ctx context.Context, id WaveID, version int, o WaveOpening) (w Wave, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		if w, err = lockWave(ctx, tx, id, version); err != nil {
			return err
		}
		if err := o.check(); err != nil {
			return err
		}
		if n := len(w.Members) + len(o.Cases) + len(o.Names); n > MostInWave {
			return problem.ErrInvalid.At("/names", codeFullWave, "Most", MostInWave)
		}
		wrong := problem.ErrInvalid
		for n, c := range o.Cases {
			if w.has(c) {
				wrong = wrong.At(fmt.Sprintf("/caseIds/%d", n), codeInWave)
			}
		}
		if err := wrong.Or(); err != nil {
			return err
		}
		ids, err := s.members(ctx, tx, o)
		if err != nil {
			return err
		}
		if err := bundle(ctx, tx, id, ids); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update app.waves set version = version + 1 where id = $1`, id); err != nil {
			return postgres.Wrap(err, "wave %s", id)
		}
		if err := audit.Record(ctx, tx, audit.Event{Action: "wave.add", ObjectKind: "wave", ObjectID: id.String(), After: map[string]any{"cases": len(ids), "opened": len(o.Names)}}); err != nil {
			return err
		}
		w, err = waveByID(ctx, tx, id)
		return err
	})
	return w, err
}

// bundle puts cases behind those that a wave has.
func bundle(ctx context.Context, tx pgx.Tx, id WaveID, cases []CaseID) error {
	_, err := tx.Exec(ctx, `
		insert into app.wave_cases (wave_id, case_id, position)
		select $1, c, n + (select coalesce(max(m.position), 0) from app.wave_cases m where m.wave_id = $1) from unnest($2::uuid[]) with ordinality as u (c, n)`, id, cases)
	return postgres.Wrap(err, "cases of wave %s", id)
}
