package registry

import (
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// TestPagesWhileRowsCome: somebody goes through the pages while registrations are made and changed.
func TestPagesWhileRowsCome(t *testing.T) {
	t.Parallel()
	for _, by := range []Sort{NewestChange, OldestChange, ByMade, ByTitle} {
		g, ctx := New(dbtest.DB(t), time.Now), dbtest.Tenant(t, tenancy.County)
		made := 0
		draft := func(title string) Registration {
			made++
			r, err := g.Draft(ctx, Content{Office: "CN", Names: []Name{{Text: title, Language: "en", Kind: Original}}, Bases: []Basis{{Kind: "gi-product", Office: "CN", Number: strconv.Itoa(made)}}})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		var first []Registration
		for _, title := range []string{"d", "b", "f", "b", "c", "a", "e"} {
			first = append(first, draft(title))
		}
		change := func(i int) {
			r := first[i]
			r.Content.HSCodes = []string{"1206"}
			if _, err := g.Update(ctx, r.ID, r.Version, r.Content); err != nil {
				t.Fatal(err)
			}
		}
		var seen []ID
		cursor := ""
		for page := 0; ; page++ {
			found, next, err := g.List(ctx, Filter{Sort: by}, cursor, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range found {
				seen = append(seen, s.ID)
			}
			if next == "" {
				break
			}
			cursor = next
			switch page {
			case 0:
				draft("a")
				draft("z")
			case 1: // one that was seen, or will be, whatever the order
				change(3)
			}
			if page > 20 {
				t.Fatalf("%s: no end", by)
			}
		}
		for i, r := range first {
			n := 0
			for _, id := range seen {
				if id == r.ID {
					n++
				}
			}
			changed := i == 3
			switch {
			case by == OldestChange && changed && (n == 1 || n == 2), by == NewestChange && changed && n <= 1: // it moved
			case n == 1:
			default:
				t.Errorf("%s: registration %d came %d times", by, i, n)
			}
		}
		if by == ByTitle && !slices.Equal(seen[:2], []ID{first[5].ID, seen[1]}) {
			t.Errorf("the first by title is not a")
		}
		if _, _, err := g.List(ctx, Filter{Sort: ByTitle}, cursor, 2); by != ByTitle && !errors.Is(err, problem.ErrInvalid) {
			t.Errorf("a cursor of the order %s in another: got %v", by, err)
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	g, ctx := New(dbtest.DB(t), time.Now), dbtest.Tenant(t, tenancy.County)
	r, err := g.Draft(ctx, sunflower())
	if err != nil {
		t.Fatal(err)
	}
	later := r.UpdatedAt.Add(time.Microsecond)
	for _, c := range []struct {
		name string
		f    Filter
		want int
	}{
		{"all", Filter{}, 1},
		{"its number", Filter{Number: "12345678"}, 1},
		{"part of its number", Filter{Number: "1234"}, 0},
		{"changed since", Filter{UpdatedFrom: &r.UpdatedAt}, 1},
		{"changed later", Filter{UpdatedFrom: &later}, 0},
		{"changed before", Filter{UpdatedTo: &r.UpdatedAt}, 0},
		{"changed until", Filter{UpdatedTo: &later}, 1},
		{"words", Filter{Q: "向日葵"}, 1},
		{"signs", Filter{Q: "%"}, 0},
	} {
		page, _, err := g.List(ctx, c.f, "", 10)
		if err != nil || len(page) != c.want {
			t.Errorf("%s: got %d, %v, want %d", c.name, len(page), err, c.want)
		}
		if n, err := g.Count(ctx, c.f); err != nil || n != c.want {
			t.Errorf("%s: counted %d, %v, want %d", c.name, n, err, c.want)
		}
	}
	if _, _, err := g.List(ctx, Filter{Q: "a", Number: "1"}, "", 10); !errors.Is(err, problem.ErrInvalid) {
		t.Errorf("words and a number: got %v", err)
	}
}
