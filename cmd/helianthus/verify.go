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
	rep, err := check(ctx, q.file, q.keys, q.url)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, say("verify.verdict."+string(rep.Verdict), nil))
	fmt.Fprintf(out, "%s  %s  %s\n", rep.Number, rep.Issuer.Tenant, rep.IssuedAt.Format(time.RFC3339))
	for what, names := range map[string][]string{"changed": rep.Changed, "missing": rep.Missing, "added": rep.Added} {
		for _, n := range names {
			fmt.Fprintln(out, say("verify.file."+what, map[string]any{"File": n}))
		}
	}
	if !rep.Asked {
		fmt.Fprintln(out, say("verify.not-asked", nil))
	}
	if rep.Verdict != exchange.Valid {
		return notValid{errNotValid, string(rep.Verdict)}
	}
	return nil
}

func check(ctx context.Context, file, keyFile, address string) (exchange.Report, error) {
	f, err := os.Open(file)
	if err != nil {
		return exchange.Report{}, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return exchange.Report{}, err
	}
	var house exchange.House
	if address != "" {
		base, err := url.Parse(address)
		if err != nil {
			return exchange.Report{}, errSetting.With("Setting", "--url").With("Value", address).With("Why", "address")
		}
		house = exchange.House{Base: base, Client: &http.Client{Timeout: 30 * time.Second}}
	}
	var keys exchange.KeySet
	if keyFile != "" {
		k, err := os.Open(keyFile)
		if err != nil {
			return exchange.Report{}, err
		}
		defer k.Close()
		if keys, err = exchange.ReadKeys(k); err != nil {
			return exchange.Report{}, err
		}
	} else if keys, err = house.Keys(ctx); err != nil {
		return exchange.Report{}, err
	}
	rep, err := exchange.Verify(f, st.Size(), keys)
	if err != nil || address == "" {
		return rep, err
	}
	return house.Ask(ctx, rep)
}
