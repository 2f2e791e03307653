package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/tenants"
)

// tenantsCommand applies tenant files (the difference is shown first), lists tenants, suspends or resumes one, or gives
// somebody a password, read from the standard input, so that it stands in no list of processes.
func tenantsCommand(ctx context.Context, args []string, out io.Writer) error {
	dry := slices.Contains(args, "--dry-run")
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "--dry-run" })
	s, rest, err := read("tenants", args, environment)
	if err != nil {
		return err
	}
	logTo(s)
	if len(rest) == 0 {
		return errSettingUnknown.With("Setting", "").With("Command", "tenants")
	}
	if s.PostgresOwnerURL == "" || s.PostgresURL == "" {
		return errSettingMissing.With("Setting", setting{name: "postgres-owner-url"}.variable()+", "+setting{name: "postgres-url"}.variable())
	}
	owner, err := pgxpool.New(ctx, s.PostgresOwnerURL)
	if err != nil {
		return err
	}
	defer owner.Close()
	pool, err := postgres.Open(ctx, s.PostgresURL, 2)
	if err != nil {
		return err
	}
	defer pool.Close()
	p := identity.Provisioner{Owner: owner, DB: tenancy.New(pool)}
	switch rest[0] {
	case "apply":
		return applyTenants(ctx, p, rest[1:], s.DemoPassword, dry, out)
	case "list":
		all, err := p.List(ctx)
		for _, t := range all {
			state := "active"
			if t.Suspended {
				state = "suspended"
			}
			fmt.Fprintf(out, "%-24s %-14s %-10s %s\n", t.Slug, t.Kind, state, t.Names["en"])
		}
		return err
	case "suspend", "resume":
		if len(rest) != 2 {
			return errSettingMissing.With("Setting", "SLUG")
		}
		if rest[0] == "suspend" {
			return p.Suspend(ctx, rest[1])
		}
		return p.Resume(ctx, rest[1])
	case "password":
		if len(rest) != 3 {
			return errSettingMissing.With("Setting", "SLUG EMAIL")
		}
		return setPassword(ctx, p, rest[1], rest[2], os.Stdin)
	}
	return errSettingUnknown.With("Setting", rest[0]).With("Command", "tenants")
}

func applyTenants(ctx context.Context, p identity.Provisioner, names []string, password string, dry bool, out io.Writer) error {
	var files []tenants.Tenant
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		t, err := tenants.Parse(b)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		files = append(files, t)
	}
	changes, err := p.Plan(ctx, files, password)
	if err != nil {
		return err
	}
	for _, c := range changes {
		fmt.Fprintln(out, c)
	}
	if dry {
		return nil
	}
	if _, err = p.Apply(ctx, files, password); err != nil {
		return err
	}
	return placeCanary(ctx, p)
}

// placeCanary publishes the record that every client of the feed must find, once there is an operator.
func placeCanary(ctx context.Context, p identity.Provisioner) error {
	all, err := p.List(ctx)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t.Kind != tenancy.Operator || t.Suspended {
			continue
		}
		s, err := p.ScopeOf(ctx, t.Slug)
		if err != nil {
			return err
		}
		return exchange.PlaceCanary(tenancy.In(ctx, s), p.DB)
	}
	return nil
}

func setPassword(ctx context.Context, p identity.Provisioner, slug, email string, in io.Reader) error {
	line, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return p.SetPassword(ctx, slug, email, strings.TrimRight(line, "\r\n"))
}
