package exchange

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

const (
	lookEvery    = 200 * time.Millisecond // how old a node's knowledge of the head, and a busy stream's of its rights, may be
	idleEvery    = 500 * time.Millisecond // the same of a stream on which nothing happens
	longestPage  = 5 * time.Second        // then a page is given although nothing was found yet
	streamPage   = 500                    // changes of one transaction and one receipt
	streamBeat   = 15 * time.Second       // keeps proxies from closing a stream on which nothing happens
	streamLength = 15 * time.Minute       // then the reader comes back and shows its credentials again
)

// Changes reads a page of the feed; with wait it waits so long at most for a change to come.
func (x *Exchange) Changes(ctx context.Context, after Position, limit int, f ChangeFilter, wait time.Duration) (page Page, err error) {
	began := time.Now()
	for {
		if page, err = x.page(ctx, after, limit, f); err != nil || len(page.Items) > 0 {
			return page, err
		}
		after = page.Position
		took := time.Since(began)
		if after < page.Head && took < longestPage {
			continue
		}
		if after < page.Head || took >= wait {
			return page, nil
		}
		if _, err := x.await(ctx, after, wait-took); err != nil {
			return page, err
		}
	}
}

// page reads a page and writes the receipts for it, before anything of it is delivered.
func (x *Exchange) page(ctx context.Context, after Position, limit int, f ChangeFilter) (page Page, err error) {
	err = x.db.Tx(ctx, func(tx pgx.Tx) error {
		if page, err = pageOf(ctx, tx, after, limit, f); err != nil {
			return err
		}
		read := make([]Publication, 0, len(page.Items))
		for _, c := range page.Items {
			if c.Event != eventConceal {
				read = append(read, c.Publication)
			}
		}
		if err := x.receiptsOfRead(ctx, tx, read); err != nil {
			return err
		}
		return f.note(ctx, tx, page.Position)
	})
	return page, err
}

// Stream delivers the feed, change after change, to its head.
func (x *Exchange) Stream(ctx context.Context, after Position, f ChangeFilter, deliver func(Change) error) error {
	s, err := x.stream(ctx, f, deliver)
	if err != nil {
		return err
	}
	_, err = s.toHead(ctx, after)
	return err
}

// Follow is Stream that goes on with what comes, and calls beat from time to time when nothing does.
func (x *Exchange) Follow(ctx context.Context, after Position, f ChangeFilter, deliver func(Change) error, beat func() error) error {
	s, err := x.stream(ctx, f, deliver)
	if err != nil {
		return err
	}
	if after, err = s.toHead(ctx, after); err != nil {
		return err
	}
	for began, beaten := time.Now(), time.Now(); time.Since(began) < streamLength; {
		moved, err := x.await(ctx, after, idleEvery)
		if err != nil {
			return err
		}
		if err := s.Glance(ctx); err != nil {
			return err
		}
		if moved {
			if after, err = s.toHead(ctx, after); err != nil {
				return err
			}
		}
		if time.Since(beaten) > streamBeat {
			beaten = time.Now()
			if err := beat(); err != nil {
				return err
			}
		}
	}
	return nil
}

// stream is one reader's stream. Rights are asked for at delivery: no change leaves more than lookEvery after the
// reader lost the right to it, however slowly the stream is taken.
type stream struct {
	*Delivery
	filter  ChangeFilter
	deliver func(Change) error
}

func (x *Exchange) stream(ctx context.Context, f ChangeFilter, deliver func(Change) error) (*stream, error) {
	d, err := x.Deliver(ctx)
	return &stream{d, f, deliver}, err
}

// toHead delivers all changes after a position that are there, and returns the position after them.
func (s *stream) toHead(ctx context.Context, after Position) (Position, error) {
	for {
		page, err := s.x.page(ctx, after, streamPage, s.filter)
		if err != nil {
			return after, err
		}
		for rest := page.Items; len(rest) > 0; rest = rest[1:] {
			if s.stale() {
				// What is still to be delivered becomes what the reader may see now.
				err := s.look(ctx, func(tx pgx.Tx) (err error) { rest, err = refresh(ctx, tx, rest); return err })
				if err != nil {
					return after, err
				}
				if len(rest) == 0 {
					break
				}
			}
			if err := s.deliver(rest[0]); err != nil {
				return after, err
			}
		}
		if after = page.Position; after >= page.Head {
			return after, nil
		}
	}
}

// await returns when the feed has gone past a position, or after the time given, and whether it has.
func (x *Exchange) await(ctx context.Context, after Position, most time.Duration) (bool, error) {
	end := time.NewTimer(most)
	defer end.Stop()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		head, err := x.peek(ctx)
		if err != nil || head > after {
			return true, err
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-end.C:
			return false, nil
		case <-tick.C:
		}
	}
}

// peek is the head of the feed as it was lookEvery ago at most. All who wait at this node ask the database by one of them.
func (x *Exchange) peek(ctx context.Context) (Position, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if time.Since(x.seen) < lookEvery {
		return x.head, nil
	}
	everybody := tenancy.In(ctx, tenancy.Public)
	err := x.db.Tx(everybody, func(tx pgx.Tx) error {
		return postgres.Wrap(tx.QueryRow(everybody, `select app.sequence_changes()`).Scan(&x.head), "number changes")
	})
	if err == nil {
		x.seen = time.Now()
	}
	return x.head, err
}
