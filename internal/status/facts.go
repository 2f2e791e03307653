package status

import (
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/recognition"
)

// Facts is what is published about a name: the registrations that carry it, what is known of them in the market asked for, and
// which marks the holder asked for may use.
type Facts struct {
	Names         []Name // the forms that match the name asked for
	Registrations []Registration
	Recognitions  []Recognition
	Uses          []Use // of the holder asked for, of any name's mark
	Cut           bool  // there are more facts than were read
	Sandbox       bool  // they are of a sandbox, and not of the house
}

// Name is one form of a name.
type Name struct {
	Text     string
	Language string // BCP 47
	Kind     string // original, transcription, translation
}

// Record is a publication that a reason cites.
type Record struct {
	Kind        string // registration, recognition, mark-authorisation
	ID          uuid.UUID
	Publication uuid.UUID
	Publisher   Publisher
	PublishedAt time.Time
	House       *House // where it is published; nil: in this one
}

// House is another house, as of which a record is known.
type House struct {
	Name, URL string
	CheckedAt time.Time // when its word was read last
	Proof     string    // of its log, C2SP tlog-proof; empty: it was not asked for yet
}

// Publisher is the tenant that published a record.
type Publisher struct {
	ID    uuid.UUID
	Slug  string
	Names map[string]string
	Demo  bool // its records are demonstrations
}

// Registration is a published registration.
type Registration struct {
	Record
	Name    string // as it is registered
	Bases   []Basis
	Sources []recognition.Source
}

// Basis is one legal basis of a registration, with its life.
type Basis struct {
	Kind    string // gi-product, certification-mark, …; empty for a registration that names no basis
	Office  recognition.Market
	Number  string
	Holder  Holder
	From    *time.Time // first day registered; nil: not registered, or the day is not known
	Until   *time.Time // first day no longer registered: cancelled, surrendered or lapsed
	Never   bool       // refused or withdrawn
	Pending bool       // not decided
}

// Holder is who holds a registration.
type Holder struct {
	Code  string            // unified social credit code (统一社会信用代码, GB 32100-2015), or another register's number
	Names map[string]string // by BCP 47 tag
}

// Recognition is a published recognition, with its instrument as the same publisher shows it now.
type Recognition struct {
	Record
	recognition.Content
}
