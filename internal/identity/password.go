package identity

import (
	"context"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrCrowded is returned while so many people sign in at once that one more would wait too long.
var ErrCrowded = problem.New(problem.TooMany, "session.crowded")

// passwordLength is the shortest password, in characters (NIST SP 800-63B-4 asks 15 where it is the only factor).
const passwordLength = 15

var argon = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// HashQuickly makes passwords of this process cheap to hash, and to guess. For tests, which sign in hundreds of people: hence
// what it asks for.
func HashQuickly(interface{ Helper() }) {
	argon = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

const (
	hashedAtOnce = 2  // each takes 19 MiB and a processor for some 20 ms
	hashesQueued = 64 // the last one waits about a second
)

// hasher makes and compares hashes of passwords, a few at a time, so that sign-ins cannot take all memory.
type hasher struct{ queue, slots chan struct{} }

func newHasher() hasher {
	return hasher{make(chan struct{}, hashesQueued), make(chan struct{}, hashedAtOnce)}
}

// do runs work when its turn comes. It returns ErrCrowded when the queue is full.
func (h hasher) do(ctx context.Context, work func()) error {
	select {
	case h.queue <- struct{}{}:
	default:
		return ErrCrowded.With("retryAfter", 2)
	}
	defer func() { <-h.queue }()
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-h.slots }()
	work()
	return nil
}

func (h hasher) hash(ctx context.Context, password string) (hash string, err error) {
	if busy := h.do(ctx, func() { hash, err = argon2id.CreateHash(password, argon) }); busy != nil {
		return "", busy
	}
	return hash, err
}

func (h hasher) matches(ctx context.Context, password, hash string) (good bool, err error) {
	if busy := h.do(ctx, func() { good, err = argon2id.ComparePasswordAndHash(password, hash) }); busy != nil {
		return false, busy
	}
	return good, err
}

// decoy is compared when nobody has the name tried, so that the time taken tells nothing.
var decoy = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("nobody has this password", argon) })

func checkPassword(pointer, password, email string) error {
	if utf8.RuneCountInString(password) < passwordLength || strings.EqualFold(password, email) {
		return problem.ErrInvalid.At(pointer, CodePasswordShort, "Length", passwordLength)
	}
	return nil
}
