package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// demoMarks are users of the special mark in the demonstration's county and some of their marks. Their names say that they are made
// up; their credit codes are of the division 000000, which there is none of, and right in their form only.
//
//go:embed demo/marks.json
var demoMarks []byte

// demoUser is an authorisation and what happened to it, its application first.
type demoUser struct {
	marks.Holder
	Acts []marks.Event
}

type demoBatch struct {
	Design, Printer string
	Count           int64
	User            *int // by place in the list of users
	OrderedOn       time.Time
	Scans           []demoScan
	Moves           []struct {
		marks.Doing
		User *int
	}
}

// demoLot is what a user declared.
type demoLot struct {
	User   int // by place in the list of users
	Number string
	marks.LotFacts
}

// demoScan is a code that somebody asked for, just now.
type demoScan struct {
	Number  int64
	Country string
}

// supervise gives a county without users of the mark some of them, and marks that are ordered, issued and used.
func supervise(ctx context.Context, n *node, county tenancy.Scope, reg registry.Registration) error {
	var all struct {
		Officer   string
		Rule      marks.Rule
		Producers []marks.ProducerFacts
		Users     []demoUser
		Batches   []demoBatch
		Lots      []demoLot
	}
	if err := json.Unmarshal(demoMarks, &all); err != nil {
		return err
	}
	county.ActorName = all.Officer
	in := tenancy.In(ctx, county)
	have, _, err := n.house.Users.List(in, marks.Filter{}, 1, "")
	if err != nil || len(have) > 0 {
		return err
	}
	record, err := uuid.Parse(string(reg.ID))
	if err != nil {
		return err
	}
	users := make([]uuid.UUID, len(all.Users))
	for i, u := range all.Users {
		a, err := n.house.Users.Apply(in, record, u.Holder, u.Acts[0])
		for _, act := range u.Acts[1:] {
			if err == nil {
				a, err = n.house.Users.Do(in, a.ID, a.Version, act)
			}
		}
		if err != nil {
			return fmt.Errorf("user %s of the mark: %w", u.CreditCode, err)
		}
		users[i] = a.ID
	}
	for _, b := range all.Batches {
		if err := stock(in, n, record, users, b); err != nil {
			return fmt.Errorf("marks %s: %w", b.Design, err)
		}
	}
	for _, l := range all.Lots {
		if _, err := n.house.Lots.Declare(in, users[l.User], l.Number, l.LotFacts); err != nil {
			return fmt.Errorf("lot %s: %w", l.Number, err)
		}
	}
	for _, p := range all.Producers {
		if _, err := n.house.Usages.Create(in, record, p); err != nil {
			return fmt.Errorf("producer %s: %w", p.CreditCode, err)
		}
	}
	if _, err := n.house.Users.UpdateRule(in, all.Rule); err != nil {
		return err
	}
	return n.house.Batches.Watch(in)
}

func stock(in context.Context, n *node, registration uuid.UUID, users []uuid.UUID, b demoBatch) error {
	o := marks.BatchOrder{RegistrationID: registration, Design: b.Design, Printer: b.Printer, Count: b.Count, OrderedOn: b.OrderedOn}
	if b.User != nil {
		o.AuthorisationID = &users[*b.User]
	}
	made, err := n.house.Batches.Order(in, o)
	if err != nil {
		return err
	}
	asked, err := codesOf(in, n, made.ID, b.Scans)
	if err != nil {
		return err
	}
	for _, m := range b.Moves {
		if m.User != nil {
			m.Authorisation = users[*m.User]
		}
		if _, err := n.house.Batches.Do(in, made.ID, m.Doing); err != nil {
			return err
		}
	}
	for i, scan := range b.Scans { // by anybody: what the keeper of the marks looks up is no scan
		shop := marks.WithAsker(tenancy.In(in, tenancy.Public), marks.Asker{Country: scan.Country})
		if _, err := n.house.Codes.Check(shop, asked[i]); err != nil {
			return err
		}
	}
	n.house.Codes.Flush(in)
	return nil
}

// codesOf are the codes of numbers that are with their printer.
func codesOf(in context.Context, n *node, batch uuid.UUID, scans []demoScan) (all []string, err error) {
	for _, s := range scans {
		f, _, err := n.house.Batches.PrintFile(in, batch, marks.PrintCSV, marks.Numbers{First: s.Number, Count: 1}, "")
		if err != nil {
			return nil, err
		}
		var file strings.Builder
		if err := f.Write(in, &file); err != nil {
			return nil, err
		}
		all = append(all, strings.Split(file.String(), ",")[3]) // of the second line, after the headings
	}
	return all, nil
}
