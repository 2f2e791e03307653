package translog

import (
	"errors"
	"fmt"
	"os"
	"strings"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrWitnesses is returned for a file that does not say who witnesses whom.
var ErrWitnesses = problem.New(problem.Invalid, "log.witnesses-wrong")

// House is another house, whose publications we receive.
type House struct {
	Name string // of its log
	Key  string // verifier key of its log
	URL  string
}

// Others are those whom the operator trusts with something.
type Others struct {
	Witnesses []Witness                // who cosigns our checkpoints
	Watched   map[string]note.Verifier // logs whose checkpoints we cosign, by origin
	Houses    []House                  // whose publications we receive
}

// ReadOthers reads who has to do with us. Each line is `witness KEY URL`, who cosigns our checkpoints, `log KEY`, a log whose
// checkpoints we cosign, or `house KEY URL`, a house whose publications we receive, with the key of its log; KEY is a
// verifier key of signed-note. Empty lines and those that begin with # say nothing.
func ReadOthers(file string) (o Others, err error) {
	o.Watched = map[string]note.Verifier{}
	if file == "" {
		return o, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return o, fmt.Errorf("%w: %w", ErrWitnesses.With("File", file).With("Line", 0), err)
	}
	for n, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0][0] == '#':
			continue
		case len(words) == 3 && words[0] == "witness" && strings.HasPrefix(words[2], "http"):
			v, errKey := cosign.NewVerifierForCosignatureV1(words[1])
			o.Witnesses, err = append(o.Witnesses, Witness{v, strings.TrimSuffix(words[2], "/")}), errKey
		case len(words) == 3 && words[0] == "house" && strings.HasPrefix(words[2], "http"):
			v, errKey := note.NewVerifier(words[1])
			if err = errKey; err == nil {
				o.Houses = append(o.Houses, House{v.Name(), words[1], strings.TrimSuffix(words[2], "/")})
			}
		case len(words) == 2 && words[0] == "log":
			v, errKey := note.NewVerifier(words[1])
			if err = errKey; err == nil {
				o.Watched[v.Name()] = v
			}
		default:
			err = errors.New("neither a witness nor a log nor a house")
		}
		if err != nil {
			return o, fmt.Errorf("%w: %w", ErrWitnesses.With("File", file).With("Line", n+1), err)
		}
	}
	return o, nil
}
