package members

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// usualRetention is how many years after its end what is personal of a membership is kept where the association says nothing. The
// period is ours: it covers the three years in which claims are usually raised, and a margin.
const usualRetention = 5

// usualLicenceDays are the days before the end of a licence on which its holder is told where the association says nothing; they are ours.
var usualLicenceDays = []int{60, 14}

var codeRegistration = problem.Field("member-rule.registration")

// Rule is what an association says of its members as a whole (会员规则).
type Rule struct {
	Version        int // 0: nobody wrote one, and this is what holds without
	Publisher      string
	RegistrationID *uuid.UUID
	RetentionYears int
	Purpose        string
	LicenceDays    []int // before its end on which a member is told of a licence; none: nobody is told
	UpdatedAt      *time.Time
	UpdatedBy      string
}

func rule(ctx context.Context, tx pgx.Tx) (Rule, error) {
	rows, _ := tx.Query(ctx, `select r.version, coalesce(t.slug, ''), r.registration_id, r.retention_years, r.purpose, r.licence_days, r.updated_at, r.updated_by
		from app.member_rules r left join app.tenants t on t.id = r.publisher`)
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Rule])
	if errors.Is(err, pgx.ErrNoRows) {
		return Rule{RetentionYears: usualRetention, LicenceDays: usualLicenceDays}, nil
	}
	return r, postgres.Wrap(err, "member rule")
}

// protected is the protected area of the registration that the rule names, as it is published now; nil when there is none.
func protected(ctx context.Context, tx pgx.Tx) (*Protected, error) {
	r, err := rule(ctx, tx)
	if err != nil || r.RegistrationID == nil {
		return nil, err
	}
	found, _, err := exchange.List(ctx, tx, exchange.Filter{Kind: "registration", Publisher: r.Publisher, RecordID: r.RegistrationID}, 1, "")
	if err != nil || len(found) == 0 {
		return nil, err
	}
	content, ok := found[0].Content.(json.RawMessage)
	var c registry.Public
	if !ok || json.Unmarshal(content, &c) != nil { // what is published by others may be anything
		return nil, nil //nolint:nilnil // that there is none is an answer
	}
	rings, err := registry.Rings(c.Area.Geometry)
	if err != nil {
		return nil, nil //nolint:nilnil,nilerr // the same
	}
	return &Protected{Publication: found[0].ID, Version: found[0].Version, Title: c.Title(), PublishedAt: found[0].PublishedAt, rings: rings}, nil
}

// Rule reads what the association says of its members as a whole.
func (s *Members) Rule(ctx context.Context) (r Rule, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error { r, err = rule(ctx, tx); return err })
	return r, err
}

// check looks for the registration whose area shall count: what nobody published to us has no area to hold plots against.
func (r Rule) check(ctx context.Context, tx pgx.Tx) error {
	if r.RegistrationID == nil {
		return nil
	}
	found, _, err := exchange.List(ctx, tx, exchange.Filter{Kind: "registration", Publisher: r.Publisher, RecordID: r.RegistrationID}, 1, "")
	if err == nil && len(found) == 0 {
		err = problem.ErrInvalid.At("/registrationId", codeRegistration)
	}
	return err
}

// UpdateRule replaces version of the rule.
func (s *Members) UpdateRule(ctx context.Context, r Rule) (after Rule, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		before, err := rule(ctx, tx)
		if err != nil {
			return err
		}
		scope, err := tenancy.From(ctx)
		if err != nil {
			return err
		}
		if err := r.check(ctx, tx); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			insert into app.member_rules (version, publisher, registration_id, retention_years, purpose, updated_by, licence_days)
			values (1, (select id from app.tenants where slug = $2), $3, $4, $5, $6, $7)
			on conflict (tenant_id) do update set version = member_rules.version + 1, publisher = excluded.publisher, registration_id = excluded.registration_id,
				retention_years = excluded.retention_years, purpose = excluded.purpose, licence_days = excluded.licence_days, updated_at = now(), updated_by = excluded.updated_by where member_rules.version = $1`,
			r.Version, r.Publisher, r.RegistrationID, r.RetentionYears, r.Purpose, scope.ActorName, none(r.LicenceDays))
		if err != nil {
			return postgres.Wrap(err, "member rule")
		}
		if tag.RowsAffected() == 0 || before.Version != r.Version {
			return problem.ErrStale
		}
		if after, err = rule(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "member-rule.update", ObjectKind: "member-rule", Before: before, After: after})
	})
	return after, err
}
