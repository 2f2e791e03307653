package credential

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// The paper's attachments.
const (
	tokenFile      = "credential.jwt" //nolint:gosec // the name of a file
	revocationFile = "revocation.jwt"
	suspensionFile = "suspension.jwt"
	proofFile      = "record.tlog-proof"
	openingFile    = "record.opening.json"
)

const (
	sealPrefix = "helianthus certificate paper v1\n"
	sealMark   = "helianthus-seal:"
	sealDigits = 86 // an Ed25519 signature in base64url
	maxPaper   = 32 << 20
	maxCarried = 4 << 20 // of one attachment, unpacked
)

// sealForm is the seal as it stands in the paper's metadata: key id and signature.
var sealForm = regexp.MustCompile(sealMark + `([0-9a-f]{16}):([A-Za-z0-9_-]{86})`)

// emptySeal is the seal before the paper is signed, of the same length.
func emptySeal(keyID string) string { return sealMark + keyID + ":" + strings.Repeat("0", sealDigits) }

var errNoSeal = errors.New("the paper has no place for its seal")

// seal signs a paper that has an empty seal in it.
func seal(pdf []byte, keyID string, signWith func(message []byte) ([]byte, error)) ([]byte, error) {
	empty := []byte(emptySeal(keyID))
	if !bytes.Contains(pdf, empty) {
		return nil, errNoSeal
	}
	signed, err := signWith(sealMessage(keyID, pdf))
	if err != nil {
		return nil, err
	}
	signature := base64.RawURLEncoding.EncodeToString(signed)
	return bytes.ReplaceAll(pdf, empty, []byte(sealMark+keyID+":"+signature)), nil
}

func sealMessage(keyID string, emptied []byte) []byte {
	sum := sha256.Sum256(emptied)
	return []byte(sealPrefix + keyID + ":" + hex.EncodeToString(sum[:]))
}

// sealed tells whether the paper is as the issuer sealed it.
func sealed(pdf []byte, trust Trust, did string) bool {
	found := sealForm.FindAllSubmatch(pdf, 3) // in the metadata, and in the information of older readers
	if len(found) == 0 || len(found) > 2 {
		return false
	}
	keyID, signature := string(found[0][1]), found[0][2]
	for _, f := range found {
		if string(f[1]) != keyID || !bytes.Equal(f[2], signature) {
			return false
		}
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(signature))
	_, k, known := trust.key(did + "#" + keyID)
	if err != nil || !known || k.algorithm != EdDSA {
		return false
	}
	emptied := bytes.ReplaceAll(pdf, found[0][0], []byte(emptySeal(keyID)))
	return k.verify(sealMessage(keyID, emptied), raw)
}

// IsPaper tells a paper from a token by its first bytes.
func IsPaper(b []byte) bool { return bytes.HasPrefix(b, []byte("%PDF-")) }

// VerifyPaper checks a paper: the token that it carries, with what goes with that, and that the print is as it was sealed.
// Lists of now, when there are any, count instead of those in the paper, and kept ones that are newer.
func VerifyPaper(pdf []byte, fresh, kept []string, trust Trust, now time.Time) (Report, error) {
	c, err := carriedBy(pdf)
	if err != nil {
		return Report{}, err
	}
	e := Evidence{Lists: c.lists, Proof: c.proof, Salt: c.salt, Opened: c.opened}
	if len(fresh) > 0 {
		e.Lists, e.Fresh = fresh, true
	} else {
		e.Kept = kept
	}
	r, err := Verify(c.token, e, trust, now)
	if err != nil {
		return r, err
	}
	r.Paper = true
	if r.Verdict != UnknownIssuer && !sealed(pdf, trust, r.Claims.Issuer) {
		r = r.found(BadPaper)
	}
	return r, nil
}

// TokenIn is the token that a paper carries.
func TokenIn(pdf []byte) (string, error) {
	c, err := carriedBy(pdf)
	return c.token, err
}

type carried struct {
	token        string
	lists        []string
	proof        string
	salt, opened []byte
}

var (
	streamStart = regexp.MustCompile(`stream\r?\n`)
	lengthEntry = regexp.MustCompile(`/Length (\d{1,9})\b`)
)

// carriedBy finds what a paper carries. Our papers have each attachment as a stream whose dictionary stands in the open,
// deflated or not, so that there is no need to read the rest of the PDF; what is what tells the content.
func carriedBy(pdf []byte) (carried, error) {
	var c carried
	if !IsPaper(pdf) || len(pdf) > maxPaper {
		return c, ErrNone
	}
	for rest := pdf; ; {
		at := bytes.Index(rest, []byte("/EmbeddedFile"))
		if at < 0 {
			break
		}
		begin := bytes.LastIndex(rest[:at], []byte("obj"))
		rest = rest[at:]
		start := streamStart.FindIndex(rest[:min(len(rest), 2048)])
		if begin < 0 || start == nil || bytes.Contains(rest[:start[0]], []byte("endobj")) {
			rest = rest[len("/EmbeddedFile"):]
			continue
		}
		dictionary := pdf[len(pdf)-len(rest)-at+begin : len(pdf)-len(rest)+start[0]]
		if body, ok := streamOf(dictionary, rest[start[1]:]); ok {
			c.take(strings.TrimSpace(string(body)))
		}
		rest = rest[start[1]:]
	}
	if c.token == "" {
		return c, ErrNone
	}
	return c, nil
}

func streamOf(dictionary, rest []byte) ([]byte, bool) {
	m := lengthEntry.FindSubmatch(dictionary)
	if m == nil {
		return nil, false
	}
	var length int
	if _, err := fmt.Sscan(string(m[1]), &length); err != nil || length > len(rest) {
		return nil, false
	}
	if !bytes.Contains(dictionary, []byte("/FlateDecode")) {
		return rest[:length], length <= maxCarried
	}
	z, err := zlib.NewReader(bytes.NewReader(rest[:length]))
	if err != nil {
		return nil, false
	}
	b, err := io.ReadAll(io.LimitReader(z, maxCarried+1))
	return b, err == nil && len(b) <= maxCarried
}

// take keeps an attachment that is one of ours. The first token counts; the seal is of all.
func (c *carried) take(text string) {
	switch {
	case strings.HasPrefix(text, "c2sp.org/tlog-proof@v1"):
		c.proof = text + "\n"
	case strings.HasPrefix(text, `{"opened"`):
		var o struct {
			Opened string `json:"opened"`
			Salt   []byte `json:"salt"`
		}
		if json.Unmarshal([]byte(text), &o) == nil {
			c.salt, c.opened = o.Salt, []byte(o.Opened)
		}
	case tokenForm.MatchString(text):
		t, _ := parse(text)
		var kind struct {
			Type []string `json:"type"`
		}
		if json.Unmarshal(t.claims, &kind) == nil && has(kind.Type, typeList) {
			c.lists = append(c.lists, text)
		} else if c.token == "" {
			c.token = text
		}
	}
}
