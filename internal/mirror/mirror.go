package mirror

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"
	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/translog"
)

// What stops a mirror: the house, or somebody between, does not tell the truth.
var (
	ErrAltered  = errors.New("a content does not have the hash that was published")
	ErrUnlogged = errors.New("what the feed shows is not in the transparency log")
	// ErrSilent is met where the feed lacks the canary, the record that every reader finds: something is switched off.
	ErrSilent = errors.New("the feed lacks the record that every reader must find")
)

// Change is a line of the feed.
type Change struct {
	Seq         int64  `json:"seq"`
	Event       string `json:"event"`
	Publisher   Publisher
	Kind        string `json:"kind"`
	RecordID    string `json:"recordId"`
	Publication string `json:"publicationId"`
	Version     int    `json:"version"`
	Body        *struct {
		Content     json.RawMessage `json:"content"`
		SHA256      string          `json:"sha256"`
		PublishedAt time.Time       `json:"publishedAt"`
		WithdrawnAt *time.Time      `json:"withdrawnAt"`
		Basis       struct{ Kind string }
	} `json:"publication"`
	raw json.RawMessage // the publication as it came
}

// Publisher is who publishes in the house.
type Publisher struct {
	ID    uuid.UUID
	Slug  string
	Names map[string]string // by BCP 47 tag
	Demo  bool              // its records are demonstrations
}

// UnmarshalJSON keeps the publication as it came beside what is read of it.
func (c *Change) UnmarshalJSON(b []byte) error {
	type plain Change
	if err := json.Unmarshal(b, (*plain)(c)); err != nil {
		return err
	}
	var all struct{ Publication json.RawMessage }
	err := json.Unmarshal(b, &all)
	c.raw = all.Publication
	return err
}

// holds tells whether the change brings a content; otherwise it takes the record away.
func (c *Change) holds() bool {
	return (c.Event == "publish" || c.Event == "reveal") && c.Body != nil && c.Body.Content != nil && c.Body.WithdrawnAt == nil
}

// State is what a mirror knows besides its records.
type State struct {
	House    string            `json:"house"`    // address
	LogKey   string            `json:"logKey"`   // verifier key of signed-note
	Position int64             `json:"position"` // in the feed
	Log      translog.Edge     `json:"log"`      // as far as it was read
	Logged   map[string]string `json:"logged"`   // hashes of publications that are in the log, and not yet in the feed
	Awaited  map[string]string `json:"awaited"`  // of those that are in the feed, and proved, and not yet read in the log
	Canary   bool              `json:"canary"`   // it was met
}

// Copy is where records are kept.
type Copy interface {
	// State reads what was written last; the zero State before anything was.
	State(ctx context.Context) (State, error)
	// Apply does what changes say, and keeps the state.
	Apply(ctx context.Context, changes []Change, s State) error
	// Count is how many records there are.
	Count(ctx context.Context) (int64, error)
}

// page is how many changes are asked for at once.
const page = 200

// Mirror keeps a copy of a house's publications.
type Mirror struct {
	House *House
	Copy  Copy
}

// Round brings the copy up to the head of the feed and returns its state. With wait it waits that long at most for a change.
// The log's key is pinned at the first round: key, or the house's newest one when key is empty.
func (m *Mirror) Round(ctx context.Context, key string, wait time.Duration) (State, error) {
	s, err := m.Copy.State(ctx)
	if err != nil {
		return s, err
	}
	if s.House == "" {
		s = State{House: m.House.URL, LogKey: key, Logged: map[string]string{}, Awaited: map[string]string{}}
		if s.LogKey == "" {
			if s.LogKey, err = m.House.logKey(ctx); err != nil {
				return s, err
			}
		}
	}
	if key != "" && key != s.LogKey {
		s.LogKey = key // it was exchanged: whoever runs the mirror says so
	}
	for {
		if err := m.follow(ctx, &s); err != nil {
			return s, err
		}
		changes, position, head, err := m.House.changes(ctx, s.Position, wait)
		if err != nil {
			return s, err
		}
		for i := range changes {
			if err := m.check(ctx, &s, &changes[i]); err != nil {
				return s, fmt.Errorf("change %d (%s %s of %s): %w", changes[i].Seq, changes[i].Kind, changes[i].RecordID, changes[i].Publisher.Slug, err)
			}
		}
		s.Position = position
		if err := m.Copy.Apply(ctx, changes, s); err != nil {
			return s, err
		}
		if position >= head && !s.Canary {
			return s, ErrSilent
		}
		if position >= head {
			return s, m.settle(ctx, &s)
		}
		wait = 0
	}
}

// follow reads the log on to its checkpoint.
func (m *Mirror) follow(ctx context.Context, s *State) error {
	v, err := note.NewVerifier(s.LogKey)
	if err != nil {
		return fmt.Errorf("key of the log: %w", err)
	}
	monitor := translog.Monitor{URL: m.House.URL + "/api/v1/log", Verifier: v, Client: m.House.Client}
	met := map[string]string{}
	edge, err := monitor.Follow(ctx, s.Log, func(_ int64, entry []byte) error {
		var line struct{ Event, Publication, SHA256 string }
		if err := json.Unmarshal(entry, &line); err != nil {
			return fmt.Errorf("log entry: %w", err)
		}
		if line.Event == "publish" && line.Publication != "" {
			met[line.Publication] = line.SHA256
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.Log = edge
	for id, sum := range met {
		known, ok := s.Awaited[id]
		switch {
		case !ok:
			s.Logged[id] = sum
		case known != sum:
			return fmt.Errorf("%w: publication %s", ErrAltered, id)
		default:
			delete(s.Awaited, id)
		}
	}
	return nil
}

// check believes nothing of a change.
func (m *Mirror) check(ctx context.Context, s *State, c *Change) error {
	s.Canary = s.Canary && c.Kind != "canary" || c.Kind == "canary" && c.holds()
	if !c.holds() {
		delete(s.Logged, c.Publication)
		return nil
	}
	content, err := jcs.Transform(c.Body.Content)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAltered, err)
	}
	sum := sha256.Sum256(content)
	if hex.EncodeToString(sum[:]) != c.Body.SHA256 {
		return ErrAltered
	}
	if known, ok := s.Logged[c.Publication]; ok {
		delete(s.Logged, c.Publication)
		if known != c.Body.SHA256 {
			return ErrAltered
		}
		return nil
	}
	return m.prove(ctx, s, c) // what is sealed, was seen before, or came after the checkpoint that was read
}

// prove asks for the proof of a publication and verifies it, with the log's key and nothing else.
func (m *Mirror) prove(ctx context.Context, s *State, c *Change) error {
	p, err := m.House.proof(ctx, c.Publication)
	if errors.Is(err, errGone) {
		c.Body = nil // nothing is kept that is not proved; the feed says later that it was taken away
		return nil
	}
	if err != nil {
		return err
	}
	v, err := note.NewVerifier(s.LogKey)
	if err != nil {
		return fmt.Errorf("key of the log: %w", err)
	}
	says, index, err := p.Check(v)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnlogged, err)
	}
	var line struct{ Publication, SHA256 string }
	if err := json.Unmarshal(says, &line); err != nil || line.Publication != c.Publication || line.SHA256 != c.Body.SHA256 {
		return fmt.Errorf("%w: the entry is of something else", ErrUnlogged)
	}
	if p.Salt == nil && index >= s.Log.Size {
		s.Awaited[c.Publication] = c.Body.SHA256
	}
	return nil
}

// settle reads the log on to where everything is that was proved.
func (m *Mirror) settle(ctx context.Context, s *State) error {
	for {
		if err := m.follow(ctx, s); err != nil {
			return err
		}
		if len(s.Awaited) == 0 {
			return m.Copy.Apply(ctx, nil, *s)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// Timeout is what a request of a mirror may take beyond what it waits for.
const Timeout = 90 * time.Second

// NewClient returns a client for a House.
func NewClient() *http.Client { return &http.Client{Timeout: Timeout} }
