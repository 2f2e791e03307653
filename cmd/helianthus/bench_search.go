package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/registry"
)

// benchProducts are what the searched registrations are of, as said in Chinese and in English.
var benchProducts = [][2]string{{"向日葵", "Sunflower"}, {"葵花籽", "Sunflower Seed"}, {"枸杞", "Goji"}, {"大米", "Rice"}, {"香瓜", "Melon"}, {"小麦", "Wheat"}, {"番茄", "Tomato"}, {"羊肉", "Mutton"}, {"苹果", "Apple"}, {"绿茶", "Green Tea"}}

// searchedContent is registration n of the tenant that is searched: one of ten products of a place of its own.
func searchedContent(n int) registry.Content {
	c := benchContent(n).Content
	product := benchProducts[n%len(benchProducts)]
	c.Names[0].Text = benchPlace(n) + product[0]
	c.Names[1].Text = benchSound(n)
	c.Names[2].Text = benchSound(n) + " " + product[1]
	c.Bases[0].Number = fmt.Sprintf("%08d", n*7919%100_000_000)
	c.Specification, c.Link = nil, nil
	return c
}

// benchSearch measures the search of one tenant with very many registrations: whole names, parts in Chinese characters,
// transcriptions without accents, numbers, and a product that a tenth of all registrations have in their name.
func benchSearch(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, 1)
	if err != nil {
		return err
	}
	ctx = tenants[0]
	started := time.Now()
	if err := r.fill(ctx); err != nil {
		return err
	}
	r.figure("search_registrations", "%d", r.searched)
	r.figure("search_prepared_s", "%.1f", time.Since(started).Seconds())
	register := r.house.Registry
	dice := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // the same dice in each run, so that runs compare
	var took []time.Duration
	for n := 0; n < 200; n++ {
		f := searchFor(dice, r.searched)
		asked := time.Now()
		found, _, err := register.List(ctx, f, "", 50)
		if err != nil {
			return err
		}
		if n >= 20 { // the first ones warm caches
			took = append(took, time.Since(asked))
		}
		if len(found) == 0 {
			return fmt.Errorf("nothing found for %q", f.Q)
		}
	}
	r.figure("search_p50_ms", "%.2f", milliseconds(quantile(took, 0.50)))
	r.figure("search_p95_ms", "%.2f", milliseconds(quantile(took, 0.95)))
	r.figure("search_max_ms", "%.2f", milliseconds(quantile(took, 1)))
	return nil
}

func searchFor(dice *rand.Rand, total int) registry.Filter {
	c := searchedContent(dice.IntN(total))
	name := []rune(c.Names[0].Text)
	switch dice.IntN(6) {
	case 0:
		return registry.Filter{Q: string(name)}
	case 1:
		return registry.Filter{Q: string(name[1:4])}
	case 2:
		return registry.Filter{Q: string(name[:2]), Status: "draft", Office: "CN"}
	case 3:
		return registry.Filter{Q: c.Names[1].Text, HS: "1206"}
	case 4:
		return registry.Filter{Q: c.Bases[0].Number}
	default:
		return registry.Filter{Q: string(name[3:])}
	}
}

// fill drafts the registrations. The index of the search is taken away meanwhile and made again afterwards, which takes a
// quarter of the time and gives the same index.
func (r *benchRun) fill(ctx context.Context) error {
	owner, err := pgx.Connect(ctx, r.server.URL("helianthus_owner", "helianthus"))
	if err != nil {
		return err
	}
	defer owner.Close(ctx)
	if _, err := owner.Exec(ctx, `drop index app.registrations_grams_idx`); err != nil {
		return err
	}
	if err := r.draft(ctx, r.searched, searchedContent); err != nil {
		return err
	}
	if _, err := owner.Exec(ctx, `create index registrations_grams_idx on app.registrations using gin (app.tenant_grams(tenant_id, grams))`); err != nil {
		return err
	}
	return r.analyze(ctx)
}

// draft drafts very many registrations.
func (r *benchRun) draft(ctx context.Context, total int, content func(n int) registry.Content) error {
	const batch = 5000
	for from := 0; from < total; from += batch {
		var some []registry.Content
		for n := from; n < min(from+batch, total); n++ {
			some = append(some, content(n))
		}
		if err := r.house.Registry.DraftMany(ctx, some); err != nil {
			return err
		}
	}
	return nil
}
