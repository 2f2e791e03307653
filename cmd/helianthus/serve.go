package main

import (
	"context"
	"fmt"
	"io"
	"net"

	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/postgres"
)

// serve is the half of production that answers requests.
func serve(ctx context.Context, args []string, out io.Writer) error {
	s, err := production("serve", args)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("%w: %w", errAddrUsed.With("Addr", s.Addr), err)
	}
	defer l.Close()
	n, err := newNode(ctx, s, s.PostgresURL, s.store(), false)
	if err != nil {
		return err
	}
	defer n.close()
	return n.run(ctx, l, false, func() error { fmt.Fprintln(out, "ready", s.BaseURL); return nil })
}

// work is the half that does jobs.
func work(ctx context.Context, args []string, out io.Writer) error {
	s, err := production("work", args)
	if err != nil {
		return err
	}
	n, err := newNode(ctx, s, s.PostgresURL, s.store(), true)
	if err != nil {
		return err
	}
	defer n.close()
	return n.run(ctx, nil, true, func() error { fmt.Fprintln(out, "ready"); return nil })
}

func (s Settings) store() objectstore.Config {
	return objectstore.Config{Endpoint: s.S3Endpoint, Region: s.S3Region, Bucket: s.S3Bucket, AccessKey: s.S3AccessKey, SecretKey: s.S3SecretKey, VirtualHosted: s.S3VirtualHosted}
}

// production reads the settings of a half and refuses to guess what only the operator knows.
func production(command string, args []string) (Settings, error) {
	s, _, err := read(command, args, environment)
	if err != nil {
		return s, err
	}
	logTo(s)
	for _, needed := range []struct {
		name string
		has  bool
	}{
		{"postgres-url", s.PostgresURL != ""}, {"s3-endpoint", s.S3Endpoint != ""}, {"s3-access-key", s.S3AccessKey != ""}, {"s3-secret-key", s.S3SecretKey != ""},
		{"secret", s.Secret != nil}, {"base-url", s.BaseURL != ""},
	} {
		if !needed.has {
			return s, errSettingMissing.With("Setting", setting{name: needed.name}.variable())
		}
	}
	return s, nil
}

// migrate brings a database to this version: as a superuser what a server needs once, then, as the owner, the tables.
func migrate(ctx context.Context, args []string, out io.Writer) error {
	s, _, err := read("migrate", args, environment)
	if err != nil {
		return err
	}
	logTo(s)
	if s.PostgresSuperuserURL != "" {
		if err := postgres.Bootstrap(ctx, s.PostgresSuperuserURL, s.PostgresOwnerURL, s.PostgresURL); err != nil {
			return err
		}
	}
	if s.PostgresOwnerURL == "" {
		return errSettingMissing.With("Setting", setting{name: "postgres-owner-url"}.variable())
	}
	if err := postgres.Migrate(ctx, s.PostgresOwnerURL); err != nil {
		return err
	}
	fmt.Fprintln(out, say("cli.migrated", nil))
	return nil
}
