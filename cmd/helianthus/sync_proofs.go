package main

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"net/http"
	"os"

	"github.com/helianthus-gi/helianthus/api/signature"
	"github.com/helianthus-gi/helianthus/internal/mirror"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// errSyncKey is met for a file that holds no private key with which requests are signed.
var errSyncKey = problem.New(problem.Invalid, "cli.sync-key")

// proofs are what a partner's policy may require of its machine besides the secret: a signature of each request (RFC 9421), a
// certificate on the connection (RFC 8705). Both name files, in PEM: what they hold is shown in no list of processes.
type proofs struct{ signKey, keyID, cert, certKey string }

func proofFlags(flags *flag.FlagSet) *proofs {
	p := &proofs{}
	flags.StringVar(&p.signKey, "sign-key", os.Getenv("HELIANTHUS_SIGN_KEY"), "")
	flags.StringVar(&p.keyID, "key-id", os.Getenv("HELIANTHUS_KEY_ID"), "")
	flags.StringVar(&p.cert, "cert", os.Getenv("HELIANTHUS_CERT"), "")
	flags.StringVar(&p.certKey, "cert-key", os.Getenv("HELIANTHUS_CERT_KEY"), "")
	return p
}

// client is one that shows the proofs with every request, those for a token and those for the log too.
func (p *proofs) client() (*http.Client, error) {
	client := mirror.NewClient()
	if (p.signKey == "") != (p.keyID == "") || (p.cert == "") != (p.certKey == "") {
		return nil, errSync
	}
	if p.cert != "" {
		pair, err := tls.LoadX509KeyPair(p.cert, p.certKey)
		if err != nil {
			return nil, err
		}
		over := http.DefaultTransport.(*http.Transport).Clone() // the standard library's own is one
		over.TLSClientConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
		client.Transport = over
	}
	if p.signKey != "" {
		key, err := signKey(p.signKey)
		if err != nil {
			return nil, err
		}
		client.Transport = &signature.Transport{Signer: signature.Signer{KeyID: p.keyID, Key: key}, Base: client.Transport}
	}
	return client, nil
}

// signKey reads one private key of PKCS #8 in PEM, as `openssl genpkey` writes it.
func signKey(file string) (crypto.Signer, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	none := errSyncKey.With("File", file)
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, none
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, none
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, none
	}
	if _, err := signature.AlgorithmOf(signer.Public()); err != nil {
		return nil, none
	}
	return signer, nil
}
