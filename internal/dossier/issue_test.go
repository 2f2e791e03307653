package dossier_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/apitest"
	"github.com/helianthus-gi/helianthus/internal/dbtest"
	"github.com/helianthus-gi/helianthus/internal/dossier"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Half past seven in the morning of Shanghai is the evening before in Greenwich: a paper of that morning bears its own day,
// and asks for the protection on that day.
func TestPaperOfTheMorningBearsItsOwnDay(t *testing.T) {
	t.Parallel()
	h := apitest.Open(t)
	midnight := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	h.Advance(time.Until(midnight.Add(-30 * time.Minute)))
	ctx := h.Tenant(t, tenancy.County)
	scope, err := tenancy.From(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dbtest.Superuser(t).Exec(ctx, `update app.tenants set time_zone = 'Asia/Shanghai' where id = $1`, scope.Tenant); err != nil {
		t.Fatal(err)
	}
	r, err := h.Registry.Draft(ctx, registry.Content{Office: "CN", Names: []registry.Name{{Text: "五原向日葵", Language: "zh-Hans", Kind: "original"}}, Holder: registry.Party{Names: map[string]string{"en": "Holder"}}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := h.Dossiers.Create(ctx, dossier.Dossier{RegistrationID: r.ID, Market: "XA", Profile: "general-presentation", Languages: []string{"zh-Hans", "en"}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := h.Dossiers.Build(ctx, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	var day, question string
	err = h.DB.Read(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select input->>'day', input->'answers'->'en'->>'question' from app.builds where id = $1`, b.ID).Scan(&day, &question)
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := midnight.Format(time.DateOnly); day != want {
		t.Errorf("the paper's day is %s, want %s", day, want)
	}
	if want := midnight.Format("2 January 2006"); !strings.Contains(question, want) {
		t.Errorf("the question is %q, want it of %s", question, want)
	}
}
