package exchange

import (
	"archive/zip"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Verdict is what a verifier says of a data package.
type Verdict string

// The verdicts, see the package's documentation for when each is given.
const (
	Valid         Verdict = "valid"
	Altered       Verdict = "altered"
	UnknownIssuer Verdict = "unknown-issuer"
	Withdrawn     Verdict = "withdrawn"
	NotIssued     Verdict = "not-issued"
)

// Problems of files that are no data package at all.
var (
	ErrNoPackage = problem.New(problem.Unsupported, "package.not-a-package")
	ErrTooLarge  = problem.New(problem.TooLarge, "package.too-large")
	ErrKeyFile   = problem.New(problem.Invalid, "package.key-file")
)

// Report is what was found of a data package. Number, Issuer and IssuedAt are what its manifest claims; they are facts
// only when the verdict is Valid or Withdrawn.
type Report struct {
	Verdict     Verdict
	Number      string
	Issuer      Issuer
	IssuedAt    time.Time
	ManifestSHA string     // hexadecimal; asks a publisher about the package
	Check       string     // address that the manifest names for that
	Changed     []string   // files with other bytes than listed
	Missing     []string   // listed files that are not there
	Added       []string   // files that are not listed
	WithdrawnAt *time.Time // for Withdrawn
	Reason      string     // why; may be empty
	Asked       bool       // the publisher was asked whether the package holds
	AsOf        *time.Time // of the newest list that says whether it holds, when the publisher was not asked
}

// PublicKey is one publisher's key as GET /api/v1/keys gives it.
type PublicKey struct {
	KeyID     string            `json:"keyId"`
	Key       ed25519.PublicKey `json:"publicKey"`
	RetiredAt *time.Time        `json:"retiredAt"`
	Publisher struct {
		Slug  string            `json:"slug"`
		Names map[string]string `json:"names"`
	} `json:"publisher"`
}

// MaySign tells whether the key may have signed what says that it is a publisher's and of an instant: a key that was retired
// did not sign what says of itself that it was made later.
func (k PublicKey) MaySign(slug string, at time.Time) bool {
	return k.Publisher.Slug == slug && (k.RetiredAt == nil || !at.After(*k.RetiredAt))
}

// KeySet holds the keys of the publishers one trusts, by key id.
type KeySet map[string]PublicKey

// maxKeyFile bounds a key file; 5,000 keys take about 2 MB.
const maxKeyFile = 16 << 20

// ReadKeys reads a key file: an answer of GET /api/v1/keys.
func ReadKeys(r io.Reader) (KeySet, error) {
	var file struct {
		Items []PublicKey `json:"items"`
	}
	if err := json.NewDecoder(io.LimitReader(r, maxKeyFile)).Decode(&file); err != nil {
		return nil, ErrKeyFile
	}
	keys := KeySet{}
	for _, k := range file.Items {
		if len(k.Key) != ed25519.PublicKeySize || KeyID(k.Key) != k.KeyID {
			return nil, ErrKeyFile.With("KeyID", k.KeyID)
		}
		keys[k.KeyID] = k
	}
	return keys, nil
}

// Verify checks a data package against the keys one trusts, without a network: whether it is withdrawn
// is not asked, see Report.Against and House.Ask.
// It returns an error only for what is no data package, or one beyond the limits of the format.
func Verify(r io.ReaderAt, size int64, keys KeySet) (Report, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Report{}, ErrNoPackage
	}
	if len(z.File) > maxFiles+2 {
		return Report{}, ErrTooLarge
	}
	entries := map[string]*zip.File{}
	var rep Report
	for _, f := range z.File {
		if entries[f.Name] != nil { // two readers could see two things
			rep.Added = append(rep.Added, printable(f.Name))
		}
		entries[f.Name] = f
	}
	raw, err := readEntry(entries[manifestName], maxManifest)
	if err != nil {
		return Report{}, err
	}
	sum := sha256.Sum256(raw)
	rep.ManifestSHA = hexed(sum[:])
	m, ok := parseManifest(raw)
	if !ok {
		rep.Verdict, rep.Changed = Altered, []string{manifestName}
		return rep, nil
	}
	rep.Number, rep.Issuer, rep.IssuedAt, rep.Check = m.Number, m.Issuer, m.IssuedAt, m.Check
	if err := rep.compare(m, entries); err != nil {
		return Report{}, err
	}
	key, known := keys[m.Issuer.KeyID]
	known = known && key.MaySign(m.Issuer.Tenant, m.IssuedAt) // else the issuer is whoever has the key now
	signature, err := readEntry(entries[signatureName], ed25519.SignatureSize)
	if known && (err != nil || !ed25519.Verify(key.Key, append([]byte(signedPrefix), raw...), signature)) {
		rep.Changed = append(rep.Changed, manifestName)
	}
	switch {
	case len(rep.Changed)+len(rep.Missing)+len(rep.Added) > 0:
		rep.Verdict = Altered
	case !known:
		rep.Verdict = UnknownIssuer
	default:
		rep.Verdict = Valid
	}
	return rep, nil
}

// compare hashes every listed file and notes what does not fit. Sizes that the ZIP declares are not trusted.
func (rep *Report) compare(m Manifest, entries map[string]*zip.File) error {
	var total int64
	listed := map[string]bool{manifestName: true, signatureName: true}
	for _, f := range m.Files {
		listed[f.Path] = true
		if total += f.Size; total > maxTotalSize || f.Size > maxTotalSize {
			return ErrTooLarge
		}
		e := entries[f.Path]
		if e == nil {
			rep.Missing = append(rep.Missing, f.Path)
			continue
		}
		sum, size, err := hashEntry(e, f.Size)
		if err != nil || size != f.Size || sum != f.SHA256 {
			rep.Changed = append(rep.Changed, f.Path)
		}
	}
	if entries[signatureName] == nil {
		rep.Missing = append(rep.Missing, signatureName)
	}
	for name := range entries {
		if !listed[name] {
			rep.Added = append(rep.Added, printable(name))
		}
	}
	slices.Sort(rep.Added)
	return nil
}

// hashEntry reads one byte more than is expected at most, so that a bomb costs no more than the file it stands for.
func hashEntry(e *zip.File, expected int64) (sum string, size int64, err error) {
	r, err := e.Open()
	if err != nil {
		return "", 0, err
	}
	defer r.Close()
	hash := sha256.New()
	size, err = io.Copy(hash, io.LimitReader(r, expected+1))
	return hexed(hash.Sum(nil)), size, err
}

func readEntry(e *zip.File, limit int64) ([]byte, error) {
	if e == nil {
		return nil, ErrNoPackage
	}
	r, err := e.Open()
	if err != nil {
		return nil, ErrNoPackage
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, ErrNoPackage
	}
	if int64(len(b)) > limit {
		return nil, ErrTooLarge
	}
	return b, nil
}

// printable is a name out of a foreign file as it may be shown on a terminal.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(name[:min(len(name), maxPath)], string(utf8.RuneError)))
}
