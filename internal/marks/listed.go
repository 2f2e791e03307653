package marks

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Listed is a user of the mark on the public list: in force, or ended.
type Listed struct {
	Public
	Product   string // the name of the registration, as far as it is published
	Publisher exchange.Publisher
}

// ListedStatuses are the statuses that stand on the public list.
func ListedStatuses() (all []Status) {
	for _, s := range Statuses() {
		if s.Shown() {
			all = append(all, s)
		}
	}
	return all
}

// ListedFilter chooses from the public list; empty fields choose all.
type ListedFilter struct {
	Words  string // of a name, or a credit code as it is typed
	Status Status
}

// Listed is a page of what is published of users to whoever asks, the newest first, and the cursor of the next page.
func (s *Authorisations) Listed(ctx context.Context, f ListedFilter, limit int, cursor string) (all []Listed, next string, err error) {
	chosen := exchange.Filter{Kind: PublicationKind, Words: f.Words}
	if code, err := ParseCreditCode(f.Words); err == nil {
		chosen.Words, chosen.Says = "", map[string]any{"creditCode": code}
	}
	if f.Status != "" {
		if chosen.Says == nil {
			chosen.Says = map[string]any{}
		}
		chosen.Says["status"] = f.Status
	}
	err = s.db.Read(ctx, func(tx pgx.Tx) error {
		found, after, err := exchange.List(ctx, tx, chosen, limit, cursor)
		if err != nil {
			return err
		}
		next = after
		products := map[uuid.UUID]string{}
		for _, p := range found {
			l := Listed{Publisher: p.Publisher}
			if err := json.Unmarshal(p.Content.(json.RawMessage), &l.Public); err != nil {
				return fmt.Errorf("publication %s: %w", p.ID, err)
			}
			if _, known := products[l.RegistrationID]; !known {
				if products[l.RegistrationID], err = product(ctx, tx, p.Publisher.Slug, l.RegistrationID); err != nil {
					return err
				}
			}
			l.Product = products[l.RegistrationID]
			all = append(all, l)
		}
		return nil
	})
	return all, next, err
}

// product is the title of a registration as it is published; empty when it is not.
func product(ctx context.Context, tx pgx.Tx, publisher string, id uuid.UUID) (string, error) {
	found, _, err := exchange.List(ctx, tx, exchange.Filter{Kind: "registration", Publisher: publisher, RecordID: &id}, 1, "")
	if err != nil || len(found) == 0 {
		return "", err
	}
	var c registry.Content
	if err := json.Unmarshal(found[0].Content.(json.RawMessage), &c); err != nil {
		return "", fmt.Errorf("publication %s: %w", found[0].ID, err)
	}
	return c.Title(), nil
}
