package postgres

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Fingerprint changes when anything changes that Bootstrap and Migrate of this binary make.
func Fingerprint() string {
	h := sha256.New()
	h.Write([]byte(roles + contents))
	files, err := migrations.ReadDir("migrations")
	for _, f := range files {
		var text []byte
		if text, err = migrations.ReadFile("migrations/" + f.Name()); err != nil {
			break
		}
		fmt.Fprintf(h, "%s %d\n%s", f.Name(), len(text), text)
	}
	if err != nil {
		panic(err) // what is embedded can be read
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// migrationLock is the advisory lock under which nodes that start together migrate one after the other.
const migrationLock = 0x48454c49 // HELI

// Migrate brings the database to this version, as its owner: our tables by goose, River's by River.
func Migrate(ctx context.Context, ownerURL string) error {
	cfg, err := pgxpool.ParseConfig(ownerURL)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	cfg.AfterConnect = refuseOld
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer pool.Close()
	lock, err := pool.Acquire(ctx)
	var old errOld
	if errors.As(err, &old) {
		return old
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer lock.Release()
	if _, err := lock.Exec(ctx, `select pg_advisory_lock($1)`, migrationLock); err != nil {
		return fmt.Errorf("migrate: lock: %w", err)
	}
	defer func() { // without it the lock would go with the connection
		_, _ = lock.Exec(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, migrationLock)
	}()

	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	// Parts of the house are built side by side, each in a range of numbers of its own: one that is done later may have lower
	// numbers than what a database already has. Migrations therefore keep to the tables of their part, and to earlier ones.
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithTableName("app.goose_db_version"), goose.WithAllowOutofOrder(true))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: "river"})
	if err != nil {
		return fmt.Errorf("migrate river: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate river: %w", err)
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			grant select, insert, update, delete on all tables in schema river to helianthus_app;
			grant usage on all sequences in schema river to helianthus_app;
			grant execute on all functions in schema river to helianthus_app`)
		return err
	})
}
