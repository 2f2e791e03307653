package promotion

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/registry"
)

// Problems of platforms.
var (
	ErrPlatformNotFound = problem.New(problem.NotFound, "promotion-platform.not-found")
	// ErrPlatformTwice is returned for a second active platform that is the same tenant.
	ErrPlatformTwice = postgres.Constraint("promotion_platforms_partner_key", problem.New(problem.Conflict, "promotion-platform.twice"))
	// ErrPlatformArchived is returned for mirroring from one that is archived.
	ErrPlatformArchived = problem.New(problem.Conflict, "promotion-platform.archived")

	codeWebsite = problem.Field("promotion.website")
	codePartner = problem.Field("promotion.partner")
)

// Level is how far a platform reaches.
type Level string

// Levels lists them.
var Levels = []Level{"national", "regional", "municipal"}

// Standing is whether a platform is still worked with.
type Standing string

// The standings of a platform.
const (
	NoStanding Standing = "none"
	Active     Standing = "active"
	Archived   Standing = "archived"
)

// Care is something done to the record of a platform.
type Care string

// What is done to it.
const (
	Enter   Care = "create"
	Correct Care = "update"
	Archive Care = "archive"
	Restore Care = "restore"
)

var cares = lifecycle.Table[Standing, Care]{
	{From: NoStanding, Act: Enter, To: Active},
	{From: Active, Act: Correct, To: Active},
	{From: Active, Act: Archive, To: Archived},
	{From: Archived, Act: Restore, To: Active},
}

// Platform is an exchange platform (交流平台) that holds calls of its own: a partner tenant here, or known by its address only.
type Platform struct {
	ID           uuid.UUID
	Version      int
	Standing     Standing
	Level        Level
	Names        map[string]string
	Region       string // of which it is
	Address      string
	Website      string
	Contact      string
	Partner      *exchange.Publisher // the tenant that it is here
	RecordedName string
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Check collects what is wrong with the record of a platform by itself.
func (p Platform) Check() error {
	wrong := problem.ErrInvalid
	if !said(p.Names) {
		wrong = wrong.At("/names", codeTitle)
	}
	if p.Website != "" && !webAddress(p.Website) {
		wrong = wrong.At("/website", codeWebsite)
	}
	return wrong.Or()
}

// webAddress tells whether a text is where something is read on the web.
func webAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

func (p Platform) folded() string {
	keys := []string{}
	for _, n := range p.Names {
		keys = append(keys, registry.NameKey(n))
	}
	slices.Sort(keys)
	return strings.Join(keys, "\n")
}
