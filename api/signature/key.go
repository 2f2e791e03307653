package signature

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
)

// The algorithms of RFC 9421, section 3.3, that are taken.
const (
	Ed25519   = "ed25519"
	ECDSAP256 = "ecdsa-p256-sha256"
)

const scalar = 32 // bytes of each half of a P-256 signature

// AlgorithmOf is the one algorithm of a public key.
func AlgorithmOf(key crypto.PublicKey) (string, error) {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return Ed25519, nil
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return ECDSAP256, nil
		}
	}
	return "", &Error{Code: Algorithm}
}

// PublicKey reads a public key in the form of SubjectPublicKeyInfo. It refuses keys of other sorts than the two.
func PublicKey(der []byte) (crypto.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, &Error{Code: Algorithm}
	}
	_, err = AlgorithmOf(key)
	return key, err
}

func good(key crypto.PublicKey, text, signature []byte) bool {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(k, text, signature)
	case *ecdsa.PublicKey:
		if len(signature) != 2*scalar { // r and s, each of full length (RFC 9421, section 3.3.4)
			return false
		}
		sum := sha256.Sum256(text)
		return ecdsa.Verify(k, sum[:], new(big.Int).SetBytes(signature[:scalar]), new(big.Int).SetBytes(signature[scalar:]))
	}
	return false
}

// sign signs with a key that may be held elsewhere: crypto.Signer is what hardware and agents offer.
func sign(key crypto.Signer, text []byte) ([]byte, error) {
	alg, err := AlgorithmOf(key.Public())
	if err != nil {
		return nil, err
	}
	if alg == Ed25519 {
		return key.Sign(rand.Reader, text, crypto.Hash(0))
	}
	sum := sha256.Sum256(text)
	der, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var halves struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &halves); err != nil {
		return nil, err
	}
	return append(halves.R.FillBytes(make([]byte, scalar)), halves.S.FillBytes(make([]byte, scalar))...), nil
}
