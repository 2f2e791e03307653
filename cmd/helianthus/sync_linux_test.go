package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/identity"
)

// A partner whose token is bound to a certificate keeps its copy over TLS, which ends at the operator's proxy. Only on Linux is a
// process told by SSL_CERT_FILE which authorities it trusts.
func TestSyncShowsItsCertificate(t *testing.T) {
	t.Parallel()
	p := newPublisher(t)
	behind := *p.House.House
	behind.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	server, err := httpd.New(&behind)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Client-Cert")
		for _, c := range r.TLS.PeerCertificates {
			r.Header.Set("Client-Cert", ":"+base64.StdEncoding.EncodeToString(c.Raw)+":")
		}
		server.ServeHTTP(w, r)
	}))
	proxy.TLS = &tls.Config{ClientAuth: tls.RequestClientCert, MinVersion: tls.VersionTLS12}
	proxy.StartTLS()
	t.Cleanup(proxy.Close)
	authority, _ := inPEM(t, "CERTIFICATE", proxy.Certificate().Raw)

	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "partner"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	cert, registered := inPEM(t, "CERTIFICATE", der)
	if der, err = x509.MarshalPKCS8PrivateKey(private); err != nil {
		t.Fatal(err)
	}
	key, _ := inPEM(t, "PRIVATE KEY", der)
	who, _, env := p.reader(t, identity.ProofCertificate, registered)
	env = append(env, "SSL_CERT_FILE="+authority)
	record, dir := uuid.New(), t.TempDir()
	p.publish(t, record, "for one reader", who)
	if code, _, errs := synced(t, env, "--url", proxy.URL, "--to", dir); code != 1 || !strings.Contains(errs, "certificate.needed") {
		t.Errorf("without the certificate: exit %d: %s", code, errs)
	}
	code, out, errs := synced(t, env, "--url", proxy.URL, "--to", dir, "--cert", cert, "--cert-key", key)
	if code != 0 || !cmp.Equal(map[string]int{record.String(): 1}, p.copied(t, dir)) {
		t.Errorf("with it: exit %d, %v: %s%s", code, p.copied(t, dir), out, errs)
	}
}
