package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// ErrXMLInvalid is an import of XML that is not as WIPO's schemas want it, where the operator gave them.
var ErrXMLInvalid = problem.New(problem.Invalid, "import.xml-invalid")

// ST96Schemas checks documents against WIPO's schemas. They are WIPO's, and come from the operator. Nil checks nothing:
// then what can be read is read.
type ST96Schemas struct{ transaction, xmllint string }

// schemaTime is how long a check may take; reading the schemas takes most of it.
const schemaTime = 5 * time.Minute

// NewST96Schemas finds the schemas of V6_0, flattened, in a directory or one below it, and the program xmllint, since
// there is no validator of XML Schema in Go that we would trust. The empty directory gives nil.
func NewST96Schemas(dir string) (*ST96Schemas, error) {
	if dir == "" {
		return nil, nil //nolint:nilnil // nothing is checked
	}
	for _, below := range []string{"", "*"} {
		found, err := filepath.Glob(filepath.Join(dir, below, "GITransaction_V6_0.xsd"))
		if err != nil || len(found) == 0 {
			continue
		}
		program, err := exec.LookPath("xmllint")
		if err != nil {
			return nil, fmt.Errorf("the schemas of ST.96 need xmllint: %w", err)
		}
		return &ST96Schemas{found[0], program}, nil
	}
	return nil, fmt.Errorf("no GITransaction_V6_0.xsd in %s: %w", dir, os.ErrNotExist)
}

var lintLine = regexp.MustCompile(`(?m)^-:(\d+): `)

// Check holds a document against the schema of a transaction, which has every element of geographical indications. It
// returns ErrXMLInvalid with the first wrong line.
func (s *ST96Schemas) Check(ctx context.Context, document io.Reader) error {
	if s == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, schemaTime)
	defer cancel()
	lint := exec.CommandContext(ctx, s.xmllint, "--nonet", "--noout", "--stream", "--schema", s.transaction, "-") //nolint:gosec // the operator's own path
	var said bytes.Buffer
	lint.Stdin, lint.Stderr = document, &said
	err := lint.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit) && ctx.Err() == nil:
		line := 1
		if m := lintLine.FindSubmatch(said.Bytes()); m != nil {
			line, _ = strconv.Atoi(string(m[1]))
		}
		return ErrXMLInvalid.With("Line", line)
	}
	return fmt.Errorf("xmllint: %w", err)
}
