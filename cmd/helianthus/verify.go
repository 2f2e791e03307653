package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

var (
	errNotValid    = problem.New(problem.Conflict, "cli.not-valid")
	errVerifyUsage = problem.New(problem.Invalid, "cli.verify-usage")
)

// exits are the exit statuses of `verify`, so that scripts need not read what it says: 0 is valid, 1 that it could not be
// checked, 2 wrong use.
var exits = map[string]int{
	string(exchange.Withdrawn): 3, string(credential.Suspended): 4, string(exchange.UnknownIssuer): 5, string(exchange.Altered): 6, string(exchange.NotIssued): 7,
}

// notValid is errNotValid with the exit status of a verdict.
type notValid struct {
	error
	verdict string
}

func (e notValid) Unwrap() error { return e.error }
func (e notValid) exit() int     { return exits[e.verdict] }

// question is what `verify` is asked.
type question struct {
	file  string
	keys  string   // a file of keys, or of issuers
	url   string   // the house that is asked
	lists []string // files with status lists that somebody kept
}

func readQuestion(args []string) (q question, err error) {
	for i := 0; i < len(args); i++ {
		name, value, given := strings.Cut(args[i], "=")
		if !strings.HasPrefix(name, "--") {
			if q.file != "" {
				return q, errVerifyUsage
			}
			q.file = args[i]
			continue
		}
		if !given {
			if i++; i == len(args) {
				return q, errVerifyUsage
			}
			value = args[i]
		}
		switch name {
		case "--keys":
			q.keys = value
		case "--url":
			q.url = value
		case "--list":
			q.lists = append(q.lists, value)
		default:
			return q, errVerifyUsage
		}
	}
	if q.file == "" || q.keys == "" && q.url == "" {
		return q, errVerifyUsage
	}
	return q, nil
}

// verify checks a data package, a credential or a certificate: verify FILE --keys FILE works without a network; verify FILE
// --url ADDRESS fetches the keys from the publisher's house and asks it whether the file still holds.
func verify(ctx context.Context, args []string, out io.Writer) error {
	q, err := readQuestion(args)
	if err != nil {
		return err
	}
	is, err := isCredential(q.file)
	if err != nil {
		return err
	}
	if is {
		return verifyCredential(ctx, q, out)
	}
	rep, err := check(ctx, q)
	if err != nil {
		return err
	}
	tellOfPackage(out, rep)
	if rep.Verdict != exchange.Valid {
		return notValid{errNotValid, string(rep.Verdict)}
	}
	return nil
}

// tellOfPackage prints a report in plain words.
func tellOfPackage(out io.Writer, rep exchange.Report) {
	line := func(message string, values map[string]any) { fmt.Fprintln(out, say(message, values)) }
	line("verify.verdict."+string(rep.Verdict), nil)
	fmt.Fprintf(out, "%s  %s  %s\n", rep.Number, rep.Issuer.Tenant, rep.IssuedAt.Format(time.RFC3339))
	for what, names := range map[string][]string{"changed": rep.Changed, "missing": rep.Missing, "added": rep.Added} {
		for _, n := range names {
			line("verify.file."+what, map[string]any{"File": n})
		}
	}
	if rep.WithdrawnAt != nil {
		line("verify.withdrawn-on", map[string]any{"Since": rep.WithdrawnAt.Format(time.RFC3339)})
	}
	if rep.Reason != "" {
		line("verify.reason", map[string]any{"Reason": credential.Printable(rep.Reason)})
	}
	switch {
	case rep.Asked:
	case rep.AsOf != nil:
		line("verify.as-of", map[string]any{"AsOf": rep.AsOf.Format(time.RFC3339)})
	default:
		line("verify.not-asked", nil)
	}
}

// check checks a data package with what the question names: keys, kept lists of withdrawn packages, or a house to ask.
func check(ctx context.Context, q question) (exchange.Report, error) {
	f, err := os.Open(q.file)
	if err != nil {
		return exchange.Report{}, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return exchange.Report{}, err
	}
	var house exchange.House
	if q.url != "" {
		base, err := url.Parse(q.url)
		if err != nil {
			return exchange.Report{}, errSetting.With("Setting", "--url").With("Value", q.url).With("Why", "address")
		}
		house = exchange.House{Base: base, Client: &http.Client{Timeout: 30 * time.Second}}
	}
	keys, err := keysFor(ctx, q, house)
	if err != nil {
		return exchange.Report{}, err
	}
	rep, err := exchange.Verify(f, st.Size(), keys)
	if err != nil {
		return rep, err
	}
	if q.url != "" {
		return house.Ask(ctx, rep)
	}
	var kept []exchange.Withdrawals
	for _, name := range q.lists {
		l, err := readFile(name, func(r io.Reader) ([]exchange.Withdrawals, error) { return exchange.ReadWithdrawn(r, keys) })
		if err != nil {
			return rep, err
		}
		kept = append(kept, l...)
	}
	return rep.Against(kept), nil
}

// keysFor are the keys in a file, or those that a house names now.
func keysFor(ctx context.Context, q question, house exchange.House) (exchange.KeySet, error) {
	if q.keys == "" {
		return house.Keys(ctx)
	}
	return readFile(q.keys, exchange.ReadKeys)
}

func readFile[T any](name string, read func(io.Reader) (T, error)) (v T, err error) {
	f, err := os.Open(name)
	if err != nil {
		return v, err
	}
	defer f.Close()
	return read(f)
}
