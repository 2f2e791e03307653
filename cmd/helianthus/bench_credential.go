package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/exchange"
)

// benchCredential measures the verification of a credential as a stranger does it with what a certificate carries: the
// signature, both status lists with theirs, and the proof of the log. ctx is of the tenant that issues it.
func benchCredential(ctx context.Context, r *benchRun) error {
	id, err := r.publishOne(ctx)
	if err != nil {
		return err
	}
	if err := r.sequence(ctx); err != nil {
		return err
	}
	var p exchange.Publication
	err = r.house.DB.Read(ctx, func(tx pgx.Tx) error {
		p, err = exchange.ByID(ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	c, err := r.house.Attests.Issue(ctx, credential.Order{Kind: p.Kind, RecordID: p.RecordID})
	if err != nil {
		return err
	}
	proof, err := r.house.Translog.Prove(ctx, id)
	if err != nil {
		return err
	}
	house := credential.House{Base: "http://" + r.address, Client: &http.Client{Timeout: time.Minute}}
	trust, err := house.Trust(ctx)
	if err != nil {
		return err
	}
	with := credential.Evidence{Proof: proof.TLog, Fresh: true}
	for _, list := range c.StatusLists() {
		signed, err := r.house.Attests.SignedList(ctx, list)
		if err != nil {
			return err
		}
		with.Lists = append(with.Lists, signed)
	}
	var took []time.Duration
	for range 200 * r.rounds {
		began := time.Now()
		rep, err := credential.Verify(c.Token, with, trust, time.Now())
		if err != nil {
			return err
		}
		if rep.Verdict != credential.Valid || rep.Logged == nil {
			return fmt.Errorf("the credential is %s %v", rep.Verdict, rep.Findings)
		}
		took = append(took, time.Since(began))
	}
	r.figure("credential_verify_ms", "%.2f", milliseconds(quantile(took, 0.5)))
	r.figure("credential_verify_p99_ms", "%.2f", milliseconds(quantile(took, 0.99)))
	return nil
}
