package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Status says whether an endpoint is told anything.
type Status string

// The statuses. A disabled endpoint keeps its position; enabled again, it is told what it missed.
const (
	Active   Status = "active"
	Disabled Status = "disabled"
)

// Why an endpoint is disabled.
const (
	ByPerson  = "person"
	ByFailure = "failing" // nothing arrived for three days
	ByGone    = "gone"    // it answered 410
)

// Problems of endpoints and deliveries.
var (
	ErrNotFound         = problem.New(problem.NotFound, "webhook.not-found")
	ErrDeliveryNotFound = problem.New(problem.NotFound, "webhook.delivery-not-found")
	ErrTooMany          = problem.New(problem.Conflict, "webhook.too-many")
	ErrDisabled         = problem.New(problem.Conflict, "webhook.disabled")

	codeAddress = problem.Field("webhook.address")
	codePrivate = problem.Field("webhook.address-private")
)

// maxEndpoints bounds what one tenant has.
const maxEndpoints = 20

// Endpoint is an address that is told of changes.
type Endpoint struct {
	ID           uuid.UUID         `json:"id"`
	Version      int               `json:"-"`
	URL          string            `json:"url"`
	Description  string            `json:"description"`
	Kinds        []string          `json:"kinds"` // of publications; empty: all
	Status       Status            `json:"status"`
	DisabledAt   *time.Time        `json:"disabledAt,omitempty"`
	DisabledWhy  string            `json:"disabledWhy,omitempty"`
	Position     exchange.Position `json:"position"` // after the last change that deliveries were made of
	FailingSince *time.Time        `json:"failingSince,omitempty"`
	CreatedAt    time.Time         `json:"createdAt"`
	UpdatedAt    time.Time         `json:"updatedAt"`
	Waiting      int               `json:"-"` // deliveries that are not through
}

// checkURL refuses what is not a public address under https. A name is looked at again whenever it is connected to.
func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" {
		return problem.ErrInvalid.At("/url", codeAddress)
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if a, err := netip.ParseAddr(host); err == nil && !Public(a) {
		return problem.ErrInvalid.At("/url", codePrivate)
	}
	last := host[strings.LastIndex(host, ".")+1:]
	if host == "localhost" || last == "localhost" || last == "local" || last == "internal" {
		return problem.ErrInvalid.At("/url", codePrivate)
	}
	return nil
}

// secretPrefix marks secrets, as Standard Webhooks asks.
const secretPrefix = "whsec_"

// newSecret draws 32 bytes; receivers get them as text.
func newSecret() []byte {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	return secret
}

func secretText(secret []byte) string {
	return secretPrefix + base64.StdEncoding.EncodeToString(secret)
}

// overlap is how long a secret signs on beside the one that replaced it.
const overlap = 24 * time.Hour

// signature is the value of webhook-signature: one signature for each secret, the newest first.
func signature(secrets [][]byte, id string, at time.Time, body []byte) string {
	all := make([]string, len(secrets))
	for n, secret := range secrets {
		h := hmac.New(sha256.New, secret)
		h.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		h.Write(body)
		all[n] = "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
	}
	return strings.Join(all, " ")
}

// waits are the pauses before each further try; together a little more than three days.
var waits = []time.Duration{5 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 24 * time.Hour, 31 * time.Hour}

// next is when a delivery is tried after the given number of tries, each pause longer by up to a tenth (share, of 0 to 1), so that
// many that failed together do not come back together; false when it is given up.
func next(now time.Time, tries int, share float64) (time.Time, bool) {
	if tries > len(waits) {
		return time.Time{}, false
	}
	wait := waits[max(tries, 1)-1]
	return now.Add(wait + time.Duration(share*float64(wait)/10)), true
}

// messageID names a change to one endpoint, at each try and each replay.
func messageID(endpoint uuid.UUID, seq exchange.Position) string {
	return "msg_" + endpoint.String() + "_" + strconv.FormatInt(seq, 10)
}
