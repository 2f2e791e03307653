package registry

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Problems of kept mappings.
var (
	ErrMappingNotFound = problem.New(problem.NotFound, "import-mapping.not-found")
	ErrMappingName     = postgres.Constraint("import_mappings_name_key", problem.New(problem.Conflict, "import-mapping.name-used"))
	ErrMappingMany     = problem.New(problem.Conflict, "import-mapping.too-many")
)

// maxMappings is how many mappings a tenant keeps: each is looked at for every file.
const maxMappings = 100

// KeptMapping is a mapping under a name, used again for files with the same headings.
type KeptMapping struct {
	ID        uuid.UUID
	Version   int
	Name      string
	Mapping   Mapping
	CreatedAt time.Time
	UpdatedAt time.Time
}

const mappingColumns = `id, version, name, mapping, created_at, updated_at`

func oneMapping(rows pgx.Rows, name string) (KeptMapping, error) {
	k, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[KeptMapping])
	if errors.Is(err, pgx.ErrNoRows) {
		return k, ErrMappingNotFound
	}
	return k, postgres.Wrap(err, "import mapping %s", name)
}

// Mappings lists what the tenant keeps, by name.
func (m *Imports) Mappings(ctx context.Context) (all []KeptMapping, err error) {
	err = m.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+mappingColumns+` from app.import_mappings order by name limit $1`, maxMappings)
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[KeptMapping])
		return postgres.Wrap(err, "import mappings")
	})
	return all, err
}

// Mapping returns one.
func (m *Imports) Mapping(ctx context.Context, id uuid.UUID) (k KeptMapping, err error) {
	err = m.db.Read(ctx, func(tx pgx.Tx) error { k, err = mappingByID(ctx, tx, id); return err })
	return k, err
}

func mappingByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (KeptMapping, error) {
	rows, _ := tx.Query(ctx, `select `+mappingColumns+` from app.import_mappings where id = $1`, id)
	return oneMapping(rows, id.String())
}

// Keep keeps a mapping for the next file with these headings. It returns ErrMappingName when the name is used.
func (m *Imports) Keep(ctx context.Context, name string, headings []string, mapping Mapping) (k KeptMapping, err error) {
	if err := checkKept(headings, mapping); err != nil {
		return k, err
	}
	err = m.db.Tx(ctx, func(tx pgx.Tx) error {
		var n int
		if err := tx.QueryRow(ctx, `select count(*) from app.import_mappings`).Scan(&n); err != nil {
			return postgres.Wrap(err, "import mappings")
		}
		if n >= maxMappings {
			return ErrMappingMany.With("Most", maxMappings)
		}
		rows, _ := tx.Query(ctx, `insert into app.import_mappings (name, headings, mapping) values ($1, $2, $3) returning `+mappingColumns, name, headingsKey(headings), mapping)
		if k, err = oneMapping(rows, name); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "import-mapping.create", ObjectKind: "import-mapping", ObjectID: k.ID.String(), After: k})
	})
	return k, err
}

// checkKept: a mapping names columns that its file has.
func checkKept(headings []string, mapping Mapping) error {
	if err := mapping.Check("/mapping"); err != nil {
		return err
	}
	have := map[string]bool{}
	for _, h := range headings {
		have[NameKey(h)] = true
	}
	wrong := problem.ErrInvalid
	for i, c := range mapping.Columns {
		if !have[NameKey(c.Heading)] {
			wrong = wrong.At(pointer("/mapping/columns", i, "heading"), CodeHeadingAbsent)
		}
	}
	return wrong.Or()
}

// Replace replaces a kept mapping that was read in a version.
func (m *Imports) Replace(ctx context.Context, id uuid.UUID, version int, name string, headings []string, mapping Mapping) (k KeptMapping, err error) {
	if err := checkKept(headings, mapping); err != nil {
		return k, err
	}
	err = m.db.Tx(ctx, func(tx pgx.Tx) error {
		before, _ := tx.Query(ctx, `select `+mappingColumns+` from app.import_mappings where id = $1 for update`, id)
		was, err := oneMapping(before, id.String())
		if err != nil {
			return err
		}
		if was.Version != version {
			return problem.ErrStale
		}
		rows, _ := tx.Query(ctx, `update app.import_mappings set version = version + 1, name = $2, headings = $3, mapping = $4, updated_at = now() where id = $1 returning `+mappingColumns,
			id, name, headingsKey(headings), mapping)
		if k, err = oneMapping(rows, name); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "import-mapping.update", ObjectKind: "import-mapping", ObjectID: id.String(), Before: was, After: k})
	})
	return k, err
}

// Forget removes a kept mapping; what was imported with it stays.
func (m *Imports) Forget(ctx context.Context, id uuid.UUID) error {
	return m.db.Tx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `delete from app.import_mappings where id = $1 returning `+mappingColumns, id)
		k, err := oneMapping(rows, id.String())
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "import-mapping.remove", ObjectKind: "import-mapping", ObjectID: id.String(), Before: k})
	})
}

// keptMappings looks mappings up by the headings of a file; of several the one changed last counts.
func (m *Imports) keptMappings(ctx context.Context) (func(headings string) (Mapping, bool), error) {
	kept := map[string]Mapping{}
	err := m.db.Read(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select headings, mapping from app.import_mappings order by updated_at limit $1`, maxMappings)
		var headings string
		var mapping Mapping
		_, err := pgx.ForEachRow(rows, []any{&headings, &mapping}, func() error {
			kept[headings] = mapping
			mapping = Mapping{}
			return nil
		})
		return postgres.Wrap(err, "import mappings")
	})
	return func(headings string) (Mapping, bool) { x, ok := kept[headings]; return x, ok }, err
}
