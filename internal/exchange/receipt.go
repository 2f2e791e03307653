package exchange

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Act is what a receipt is of.
type Act string

// The acts of receipts. The reader signs that it read or opened something; the owner signs all others.
const (
	actRead     Act = "read"     // publications were read, or delivered by the feed
	actPublish  Act = "publish"  // a version was published to the reader, or to the parties of which it is one
	actWithdraw Act = "withdraw" // it was withdrawn
	actShare    Act = "share"    // the record was given this reader
	actGrant    Act = "grant"    // a right to read was given
	actRevoke   Act = "revoke"   // and was ended
	actDo       Act = "act"      // something was done in a matter of both, see Across: the owner is who did it
	actOpen     Act = "open"     // a document was opened
)

// byReader tells whether the reader signs.
func (a Act) byReader() bool { return a == actRead || a == actOpen }

// Problems of receipts.
var (
	ErrReceiptNotFound   = problem.New(problem.NotFound, "receipt.not-found")
	ErrReceiptAltered    = problem.New(problem.Invalid, "receipt.altered")
	ErrReceiptUnsigned   = problem.New(problem.Invalid, "receipt.unsigned")
	ErrReceiptKeyForeign = problem.New(problem.Invalid, "receipt.unknown-key")
)

const (
	receiptFormat = "helianthus-receipt/1"
	// receiptPrefix keeps a signature of a receipt from passing for one of another thing.
	receiptPrefix = "helianthus receipt v1\n"
)

// ReceiptItem is one publication that a receipt is of, or one act in a matter of both sides, or one document.
type ReceiptItem struct {
	Publication ID         `json:"publicationId,omitzero"`
	Kind        string     `json:"kind"`
	Record      uuid.UUID  `json:"recordId"`
	Version     int        `json:"version,omitempty"`    // of a publication
	Step        string     `json:"step,omitempty"`       // what was done, as the trail of who did it calls it
	Document    *uuid.UUID `json:"documentId,omitempty"` // that was opened
	SHA256      string     `json:"sha256"`               // of the content in the form of RFC 8785, or of the document, in hexadecimal
	Basis       BasisKind  `json:"basis,omitempty"`      // why the reader may read it
	BasisID     *uuid.UUID `json:"basisId,omitempty"`    // of the grant or the instrument
}

// ReceiptGrant is the grant that a receipt is of.
type ReceiptGrant struct {
	ID      uuid.UUID   `json:"id"`
	Kinds   []string    `json:"kinds"`
	Records []uuid.UUID `json:"records"`
	Purpose string      `json:"purpose"`
	Until   time.Time   `json:"until"`
}

// Statement is what a receipt says and what is signed: in the form of RFC 8785, after the 22 bytes
// `helianthus receipt v1` and a line feed.
type Statement struct {
	Format      string        `json:"format"`
	ID          uuid.UUID     `json:"id"`
	Act         Act           `json:"act"`
	At          time.Time     `json:"at"`
	Owner       string        `json:"owner"`  // slug of the tenant whose records they are
	Reader      string        `json:"reader"` // slug of the tenant that got them
	ActorKind   string        `json:"actorKind"`
	ActorID     *uuid.UUID    `json:"actorId,omitempty"` // whom it names is known to the actor's tenant
	Request     string        `json:"request,omitempty"`
	Count       int           `json:"count"`
	ItemsSHA256 string        `json:"itemsSha256"` // of the list of items in the form of RFC 8785
	Grant       *ReceiptGrant `json:"grant,omitempty"`
}

// Receipt is kept by both sides of what crossed the wall between two tenants.
type Receipt struct {
	Statement
	Owner     Publisher
	Reader    Publisher
	Items     []ReceiptItem
	Text      string // the statement as it is signed
	KeyID     string // empty until it is signed
	Signature []byte
}

// receipt makes one, unsigned. What it cannot marshal is a fault of ours.
func receipt(scope tenancy.Scope, request string, at time.Time, act Act, owner, reader Publisher, items []ReceiptItem, g *Grant) (Receipt, error) {
	if items == nil {
		items = []ReceiptItem{}
	}
	list, err := Canonical(items)
	if err != nil {
		return Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	sum := sha256.Sum256(list)
	r := Receipt{Owner: owner, Reader: reader, Items: items, Statement: Statement{
		Format: receiptFormat, ID: uuid.Must(uuid.NewV7()), Act: act, At: at.UTC().Truncate(time.Microsecond), Owner: owner.Slug, Reader: reader.Slug,
		ActorKind: string(scope.ActorKind), ActorID: known(scope.Actor), Request: request, Count: len(items), ItemsSHA256: hexed(sum[:]),
	}}
	if g != nil {
		r.Grant = &ReceiptGrant{ID: g.ID, Kinds: g.Kinds, Records: g.Records, Purpose: g.Purpose, Until: g.Until.UTC()}
	}
	text, err := Canonical(r.Statement)
	r.Text = string(text)
	return r, err
}

func (r *Receipt) sign(s Signer) (err error) {
	r.KeyID = KeyID(s.Public)
	r.Signature, err = s.Sign([]byte(receiptPrefix + r.Text))
	return err
}

func itemOf(p Publication) ReceiptItem {
	return ReceiptItem{Publication: p.ID, Kind: p.Kind, Record: p.RecordID, Version: p.Version, SHA256: hexed(p.SHA256[:]), Basis: p.Basis.Kind, BasisID: p.Basis.ID}
}

// VerifyReceipt checks a receipt as GET /api/v1/receipts/{id} gives it, without a network, against keys that were taken
// from the publishers (ReadKeys). It returns what the receipt says, and ErrReceiptUnsigned, ErrReceiptKeyForeign or
// ErrReceiptAltered when it proves nothing.
func VerifyReceipt(file io.Reader, keys KeySet) (Statement, error) {
	var r struct {
		Statement string          `json:"statement"`
		Items     json.RawMessage `json:"items"`
		KeyID     string          `json:"keyId"`
		Signature string          `json:"signature"`
	}
	var s Statement
	if err := json.NewDecoder(io.LimitReader(file, maxManifest)).Decode(&r); err != nil {
		return s, ErrReceiptAltered
	}
	if err := json.Unmarshal([]byte(r.Statement), &s); err != nil || s.Format != receiptFormat {
		return s, ErrReceiptAltered
	}
	if r.Signature == "" {
		return s, ErrReceiptUnsigned
	}
	signer := s.Owner
	if s.Act.byReader() {
		signer = s.Reader
	}
	key, ok := keys[r.KeyID]
	if !ok || key.Publisher.Slug != signer {
		return s, ErrReceiptKeyForeign
	}
	signature, err := base64.StdEncoding.DecodeString(r.Signature)
	if err != nil || !ed25519.Verify(key.Key, []byte(receiptPrefix+r.Statement), signature) {
		return s, ErrReceiptAltered
	}
	var items []any
	if err := json.Unmarshal(r.Items, &items); err != nil {
		return s, ErrReceiptAltered
	}
	list, err := Canonical(items)
	if sum := sha256.Sum256(list); err != nil || len(items) != s.Count || hexed(sum[:]) != s.ItemsSHA256 {
		return s, ErrReceiptAltered
	}
	return s, nil
}
