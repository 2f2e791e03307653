package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Of the quiet and the noisy tenant.
const (
	quietEvery   = 25 * time.Millisecond // a request of the quiet one, as an office at work sends them
	noisyClients = 64                    // that ask again as soon as they are answered
	quietFirst   = 20                    // requests of each round that are not counted: all connect, and plans are laid
)

// benchFair measures what one noisy tenant does to another: the 99th percentile of a tenant that reads now and then, alone and
// beside one that asks without a pause over many connections, with and without limits. Rounds alternate, so that what else
// the machine does falls on all of them.
func benchFair(ctx context.Context, r *benchRun) error {
	tenants, err := r.benchTenants(ctx, 2)
	if err != nil {
		return err
	}
	for _, scoped := range tenants {
		for range 50 {
			if _, err := r.publishOne(scoped); err != nil {
				return err
			}
		}
	}
	quiet, err := r.benchMachine(tenants[0])
	if err != nil {
		return err
	}
	noisy, err := r.benchMachine(tenants[1])
	if err != nil {
		return err
	}
	for _, limited := range []bool{false, true} {
		name := map[bool]string{false: "unlimited", true: "limited"}[limited]
		house := *r.house
		house.Limited = limited
		address, stop, err := serveHouse(&house)
		if err != nil {
			return err
		}
		var alone, beside []time.Duration
		noise := 0
		for range r.rounds {
			took, _, err := duet(ctx, address, quiet, "", r.round)
			if err != nil {
				return err
			}
			alone = append(alone, took...)
			took, n, err := duet(ctx, address, quiet, noisy, r.round)
			if err != nil {
				return err
			}
			beside, noise = append(beside, took...), noise+n
		}
		stop()
		a, b := quantile(alone, 0.99), quantile(beside, 0.99)
		r.figure("fair_"+name+"_alone_p99_ms", "%.2f", milliseconds(a))
		r.figure("fair_"+name+"_beside_p99_ms", "%.2f", milliseconds(b))
		r.figure("fair_"+name+"_change_percent", "%.0f", 100*(float64(b)/float64(a)-1))
		r.figure("fair_"+name+"_noise_per_s", "%.0f", float64(noise)/(float64(r.rounds)*r.round.Seconds()))
	}
	return nil
}

// serveHouse serves a house at an address of its own.
func serveHouse(h *httpd.House) (address string, stop func(), err error) {
	server, err := httpd.New(h)
	if err != nil {
		return "", nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.Serve(l) // until it is closed
	}()
	return "http://" + l.Addr().String(), func() { _ = s.Close(); <-ended }, nil
}

// benchMachine makes a machine of a tenant and returns a token of it.
func (r *benchRun) benchMachine(scoped context.Context) (string, error) {
	c, secret, err := r.house.Identity.CreateClient(scoped, identity.Client{Name: "bench", Scopes: r.house.Access.MachineCeiling(tenancy.County), ExpiresAt: time.Now().Add(time.Hour)})
	if err != nil {
		return "", err
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.ID}, "client_secret": {secret}}
	req, err := http.NewRequestWithContext(scoped, http.MethodPost, "http://"+r.address+"/api/v1/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := (&http.Client{Timeout: time.Minute}).Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	var answer struct {
		Token string `json:"access_token"`
	}
	return answer.Token, json.NewDecoder(res.Body).Decode(&answer)
}

// duet takes the times of the quiet one for a while, beside the noisy one when it has a token, and counts what that one got.
func duet(ctx context.Context, address, quiet, noisy string, during time.Duration) (took []time.Duration, noise int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	var all sync.WaitGroup
	var mu sync.Mutex
	if noisy != "" {
		for range noisyClients {
			all.Go(func() {
				client := &http.Client{Transport: &http.Transport{}}
				defer client.CloseIdleConnections()
				for ctx.Err() == nil {
					if status, err := readOnce(ctx, client, address, noisy); err == nil && status == http.StatusOK {
						mu.Lock()
						noise++
						mu.Unlock()
					}
				}
			})
		}
	}
	tick := time.NewTicker(quietEvery)
	defer tick.Stop()
	for n := 0; n < quietFirst && err == nil; n++ {
		_, err = readOnce(ctx, client, address, quiet)
		<-tick.C
	}
	for end := time.Now().Add(during); time.Now().Before(end) && err == nil; <-tick.C {
		began := time.Now()
		var status int
		if status, err = readOnce(ctx, client, address, quiet); err == nil && status != http.StatusOK {
			err = fmt.Errorf("the quiet one got %d", status)
		}
		took = append(took, time.Since(began))
	}
	cancel()
	all.Wait()
	return took, noise, err
}

func readOnce(ctx context.Context, client *http.Client, address, token string) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/api/v1/publications/own?limit=20", nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}
