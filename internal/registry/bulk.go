package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// DraftMany makes drafts of many registrations at once: all of them or none.
func (g *Registry) DraftMany(ctx context.Context, cs []Content) error {
	for i, c := range cs {
		if err := c.Check(); err != nil {
			return fmt.Errorf("registration %d: %w", i, err)
		}
	}
	return g.db.Tx(ctx, func(tx pgx.Tx) error {
		if err := insertMany(ctx, tx, cs); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "registration.draft", ObjectKind: "registration", After: map[string]int{"count": len(cs)}})
	})
}

// insertMany makes drafts of many registrations at once. Lists of a row travel as one text with a separator that no value
// has, since arrays of arrays must all be of one length.
func insertMany(ctx context.Context, tx pgx.Tx, cs []Content) error {
	if len(cs) == 0 {
		return nil
	}
	const sep = "\x1f"
	var offices, titles, numbers, keys, classes, hs, contents, folded, gs []string
	for _, c := range cs {
		b, err := json.Marshal(c)
		if err != nil {
			return err
		}
		f := c.folded()
		offices, titles, numbers = append(offices, c.Office), append(titles, c.Title()), append(numbers, c.number())
		keys, classes, hs = append(keys, strings.Join(c.basisKeys(), sep)), append(classes, strings.Join(c.classKeys(), sep)), append(hs, strings.Join(c.HSCodes, sep))
		contents, folded, gs = append(contents, string(b)), append(folded, f), append(gs, strings.Join(grams(f), sep))
	}
	s := actor(ctx)
	_, err := tx.Exec(ctx, `
		with made as (
			insert into app.registrations (status, office, title, number, basis_keys, classes, hs_codes, content, folded, grams, created_by)
			select 'draft', office, title, number, string_to_array(keys, $10), string_to_array(classes, $10), string_to_array(hs, $10), content, folded, string_to_array(grams, $10), $11
			from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::text[], $9::text[])
				as r (office, title, number, keys, classes, hs, content, folded, grams)
			returning id, version, content, basis_keys),
		versions as (
			insert into app.registration_versions (registration_id, version, content, recorded_by, recorded_name, recorded_at)
			select id, version, content, $11, $12, clock_timestamp() from made)
		insert into app.registration_numbers (basis_key, registration_id) select distinct k, id from made, unnest(basis_keys) k`,
		offices, titles, numbers, keys, classes, hs, contents, folded, gs, sep, s.id, s.name)
	return postgres.Wrap(err, "%d registrations", len(cs))
}
