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

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

var errNotValid = problem.New(problem.Conflict, "cli.not-valid")

// verify checks a data package, a credential or a certificate: verify FILE --keys FILE works without a network; verify FILE
// --url ADDRESS fetches the keys from the publisher's house and asks it whether the file still holds.
func verify(ctx context.Context, args []string, out io.Writer) error {
	var file, keyFile, address string
	for i := 0; i < len(args); i++ {
		name, value, given := strings.Cut(args[i], "=")
		if !given && strings.HasPrefix(name, "--") && i+1 < len(args) {
			i++
			value = args[i]
		}
		switch name {
		case "--keys":
			keyFile = value
		case "--url":
			address = value
		default:
			file = args[i]
		}
	}
	if file == "" || keyFile == "" && address == "" {
		return errSettingMissing.With("Setting", "FILE, --keys | --url")
	}
	if is, err := isCredential(file); err != nil || is {
		if err != nil {
			return err
		}
		return verifyCredential(ctx, file, keyFile, address, out)
	}
	rep, err := check(ctx, file, keyFile, address)
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
		return errNotValid
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
