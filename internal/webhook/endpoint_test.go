package webhook_test

import (
	"net/http"
	"net/netip"
	"strconv"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/webhook"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"1.1.1.1": true, "93.184.216.34": true, "2606:4700:4700::1111": true, "172.32.0.1": true, "100.128.0.1": true, "::ffff:1.1.1.1": true,
		"0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "100.64.0.1": false, "127.0.0.1": false, "127.8.8.8": false, "169.254.169.254": false, "172.16.0.1": false,
		"172.31.255.255": false, "192.0.0.170": false, "192.0.2.1": false, "192.168.1.1": false, "198.18.0.1": false, "198.51.100.7": false, "203.0.113.9": false,
		"224.0.0.1": false, "239.255.255.250": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::7f00:1": false, "64:ff9b::7f00:1": false, "64:ff9b::101:101": false,
		"100::1": false, "2001::1": false, "2001:db8::1": false, "2002:7f00:1::": false, "fc00::1": false, "fd00:ec2::254": false, "fe80::1": false, "fe80::1%eth0": false, "ff02::1": false,
	} {
		if got := webhook.Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: got %v, want %v", address, got, want)
		}
	}
	if webhook.Public(netip.Addr{}) {
		t.Error("no address at all is public")
	}
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for url, good := range map[string]bool{
		"https://gi.example/hooks": true, "https://gi.example:8443/a?b=c": true, "https://[2606:4700:4700::1111]/": true, "https://地理标志.example/": true,
		"http://gi.example/": false, "ftp://gi.example/": false, "gi.example/hooks": false, "https:///hooks": false, "https://user:pass@gi.example/": false,
		"https://gi.example/#part": false, "https:gi.example": false, "https://127.0.0.1/": false, "https://[::1]/": false, "https://169.254.169.254/latest": false,
		"https://localhost/": false, "https://LOCALHOST./": false, "https://printer.local/": false, "https://metadata.google.internal/": false, "https://a.localhost/": false,
		"https://[fe80::1%25eth0]/": false, "https://gi.example/\x00": false, "": false,
	} {
		err := webhook.CheckURL(url)
		if good && err != nil {
			t.Errorf("%q: %v", url, err)
		}
		if p, ok := problem.As(err); !good && (!ok || len(p.Details) != 1 || p.Details[0].Pointer != "/url") {
			t.Errorf("%q: got %v, want it refused at /url", url, err)
		}
	}
}

// What we sign, the library of Standard Webhooks believes, under either secret while one replaces the other.
func TestSignatureIsTheStandards(t *testing.T) {
	t.Parallel()
	old, now := []byte("0123456789abcdef0123456789abcdef"), []byte("fedcba9876543210fedcba9876543210")
	body, at := []byte(`{"type":"registration.publish","data":{"name":"五原向日葵"}}`), time.Now()
	header := http.Header{}
	header.Set("webhook-id", "msg_1")
	header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	header.Set("webhook-signature", webhook.Signature([][]byte{now, old}, "msg_1", at, body))
	for name, secret := range map[string][]byte{"the new secret": now, "the one before": old} {
		receiver, err := standard.NewWebhookRaw(secret)
		if err != nil {
			t.Fatal(err)
		}
		if err := receiver.Verify(body, header); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := receiver.Verify(append(body, ' '), header); err == nil {
			t.Errorf("%s: a changed body is believed", name)
		}
	}
	if stranger, _ := standard.NewWebhookRaw([]byte("another secret, of 32 characters")); stranger.Verify(body, header) == nil {
		t.Error("a stranger's secret fits")
	}
}

func TestTriesGoOnForThreeDays(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for _, share := range []float64{0, 1} {
		now, tries := start, 1
		for ; ; tries++ {
			at, again := webhook.Next(now, tries, share)
			if !again {
				break
			}
			if !at.After(now) {
				t.Fatalf("try %d is not later than the one before", tries+1)
			}
			now = at
		}
		if spent := now.Sub(start); spent < 72*time.Hour || spent > 84*time.Hour || tries != 10 {
			t.Errorf("%d tries in %s, want ten in a little more than three days", tries, spent)
		}
	}
}

func TestPublicClientGoesNowhereElse(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"localhost:1": "private", "127.0.0.1:1": "private", "[::1]:1": "private", "no-such-host.invalid:443": "name"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+address+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := webhook.PublicClient().Do(req)
		if err == nil {
			_ = res.Body.Close()
			t.Errorf("%s answered", address)
		} else if got := webhook.FailureOf(err); got != want {
			t.Errorf("%s: got %s (%v), want %s", address, got, err, want)
		}
	}
}
