package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/helianthus-gi/helianthus/internal/credential"
)

// isCredential tells a credential or a certificate from a data package, which is a ZIP file.
func isCredential(file string) (bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 5)
	n, err := io.ReadFull(f, head)
	if err != nil {
		return false, nil //nolint:nilerr // what is that short is refused as a data package
	}
	return credential.IsPaper(head[:n]) || bytes.HasPrefix(head, []byte("ey")), nil // every token begins with {" in base64url
}

func verifyCredential(ctx context.Context, q question, out io.Writer) error {
	b, err := os.ReadFile(q.file)
	if err != nil {
		return err
	}
	house := credential.House{Base: q.url, Client: &http.Client{Timeout: 30 * time.Second}}
	trust, since, err := trustFor(ctx, q, house)
	if err != nil {
		return err
	}
	var kept []string
	for _, name := range q.lists {
		l, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		kept = append(kept, string(l))
	}
	var rep credential.Report
	if q.url == "" {
		rep, err = credential.Check(b, nil, kept, trust, time.Now())
	} else {
		rep, err = house.Check(ctx, b, trust, time.Now())
	}
	if err != nil {
		return err
	}
	tell(out, rep)
	if !since.IsZero() {
		fmt.Fprintln(out, say("verify.issuers-of", map[string]any{"AsOf": since.UTC().Format(time.RFC3339)}))
	}
	if rep.Verdict != credential.Valid {
		return notValid{errNotValid, string(rep.Verdict)}
	}
	return nil
}

// trustFor is whom one trusts: the issuers in a file, which is as old as it says, or those that a house names now.
func trustFor(ctx context.Context, q question, house credential.House) (t credential.Trust, since time.Time, err error) {
	if q.keys == "" {
		t, err = house.Trust(ctx)
		return t, since, err
	}
	k, err := os.Open(q.keys)
	if err != nil {
		return t, since, err
	}
	defer k.Close()
	st, err := k.Stat()
	if err != nil {
		return t, since, err
	}
	t, err = credential.ReadTrust(k)
	return t, st.ModTime(), err
}

// tell prints a report in plain words.
func tell(out io.Writer, rep credential.Report) {
	line := func(message string, values map[string]any) { fmt.Fprintln(out, say(message, values)) }
	line("verify.credential."+string(rep.Verdict), nil)
	for _, f := range rep.Findings {
		line("verify.finding."+string(f), nil)
	}
	if rep.Cause != "" {
		line("verify.cause."+string(rep.Cause), map[string]any{"Since": rep.Since.Format(time.RFC3339)})
	}
	if rep.Reason != "" {
		line("verify.reason", map[string]any{"Reason": credential.Printable(rep.Reason)})
	}
	if rep.Verdict == credential.Altered || rep.Verdict == credential.UnknownIssuer {
		return
	}
	c := rep.Claims
	fmt.Fprintf(out, "%s  %s  %s  %s\n", c.Number, credential.Printable(c.Title), c.Slug, c.From.Format(time.RFC3339))
	line("verify.officer", map[string]any{"Officer": credential.Printable(c.Officer)})
	if c.Demo {
		line("verify.demo", nil)
	}
	switch {
	case rep.Fresh:
	case rep.AsOf != nil:
		line("verify.as-of", map[string]any{"AsOf": rep.AsOf.Format(time.RFC3339)})
	default:
		line("verify.no-status", nil)
	}
	if rep.Logged != nil {
		line("verify.logged", map[string]any{"Index": *rep.Logged})
	}
}
