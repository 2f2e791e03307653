package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// slots of a day: five minutes each, played in slotTakes.
const (
	slots     = 24 * 60 / 5
	slotTakes = 60 * time.Millisecond
)

// weathers are what a network does for five minutes; "down" takes no connection. Most of the day is fair.
var weathers = []string{
	"", "", "", "", "", "",
	`{"type": "latency", "attributes": {"latency": 40, "jitter": 40}}`,
	`{"type": "slicer", "attributes": {"average_size": 200, "size_variation": 100, "delay": 50}}`,
	`{"type": "limit_data", "attributes": {"bytes": 700}}`, // an answer breaks off
	`{"type": "reset_peer", "attributes": {"timeout": 5}}`, // a connection is reset
	`{"type": "timeout", "attributes": {"timeout": 30}}`,   // nothing is heard, then it is closed
	`{"type": "timeout", "attributes": {"timeout": 0}}`,    // half open: nothing is heard
	`{"type": "timeout", "stream": "upstream", "attributes": {"timeout": 0}}`,
	`{"type": "bandwidth", "attributes": {"rate": 4}}`,
	"down",
}

// houseUnderTest is a house as a process of its own, which others reach through a network of changing weather only.
type houseUnderTest struct {
	*instance
	name, dir, others string
	addr              string // its own; others do not know it
	proxy             *toxiproxy.Proxy
	published         map[string]int // version by record, as its officers published it
	withdrawn         []string
}

func newHouseUnderTest(t *testing.T, name string, network *toxiproxy.ApiServer) *houseUnderTest {
	t.Helper()
	dir := t.TempDir()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &houseUnderTest{name: name, dir: dir, addr: free.Addr().String(), others: filepath.Join(dir, "others"), published: map[string]int{}}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	h.proxy = toxiproxy.NewProxy(network, name, "127.0.0.1:0", h.addr)
	if err := h.proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.proxy.Stop)
	if err := os.WriteFile(h.others, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return h
}

// address is where others reach the house, and stays while processes come and go.
func (h *houseUnderTest) address() string { return "http://" + h.proxy.Listen }

func (h *houseUnderTest) start(t *testing.T) {
	t.Helper()
	began := time.Now()
	h.instance = startUp(t, h.dir, "--addr", h.addr, "--base-url", h.address(), "--witnesses", h.others, "--follow", "200ms")
	h.url = "http://" + h.addr
	up := h.instance
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s said:\n%s", h.name, up.errs)
		}
	})
	h.signIn(t)
	t.Logf("%s is up after %v", h.name, time.Since(began).Round(time.Millisecond))
}

// kill ends the process and all that it started, as a power cut does.
func (h *houseUnderTest) kill(t *testing.T) {
	t.Helper()
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = h.cmd.Process.Wait()
}

type logInfo struct {
	Origin, WitnessKey string
	Keys               []string
	Size               int64
	Witnesses          []struct {
		Name, Error string
		Size        int64
	}
}

func (h *houseUnderTest) log(t *testing.T) (i logInfo) {
	t.Helper()
	h.call(t, "GET", "/api/v1/log", nil, &i)
	return i
}

// act is what the house's officers do now and then: a new registration, its next step, or a publication taken back.
func (h *houseUnderTest) act(t *testing.T, dice *rand.Rand) {
	t.Helper()
	switch records := sortedKeys(h.published); {
	case len(records) > 2 && dice.IntN(5) == 0, len(records) > 6 && len(h.withdrawn) == 0: // no day without a withdrawal
		record := records[dice.IntN(len(records))]
		var list struct{ Items []struct{ ID string } }
		h.call(t, "GET", "/api/v1/publications?recordId="+record, nil, &list)
		if len(list.Items) != 1 {
			t.Fatalf("%s has %d publications that hold", record, len(list.Items))
		}
		if code := h.call(t, "POST", "/api/v1/publications/"+list.Items[0].ID+"/withdraw", map[string]string{"reason": "a test"}, nil); code != http.StatusOK {
			t.Fatalf("withdraw: %d", code)
		}
		delete(h.published, record)
		h.withdrawn = append(h.withdrawn, record)
	default:
		h.publish(t, fmt.Sprintf("%s %s", h.name, uuid.NewString()[:8]))
	}
}

// publish takes a name through the register to its second published version.
func (h *houseUnderTest) publish(t *testing.T, name string) {
	t.Helper()
	var r struct{ ID string }
	draft := map[string]any{"office": "CN", "names": []any{map[string]string{"text": name, "language": "en", "kind": "original"}}}
	if code := h.call(t, "POST", "/api/v1/registrations", draft, &r); code != http.StatusCreated {
		t.Fatalf("draft: %d", code)
	}
	for n, act := range []string{"file", "examine", "publish", "register"} {
		if code := h.call(t, "POST", "/api/v1/registrations/"+r.ID+"/"+act, map[string]string{"effectiveOn": fmt.Sprintf("2020-0%d-01", n+1)}, nil); code != http.StatusOK {
			t.Fatalf("%s: %d", act, code)
		}
	}
	h.published[r.ID] = 2
}

// weather changes the network before the house.
func (h *houseUnderTest) weather(t *testing.T, w string) {
	t.Helper()
	h.proxy.Toxics.ResetToxics(context.Background())
	if w == "down" {
		h.proxy.Stop()
		return
	}
	if !h.proxy.Enabled {
		if err := h.proxy.Start(); err != nil {
			t.Fatal(err)
		}
	}
	if w == "" {
		return
	}
	if _, err := h.proxy.Toxics.AddToxicJson(strings.NewReader(w)); err != nil {
		t.Fatal(err)
	}
}

type receivedRow struct {
	House, PublicationID, RecordID, Kind, SHA256, Proof string
	Publisher                                           struct{ Slug string }
	Version                                             int
	Seq                                                 int64
	EndedSeq                                            *int64
}

// received is all that the house ever received.
func (h *houseUnderTest) received(t *testing.T) (all []receivedRow) {
	t.Helper()
	for cursor := ""; ; {
		var page struct {
			Items []receivedRow
			Next  string
		}
		h.call(t, "GET", "/api/v1/received-publications?ended=true&limit=200&cursor="+url.QueryEscape(cursor), nil, &page)
		if all = append(all, page.Items...); page.Next == "" {
			return all
		}
		cursor = page.Next
	}
}

// holds is what the house publishes to everybody now: hash by publisher, kind, record and version.
func (h *houseUnderTest) holds(t *testing.T) map[string]string {
	t.Helper()
	nobody := *h.instance
	nobody.client = &http.Client{Timeout: time.Minute}
	all := map[string]string{}
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				RecordID, Kind, SHA256 string
				Publisher              struct{ Slug string }
				Version                int
			}
			Next string
		}
		nobody.call(t, "GET", "/api/v1/publications?limit=200&cursor="+url.QueryEscape(cursor), nil, &page)
		for _, p := range page.Items {
			all[fmt.Sprint(p.Publisher.Slug, " ", p.Kind, " ", p.RecordID, " ", p.Version)] = p.SHA256
		}
		if page.Next == "" {
			return all
		}
		cursor = page.Next
	}
}

func (h *houseUnderTest) head(t *testing.T) int64 {
	t.Helper()
	var page struct{ Head int64 }
	h.call(t, "GET", "/api/v1/changes?limit=1", nil, &page)
	return page.Head
}

// settled tells what the house still lacks of another; nothing when it has everything, proved, and the other cosigned its log.
func (h *houseUnderTest) settled(t *testing.T, other *houseUnderTest) string {
	t.Helper()
	var list struct {
		Items []struct {
			Name, Error string
			Position    int64
		}
	}
	h.call(t, "GET", "/api/v1/partner-houses", nil, &list)
	i := h.log(t)
	switch {
	case len(list.Items) != 1 || list.Items[0].Error != "" || list.Items[0].Position < other.head(t):
		return fmt.Sprintf("%+v, and the other is at %d", list.Items, other.head(t))
	case len(i.Witnesses) != 1 || i.Witnesses[0].Size != i.Size || i.Witnesses[0].Error != "":
		return fmt.Sprintf("the witness is at %+v of %d", i.Witnesses, i.Size)
	}
	for _, r := range h.received(t) {
		if r.EndedSeq == nil && r.Proof == "" {
			return "no proof of " + r.PublicationID
		}
	}
	return ""
}

// Two houses, each with its own data, keys and address, follow each other and cosign each other's logs through a day of
// outages, while their officers go on publishing; in the middle of it one is killed. In the end each has what the other
// publishes: nothing is lost, nothing came twice, nothing in another order, and all of it is proved.
func TestTwoHousesThroughADayOfOutages(t *testing.T) {
	t.Parallel()
	network := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	a, b := newHouseUnderTest(t, "Alder", network), newHouseUnderTest(t, "Birch", network)
	houses := []*houseUnderTest{a, b}
	for _, h := range houses {
		h.start(t)
	}
	for n, h := range houses {
		other := houses[1-n]
		theirs := other.log(t)
		text := "log " + theirs.Keys[0] + "\nwitness " + theirs.WitnessKey + " " + other.address() + "/api/v1/log/witness\nhouse " + theirs.Keys[0] + " " + other.address() + "\n"
		if err := os.WriteFile(h.others, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, h := range houses {
		h.kill(t)
		h.start(t)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("the day's seed is %d", seed)
	dice := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a day that can be had again
	tick := time.NewTicker(slotTakes)
	defer tick.Stop()
	for slot := range slots {
		for _, h := range houses {
			h.weather(t, weathers[dice.IntN(len(weathers))])
		}
		if slot%12 == 0 {
			a.act(t, dice)
			b.act(t, dice)
		}
		if slot == slots/2 {
			b.kill(t)
			b.start(t)
		}
		<-tick.C
	}
	for _, h := range houses {
		h.weather(t, "")
	}
	late := time.Now().Add(time.Minute)
	for n, h := range houses {
		for lacks := h.settled(t, houses[1-n]); lacks != ""; lacks = h.settled(t, houses[1-n]) {
			if time.Now().After(late) {
				t.Fatalf("%s: %s\n%s", h.name, lacks, h.errs)
			}
			<-tick.C
		}
		h.compare(t, houses[1-n])
	}
	a.cites(t, b)
}

// compare holds what was received against what the other house publishes.
func (h *houseUnderTest) compare(t *testing.T, other *houseUnderTest) {
	t.Helper()
	got, seen, last := map[string]string{}, map[string]int{}, map[string]receivedRow{}
	rows := h.received(t)
	for n := range rows { // the newest first
		r := rows[len(rows)-1-n]
		record := fmt.Sprint(r.Publisher.Slug, " ", r.Kind, " ", r.RecordID)
		if r.EndedSeq == nil {
			got[fmt.Sprint(record, " ", r.Version)] = r.SHA256
		}
		if seen[r.PublicationID]++; seen[r.PublicationID] > 1 {
			t.Errorf("%s received publication %s twice", h.name, r.PublicationID)
		}
		if before, ok := last[record]; ok && (before.Seq >= r.Seq || before.Version >= r.Version || before.EndedSeq == nil || *before.EndedSeq > r.Seq) {
			t.Errorf("%s received %s in disorder: %+v and then %+v", h.name, record, before, r)
		}
		last[record] = r
	}
	if diff := cmp.Diff(other.holds(t), got); diff != "" {
		t.Errorf("%s does not have what %s publishes (-published +received):\n%s", h.name, other.name, diff)
	}
	for _, record := range other.withdrawn {
		for version := range got {
			if strings.Contains(version, record) {
				t.Errorf("%s keeps %s, which was withdrawn", h.name, version)
			}
		}
	}
	if len(other.published) == 0 || len(other.withdrawn) == 0 {
		t.Errorf("%s published %d and withdrew %d: no day at all", other.name, len(other.published), len(other.withdrawn))
	}
	t.Logf("%s received %d versions of %d records of %s", h.name, len(rows), len(last), other.name)
}

// cites asks one house about a name of the other one: the answer names the house, its age, and proves it.
func (h *houseUnderTest) cites(t *testing.T, other *houseUnderTest) {
	t.Helper()
	name := other.name + " cited"
	other.publish(t, name)
	var answer struct {
		Answer  string
		Reasons []struct {
			AgeDays *int
			Record  struct {
				Proof string
				House struct{ Name, URL string }
			}
		}
	}
	for range 100 {
		h.call(t, "GET", "/api/v1/status?market=CN&proof=true&name="+url.QueryEscape(name), nil, &answer)
		if answer.Answer == "yes" && answer.Reasons[0].Record.Proof != "" {
			break
		}
		<-time.After(100 * time.Millisecond)
	}
	said, err := json.Marshal(answer)
	if err != nil || answer.Answer != "yes" || len(answer.Reasons) == 0 {
		t.Fatalf("%s says of %q: %s", h.name, name, said)
	}
	if r := answer.Reasons[0]; r.Record.House.Name != other.log(t).Origin || r.Record.House.URL != other.address() || r.Record.Proof == "" || r.AgeDays == nil || *r.AgeDays != 0 {
		t.Errorf("the answer cites %s", said)
	}
}

func sortedKeys(m map[string]int) []string {
	all := make([]string, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
