package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// ErrNoContact is returned where nobody said how an applicant is reached, or where the reader may not know.
var ErrNoContact = problem.New(problem.NotFound, "contact.not-found")

// Contact is how an applicant is reached.
type Contact struct {
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// Masked is what everybody who reads the application is shown: enough to tell two apart, too little to use.
func (c Contact) Masked() Contact {
	return Contact{Phone: MaskPhone(c.Phone), Email: MaskEmail(c.Email)}
}

// keeping puts back what comes masked, as it was read: whoever fills an application in need not have seen what is sealed.
func (c Contact) keeping(before Contact) Contact {
	masked := before.Masked()
	if c.Phone == masked.Phone {
		c.Phone = before.Phone
	}
	if c.Email == masked.Email {
		c.Email = before.Email
	}
	return c
}

// MaskPhone hides all of a telephone number but its last two places, and of a long one the first three.
func MaskPhone(s string) string {
	if len(s) >= 11 {
		return Mask(s, 3, 2)
	}
	return Mask(s, 0, 2)
}

// MaskEmail keeps the first letter of an address and its domain.
func MaskEmail(s string) string {
	name, domain, ok := strings.Cut(s, "@")
	if !ok || name == "" {
		return Mask(s, 0, 0)
	}
	return string([]rune(name)[:1]) + "***@" + domain
}

// Mask keeps the first and the last letters and hides those between; what is too short is hidden whole.
func Mask(s string, first, last int) string {
	r := []rune(s)
	if len(r) < 2*(first+last) {
		return strings.Repeat("*", len(r))
	}
	for i := first; i < len(r)-last; i++ {
		r[i] = '*'
	}
	return string(r)
}

// Contacts keep how applicants are reached: sealed, for themselves and for the keeper of what they apply for.
type Contacts struct {
	db   *tenancy.DB
	keys *Keys
}

// NewContacts returns the verbs over db.
func NewContacts(db *tenancy.DB, keys *Keys) *Contacts { return &Contacts{db, keys} }

// contactName is what a contact is bound to, so that a row copied elsewhere opens nothing.
func contactName(tenant, object uuid.UUID) []byte {
	return fmt.Appendf(nil, "applicant contact %s %s", tenant, object)
}

// Keep seals how the applicant of an own application is reached and returns what the application may say of it.
func (k *Contacts) Keep(ctx context.Context, tx pgx.Tx, object, keeper uuid.UUID, c Contact) (masked Contact, err error) {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return masked, err
	}
	before, err := k.Open(ctx, tx, object)
	if err != nil && !errors.Is(err, ErrNoContact) {
		return masked, err
	}
	c = c.keeping(before)
	text, err := json.Marshal(c)
	if err != nil {
		return masked, err
	}
	_, err = tx.Exec(ctx, `insert into app.applicant_contacts (object_id, keeper, sealed) values ($1, $2, $3) on conflict (tenant_id, object_id) do update set sealed = excluded.sealed, unsealed = null`,
		object, keeper, k.keys.Seal(text, contactName(scope.Tenant, object)))
	return c.Masked(), postgres.Wrap(err, "contact of %s", object)
}

// Open reads how the applicant of an application is reached. Who calls it writes into the trail who asked, and for what. It returns
// ErrNoContact.
func (k *Contacts) Open(ctx context.Context, tx pgx.Tx, object uuid.UUID) (c Contact, err error) {
	var applicant uuid.UUID
	var sealed []byte
	var before *Contact
	err = tx.QueryRow(ctx, `select tenant_id, sealed, unsealed from app.applicant_contacts where object_id = $1`, object).Scan(&applicant, &sealed, &before)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return c, ErrNoContact
	case err != nil:
		return c, postgres.Wrap(err, "contact of %s", object)
	case before != nil:
		return *before, nil
	}
	text, err := k.keys.Open(sealed, contactName(applicant, object))
	if err != nil {
		return c, fmt.Errorf("contact of %s: %w", object, err)
	}
	return c, json.Unmarshal(text, &c)
}

// ContactSweepName and ContactSweepEvery are how often contacts are tended.
const (
	ContactSweepName  = "applicant-contacts"
	ContactSweepEvery = time.Hour
	contactsAtOnce    = 500
)

// Tend seals what was never sealed, and seals again, under the house's present secret, what an older one sealed.
func (k *Contacts) Tend(ctx context.Context) error {
	scope, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	for after := uuid.Nil; ; {
		n := 0
		err := k.db.Tx(ctx, func(tx pgx.Tx) error {
			rows, _ := tx.Query(ctx, `select object_id, sealed, unsealed::text::bytea from app.applicant_contacts where tenant_id = app.tenant() and object_id > $1 order by object_id limit $2 for update`, after, contactsAtOnce)
			type row struct {
				Object           uuid.UUID
				Sealed, Unsealed []byte
			}
			page, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
			if err != nil {
				return postgres.Wrap(err, "contacts of applicants")
			}
			for _, r := range page {
				after = r.Object
				var sealed []byte
				changed := true
				if r.Unsealed != nil {
					sealed = k.keys.Seal(r.Unsealed, contactName(scope.Tenant, r.Object))
				} else if sealed, changed, err = k.keys.Renew(r.Sealed, contactName(scope.Tenant, r.Object)); err != nil {
					return fmt.Errorf("contact of %s: %w", r.Object, err)
				}
				if !changed {
					continue
				}
				if _, err := tx.Exec(ctx, `update app.applicant_contacts set sealed = $2, unsealed = null where tenant_id = app.tenant() and object_id = $1`, r.Object, sealed); err != nil {
					return postgres.Wrap(err, "contact of %s", r.Object)
				}
			}
			n = len(page)
			return nil
		})
		if err != nil || n < contactsAtOnce {
			return err
		}
	}
}
