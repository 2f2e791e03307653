package document

import (
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/lifecycle"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ID identifies a document within its tenant.
type ID = uuid.UUID

// Status is where a document is, or one of its versions.
type Status string

// The statuses. Versions are never retired.
const (
	Uploading Status = "uploading" // announced; the bytes are awaited
	Ready     Status = "ready"
	Refused   Status = "refused" // the bytes are not what was announced, or not what we take
	Retired   Status = "retired" // no longer for use; records that name it still show it
)

// Act is what can be done with a document.
type Act string

// The acts. Keep and refuse are the outcomes of completing.
const (
	Keep   Act = "keep"
	Refuse Act = "refuse"
	Revise Act = "revise"
	Retire Act = "retire"
)

var moves = lifecycle.Table[Status, Act]{
	{From: Uploading, Act: Keep, To: Ready},
	{From: Uploading, Act: Refuse, To: Refused},
	{From: Refused, Act: Revise, To: Refused}, // the new version's own outcome moves it on
	{From: Refused, Act: Keep, To: Ready},
	{From: Refused, Act: Refuse, To: Refused},
	{From: Ready, Act: Revise, To: Ready},
	{From: Ready, Act: Keep, To: Ready},   // a new version
	{From: Ready, Act: Refuse, To: Ready}, // of a new version; the old one holds
	{From: Ready, Act: Retire, To: Retired},
	{From: Retired, Act: Refuse, To: Retired}, // of a version that was still awaited
}

// Document (文档) is a file of a tenant, in versions.
type Document struct {
	ID        ID
	Version   int // of the record, for ETags
	Status    Status
	Filename  string
	Purpose   string
	Number    int // the version that holds; 0: none yet
	CreatedAt time.Time
	UpdatedAt time.Time
	Current   Version   // the one that holds; the newest one while none does
	Versions  []Version // newest first; empty in lists
}

// Version is one set of bytes of a document.
type Version struct {
	Number         int
	Status         Status
	Filename       string
	MediaType      string
	Size           int64
	SHA256         string // hexadecimal
	Reason         string // code of why it was refused
	RetainUntil    *time.Time
	UploadedByName string
	CreatedAt      time.Time
	CompletedAt    *time.Time

	uploadKey     string
	objectKey     string
	objectVersion string
}

// Problems of documents.
var (
	ErrNotFound   = problem.New(problem.NotFound, "document.not-found")
	ErrNotReady   = problem.New(problem.Conflict, "document.not-ready")
	ErrNotArrived = problem.New(problem.Conflict, "document.not-arrived")
	ErrTooLarge   = problem.New(problem.TooLarge, "document.too-large")
	ErrBusy       = problem.New(problem.Unavailable, "document.busy") // too many files are being looked at
)

// Codes of fields.
var (
	codeFilename  = problem.Field("document.filename")
	codeExtension = problem.Field("document.extension")
	codeMediaType = problem.Field("document.media-type")
	codeOldExcel  = problem.Field("document.old-excel")
	codeDigest    = problem.Field("document.digest")
)

// Announcement is what is said of a file before it is sent.
type Announcement struct {
	Filename  string
	Size      int64
	MediaType string
	SHA256    string // hexadecimal
	Purpose   string // a word of the record that will name it; empty for none
}

// Check looks at an announcement, and returns one detail per wrong field.
func (a Announcement) Check(maxSize int64) error {
	if a.Size > maxSize {
		return ErrTooLarge.With("MiB", maxSize>>20)
	}
	check := problem.ErrInvalid
	if !goodFilename(a.Filename) {
		check = check.At("/filename", codeFilename)
	}
	k, known := kinds[a.MediaType]
	switch {
	case strings.EqualFold(path.Ext(a.Filename), ".xls"): // there is no reader of it that is kept up; Excel saves the newer form since 2007
		check = check.At("/filename", codeOldExcel)
	case !known:
		check = check.At("/mediaType", codeMediaType, "MediaType", a.MediaType)
	case !k.named(a.Filename):
		check = check.At("/filename", codeExtension, "Extensions", strings.Join(k.extensions, " "))
	}
	if len(a.SHA256) != 64 {
		check = check.At("/sha256", codeDigest)
	}
	return check.Or()
}

// goodFilename refuses what is a path or could not be shown; bidirectional controls would let a name pass for another.
func goodFilename(name string) bool {
	if name == "" || len(name) > 200 || !utf8.ValidString(name) || name != path.Base(name) || strings.Contains(name, `\`) || name != strings.TrimSpace(name) {
		return false
	}
	return name != "." && name != ".." && !strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	})
}
