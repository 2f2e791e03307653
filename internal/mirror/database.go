package mirror

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Database is a copy in tables of a PostgreSQL of the reader's own: helianthus.records and helianthus.state.
type Database struct{ pool *pgxpool.Pool }

// OpenDatabase connects, and makes the tables when they are missing.
func OpenDatabase(ctx context.Context, url string) (*Database, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, err
	}
	_, err = pool.Exec(ctx, `
		create schema if not exists helianthus;
		create table if not exists helianthus.records (
			publisher text not null, kind text not null, record_id text not null, version integer not null, publication_id text not null,
			publication jsonb not null, seq bigint not null, primary key (publisher, kind, record_id));
		create table if not exists helianthus.state (one boolean primary key default true check (one), state jsonb not null)`)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &Database{pool}, nil
}

// Close ends the connections.
func (d *Database) Close() { d.pool.Close() }

// State reads the row of state.
func (d *Database) State(ctx context.Context) (s State, err error) {
	err = d.pool.QueryRow(ctx, `select state from helianthus.state`).Scan(&s)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, nil
	}
	return s, err
}

// Apply writes records and state in one transaction.
func (d *Database) Apply(ctx context.Context, changes []Change, s State) error {
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		for _, c := range changes {
			if !c.holds() {
				b.Queue(`delete from helianthus.records where publisher = $1 and kind = $2 and record_id = $3`, c.Publisher.Slug, c.Kind, c.RecordID)
				continue
			}
			b.Queue(`
				insert into helianthus.records (publisher, kind, record_id, version, publication_id, publication, seq) values ($1, $2, $3, $4, $5, $6, $7)
				on conflict (publisher, kind, record_id) do update set version = excluded.version, publication_id = excluded.publication_id,
					publication = excluded.publication, seq = excluded.seq`, c.Publisher.Slug, c.Kind, c.RecordID, c.Version, c.Publication, c.raw, c.Seq)
		}
		b.Queue(`insert into helianthus.state (state) values ($1) on conflict (one) do update set state = excluded.state`, s)
		return tx.SendBatch(ctx, b).Close()
	})
}

// Count counts the records.
func (d *Database) Count(ctx context.Context) (n int64, err error) {
	err = d.pool.QueryRow(ctx, `select count(*) from helianthus.records`).Scan(&n)
	return n, err
}
