package dossier

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// mostTasks are shown.
const mostTasks = 100

// Tasks tells of dossiers that are worked on, or are out, while what they present no longer holds: the registration, or the
// recognition in their market alone, or the use of the mark by the producer that they name.
func Tasks(ctx context.Context, tx pgx.Tx, today time.Time) ([]recognition.Task, error) {
	rows, _ := tx.Query(ctx, `
		select d.id, r.title, d.market from app.dossiers d join app.registrations r on r.tenant_id = d.tenant_id and r.id = d.registration_id
		where d.status not in ('superseded', 'withdrawn') and r.status in ('cancelled', 'surrendered', 'lapsed') order by d.id desc limit $1`, mostTasks)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (recognition.Task, error) {
		t := recognition.Task{Kind: recognition.TaskDossier}
		return t, row.Scan(&t.Object, &t.Name, &t.Market)
	})
	if err != nil {
		return nil, postgres.Wrap(err, "dossiers of registrations that ended")
	}
	users, err := usersEnded(ctx, tx)
	if err != nil {
		return nil, err
	}
	more, err := endedInTheirMarket(ctx, tx, today)
	return slices.Concat(all, users, more), err
}

// usersEnded are the dossiers of registrations that hold, whose producer may use the mark no more.
func usersEnded(ctx context.Context, tx pgx.Tx) ([]recognition.Task, error) {
	rows, _ := tx.Query(ctx, `
		select d.id, r.title, d.market from app.dossiers d join app.registrations r on r.tenant_id = d.tenant_id and r.id = d.registration_id
		cross join lateral (select bool_or(a.status in ('active', 'rectifying', 'abnormal')) as holds, bool_or(a.status = 'ended') as ended from app.mark_authorisations a
			where a.tenant_id = d.tenant_id and a.registration_id = d.registration_id and a.credit_code = d.producer_code) u
		where d.producer_code <> '' and d.status not in ('superseded', 'withdrawn') and r.status not in ('cancelled', 'surrendered', 'lapsed') and u.ended and not u.holds
		order by d.id desc limit $1`, mostTasks)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (recognition.Task, error) {
		t := recognition.Task{Kind: recognition.TaskDossierUser}
		return t, row.Scan(&t.Object, &t.Name, &t.Market)
	})
	return all, postgres.Wrap(err, "dossiers of producers whose use ended")
}

// mostRecognised bounds what is read for them.
const mostRecognised = 2000

// endedInTheirMarket are the dossiers of registrations that hold, in whose market a published recognition of them ended and none
// holds. A recognition in a union counts for its members.
func endedInTheirMarket(ctx context.Context, tx pgx.Tx, today time.Time) (all []recognition.Task, err error) {
	rows, _ := tx.Query(ctx, `
		select d.id, r.title, d.market, p.market, coalesce((p.content ->> 'until')::date, 'infinity') > $1
		from app.dossiers d join app.registrations r on r.tenant_id = d.tenant_id and r.id = d.registration_id
		join app.publications p on p.about = r.id and p.superseded_at is null and p.withdrawn_at is null and p.kind = 'recognition' and p.audience = 'public'
		where d.status not in ('superseded', 'withdrawn') and r.status not in ('cancelled', 'surrendered', 'lapsed') and p.content ->> 'protection' <> 'refused'
		order by d.id desc limit $2`, today, mostRecognised)
	type recognised struct {
		Dossier    uuid.UUID
		Name       string
		Market, In recognition.Market
		Holds      bool // on that day, or later
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[recognised])
	if err != nil {
		return nil, postgres.Wrap(err, "dossiers for markets of recognitions that ended")
	}
	for i, r := range found {
		same := func(o recognised) bool { return o.Dossier == r.Dossier && slices.Contains(o.Market.Within(), o.In) }
		if !same(r) || slices.ContainsFunc(found[:i], same) { // told already
			continue
		}
		if !slices.ContainsFunc(found[i:], func(o recognised) bool { return same(o) && o.Holds }) && len(all) < mostTasks {
			all = append(all, recognition.Task{Kind: recognition.TaskDossierMarket, Object: r.Dossier, Name: r.Name, Market: r.Market})
		}
	}
	return all, nil
}
