package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
)

// Partners follow the houses that the operator named, and keep what they publish to everybody where the status check and
// the officers of this house find it.
type Partners struct {
	db     *tenancy.DB
	c      PartnersConfig
	client *http.Client
}

// PartnersConfig says who is followed, and how what they publish is read.
type PartnersConfig struct {
	Houses   []translog.House                                       // that the machine's file names
	Own      func(ctx context.Context) (log string, err error)      // the name of this house's log
	Client   *http.Client                                           // for those that operators add, whose addresses nobody else looked at
	Every    time.Duration                                          // between two looks at a house
	Describe func(kind string, content []byte) (f Facts, err error) // an error for a content that cannot be read
	Fold     func(name string) (key string)                         // of names, for comparison
	Log      *slog.Logger
	Now      func() time.Time
}

// Facts is what is read of a content when it comes.
type Facts struct {
	About      uuid.UUID // the registration that it is about; zero: it is about itself
	Market     string    // where a recognition holds
	Instrument uuid.UUID // that it cites
	Names      []Name    // under which it is found
}

// Name is one form of a name; Key is folded for comparison.
type Name struct{ Key, Text, Language, Kind string }

// partnerTimeout bounds one answer of a partner house: a connection of which nothing is heard is given up.
const partnerTimeout = 20 * time.Second

// NewPartners follows houses over db.
func NewPartners(db *tenancy.DB, c PartnersConfig) *Partners {
	return &Partners{db, c, &http.Client{Timeout: partnerTimeout}}
}

// Round brings what was received of a house up to the head of its feed, unless another node does so at this moment, and asks
// for proofs that are missing.
func (p *Partners) Round(ctx context.Context, h translog.House) error {
	mine, err := p.claim(ctx, h)
	if err != nil || !mine {
		return err
	}
	client := p.client
	if !p.named(h.Name) {
		client = p.c.Client
	}
	m := &Mirror{House: &House{URL: h.URL, Client: client}, Copy: &register{p, h}}
	s, err := m.Round(ctx, h.Key, 0)
	if err == nil {
		err = p.prove(ctx, m.House, h, s)
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(err, p.done(late, h, err))
}

// everybodyIn is the scope in which what is for everybody is read and kept.
func everybodyIn(ctx context.Context) context.Context { return tenancy.In(ctx, tenancy.Public) }

// claim takes the house for this round. One that operators added is there; they may have suspended or removed it meanwhile.
func (p *Partners) claim(ctx context.Context, h translog.House) (mine bool, err error) {
	ctx = everybodyIn(ctx)
	before := p.c.Now().Add(-p.c.Every / 2)
	err = p.db.Tx(ctx, func(tx pgx.Tx) error {
		if !p.named(h.Name) {
			tag, err := tx.Exec(ctx, `update app.partner_houses set tried_at = $2 where name = $1 and key <> '' and suspended_at is null and (tried_at is null or tried_at < $3)`, h.Name, p.c.Now(), before)
			mine = tag.RowsAffected() == 1
			return postgres.Wrap(err, "partner house %s", h.Name)
		}
		tag, err := tx.Exec(ctx, `
			insert into app.partner_houses (name, url, tried_at) values ($1, $2, $3)
			on conflict (name) do update set url = excluded.url, tried_at = excluded.tried_at where app.partner_houses.tried_at is null or app.partner_houses.tried_at < $4`,
			h.Name, h.URL, p.c.Now(), before)
		mine = tag.RowsAffected() == 1
		return postgres.Wrap(err, "partner house %s", h.Name)
	})
	return mine, err
}

// done records what came of a round.
func (p *Partners) done(ctx context.Context, h translog.House, failure error) error {
	ctx = everybodyIn(ctx)
	return p.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update app.partner_houses set error = $2, checked_at = case when $2 = '' then $3 else checked_at end where name = $1`,
			h.Name, failureOf(failure), p.c.Now())
		return postgres.Wrap(err, "partner house %s", h.Name)
	})
}

// failureOf is the code of why a round failed; the message partner.error.<code> explains it. What a house does not say
// truly is an alarm, and stays one until somebody has looked.
func failureOf(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, translog.ErrRewritten), errors.Is(err, translog.ErrShrunk), errors.Is(err, ErrAltered), errors.Is(err, ErrUnlogged), errors.Is(err, translog.ErrSignature):
		return "untrue"
	case errors.Is(err, translog.ErrWithheld), errors.Is(err, ErrSilent):
		return "withheld"
	}
	return "unreachable"
}

// provedAtOnce is how many proofs one round asks for.
const provedAtOnce = 100

// prove asks for the proofs of what was received, verifies and keeps them, so that it can be proved without the house.
func (p *Partners) prove(ctx context.Context, house *House, h translog.House, s State) error {
	v, err := note.NewVerifier(s.LogKey)
	if err != nil {
		return fmt.Errorf("key of the log: %w", err)
	}
	everybody := everybodyIn(ctx)
	type row struct {
		Seq           int64
		PublicationID uuid.UUID
		SHA256        []byte
	}
	var missing []row
	err = p.db.Read(everybody, func(tx pgx.Tx) error {
		rows, _ := tx.Query(everybody, `select seq, publication_id, sha256 from app.received where house = $1 and ended_at is null and proof = '' order by seq limit $2`, h.Name, provedAtOnce)
		missing, err = pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		return postgres.Wrap(err, "received of %s", h.Name)
	})
	if err != nil {
		return err
	}
	for _, r := range missing {
		proof, err := house.proof(ctx, r.PublicationID.String())
		if errors.Is(err, errGone) {
			continue // the feed says so too, at the next round
		}
		if err != nil {
			return err
		}
		says, _, err := proof.Check(v)
		var line struct{ Event, Publication, SHA256 string }
		if err != nil || json.Unmarshal(says, &line) != nil || line.Publication != r.PublicationID.String() || line.SHA256 != fmt.Sprintf("%x", r.SHA256) {
			return fmt.Errorf("%w: publication %s", ErrUnlogged, r.PublicationID)
		}
		if line.Event != "publish" {
			continue // withdrawn meanwhile
		}
		err = p.db.Tx(everybody, func(tx pgx.Tx) error {
			_, err := tx.Exec(everybody, `update app.received set proof = $3 where house = $1 and seq = $2`, h.Name, r.Seq, proof.TLog)
			return postgres.Wrap(err, "proof of %s", r.PublicationID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// errRaced is met where another node wrote what this one was to write.
var errRaced = errors.New("another node has written this already")

// register keeps a copy in the house's own tables: every version with its beginning and its end.
type register struct {
	p *Partners
	h translog.House
}

// State reads what was kept last.
func (r *register) State(ctx context.Context) (s State, err error) {
	ctx = everybodyIn(ctx)
	err = r.p.db.Read(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `select coalesce(state, '{}') from app.partner_houses where name = $1`, r.h.Name).Scan(&s)
		return postgres.Wrap(err, "partner house %s", r.h.Name)
	})
	return s, err
}

// Apply writes changes and state in one transaction. Changes that are there already are another node's: nothing is written.
func (r *register) Apply(ctx context.Context, changes []Change, s State) error {
	ctx = everybodyIn(ctx)
	return r.p.db.Tx(ctx, func(tx pgx.Tx) error {
		var position int64
		if err := tx.QueryRow(ctx, `select position from app.partner_houses where name = $1 for update`, r.h.Name).Scan(&position); err != nil {
			return postgres.Wrap(err, "partner house %s", r.h.Name)
		}
		if position > s.Position {
			return errRaced
		}
		for i := range changes {
			c := &changes[i]
			if c.Seq <= position {
				return errRaced
			}
			position = c.Seq
			if err := r.apply(ctx, tx, c); err != nil {
				return fmt.Errorf("change %d of %s: %w", c.Seq, r.h.Name, err)
			}
		}
		_, err := tx.Exec(ctx, `update app.partner_houses set state = $2, position = $3 where name = $1`, r.h.Name, s, s.Position)
		return postgres.Wrap(err, "partner house %s", r.h.Name)
	})
}

func (r *register) apply(ctx context.Context, tx pgx.Tx, c *Change) error {
	_, err := tx.Exec(ctx, `
		update app.received set ended_seq = $5, ended_at = $6
		where house = $1 and publisher_id = $2 and kind = $3 and record_id = $4 and ended_at is null`, r.h.Name, c.Publisher.ID, c.Kind, c.RecordID, c.Seq, r.p.c.Now())
	if err != nil || !c.holds() {
		return postgres.Wrap(err, "received")
	}
	f, err := r.p.c.Describe(c.Kind, c.Body.Content)
	if err != nil {
		// What cannot be read is kept as it is, and found under no name: a partner's slip stops nothing.
		r.p.c.Log.WarnContext(ctx, "a partner's publication cannot be read", "house", r.h.Name, "publication", c.Publication, "error", err)
		f = Facts{}
	}
	if f.About == uuid.Nil && len(f.Names) > 0 {
		f.About, _ = uuid.Parse(c.RecordID) // a record that is about nothing else is about itself
	}
	_, err = tx.Exec(ctx, `
		insert into app.received (house, seq, publication_id, publisher_id, publisher, publisher_names, demo, kind, record_id, version, content, sha256, published_at, received_at, about, market, instrument_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, decode($12, 'hex'), $13, $14, $15, $16, $17)`,
		r.h.Name, c.Seq, c.Publication, c.Publisher.ID, c.Publisher.Slug, c.Publisher.Names, c.Publisher.Demo, c.Kind, c.RecordID, c.Version,
		string(c.Body.Content), c.Body.SHA256, c.Body.PublishedAt, r.p.c.Now(), known(f.About), f.Market, known(f.Instrument))
	if err != nil {
		return postgres.Wrap(err, "received")
	}
	for _, n := range f.Names {
		_, err := tx.Exec(ctx, `insert into app.received_names (house, seq, name_key, name, language, kind) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
			r.h.Name, c.Seq, n.Key, n.Text, n.Language, n.Kind)
		if err != nil {
			return postgres.Wrap(err, "received names")
		}
	}
	return nil
}

func known(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// Count counts what holds.
func (r *register) Count(ctx context.Context) (n int64, err error) {
	ctx = everybodyIn(ctx)
	err = r.p.db.Read(ctx, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(ctx, `select count(*) from app.received where house = $1 and ended_at is null`, r.h.Name).Scan(&n), "received")
	})
	return n, err
}
