package translog

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/helianthus-gi/helianthus/internal/postgres"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// Witness cosigns our checkpoints.
type Witness struct {
	Verifier note.Verifier
	URL      string // submission prefix
}

const (
	witnessTimeout = 5 * time.Second
	askEvery       = 10 * time.Second // a witness that failed is left alone that long
	answerSize     = 16 << 10
	maxSubmission  = 64 << 10
)

// WitnessState is how far a witness of ours is.
type WitnessState struct {
	Name  string
	Size  int64 // of the last checkpoint that it cosigned
	At    *time.Time
	Error string // why the last try failed; empty: it did not
}

// ask asks each witness that is behind to cosign the newest checkpoint. A witness that does not answer keeps nobody waiting
// but itself, and is asked again later.
func (l *Log) ask(ctx context.Context) {
	for _, w := range l.witnesses {
		err := l.askOne(ctx, w)
		if err != nil && ctx.Err() == nil {
			l.log.WarnContext(ctx, "a witness did not cosign", "witness", w.Verifier.Name(), "error", err)
		}
	}
}

// submission is what a witness is asked.
type submission struct {
	old   int64
	proof tlog.TreeProof
	size  int64
	text  string // the signed checkpoint, without cosignatures
}

func (l *Log) askOne(ctx context.Context, w Witness) error {
	everybody := tenancy.In(ctx, tenancy.Public)
	var s submission
	var due bool
	err := l.db.Tx(everybody, func(tx pgx.Tx) (err error) {
		s, due, err = l.prepare(everybody, tx, w.Verifier.Name())
		return err
	})
	if err != nil || !due {
		return err
	}
	line, size, err := l.submit(ctx, w, s)
	return errors.Join(err, l.db.Tx(everybody, func(tx pgx.Tx) error {
		failure := ""
		if err != nil {
			failure = failureOf(err)
		}
		_, err := tx.Exec(everybody, `
			update app.log_witnesses set size = $2, cosigned = $3, at = case when $4 = '' then $5 else at end, error = $4 where name = $1`,
			w.Verifier.Name(), size, line, failure, l.now())
		return postgres.Wrap(err, "witness %s", w.Verifier.Name())
	}))
}

// prepare makes the submission. Two nodes that ask at once do no harm: the witness takes the first one.
func (l *Log) prepare(ctx context.Context, tx pgx.Tx, name string) (s submission, due bool, err error) {
	if _, err := tx.Exec(ctx, `insert into app.log_witnesses (name) values ($1) on conflict do nothing`, name); err != nil {
		return s, false, postgres.Wrap(err, "witness %s", name)
	}
	err = tx.QueryRow(ctx, `select size, note from app.log_checkpoints order by size desc limit 1`).Scan(&s.size, &s.text)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, false, nil
	}
	if err != nil {
		return s, false, postgres.Wrap(err, "checkpoint")
	}
	tag, err := tx.Exec(ctx, `
		update app.log_witnesses set tried_at = $2 where name = $1 and size < $3 and (error = '' or tried_at < $4)`, name, l.now(), s.size, l.now().Add(-askEvery))
	if err != nil || tag.RowsAffected() == 0 {
		return s, false, postgres.Wrap(err, "witness %s", name)
	}
	if err := tx.QueryRow(ctx, `select size from app.log_witnesses where name = $1`, name).Scan(&s.old); err != nil {
		return s, false, postgres.Wrap(err, "witness %s", name)
	}
	s.proof, err = treeProof(ctx, tx, s.size, s.old)
	return s, true, err
}

func treeProof(ctx context.Context, tx pgx.Tx, size, old int64) (tlog.TreeProof, error) {
	if old == 0 || old == size {
		return nil, nil
	}
	p, err := tlog.ProveTree(size, old, reader(func(places []place) (map[place][]byte, error) { return readTiles(ctx, tx, places) }))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errOtherTable, err)
	}
	return p, nil
}

// errElsewhere is met when the witness knows another size of our log than we remember: after a restore, or of an older one.
type errElsewhere struct{ size int64 }

func (e errElsewhere) Error() string { return fmt.Sprintf("the witness is at size %d", e.size) }

func failureOf(err error) string {
	var elsewhere errElsewhere
	if errors.As(err, &elsewhere) {
		return "elsewhere"
	}
	return "unreachable"
}

// submit asks a witness, once more when it tells another size than we thought. It returns the cosignature, and the size
// that the witness has.
func (l *Log) submit(ctx context.Context, w Witness, s submission) (line string, size int64, err error) {
	for range 2 {
		line, err = l.post(ctx, w, s)
		var elsewhere errElsewhere
		if !errors.As(err, &elsewhere) || elsewhere.size > s.size || elsewhere.size == s.old {
			break
		}
		everybody := tenancy.In(ctx, tenancy.Public)
		s.old = elsewhere.size
		if err := l.db.Read(everybody, func(tx pgx.Tx) error {
			s.proof, err = treeProof(everybody, tx, s.size, s.old)
			return err
		}); err != nil {
			return "", s.old, err
		}
	}
	if err != nil {
		return "", s.old, err
	}
	return line, s.size, nil
}

func (l *Log) post(ctx context.Context, w Witness, s submission) (string, error) {
	var body strings.Builder
	fmt.Fprintf(&body, "old %d\n", s.old)
	for _, h := range s.proof {
		fmt.Fprintln(&body, base64.StdEncoding.EncodeToString(h[:]))
	}
	body.WriteString("\n" + s.text)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL+"/add-checkpoint", strings.NewReader(body.String()))
	if err != nil {
		return "", err
	}
	res, err := l.client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, answerSize))
	if err != nil {
		return "", err
	}
	if res.StatusCode == http.StatusConflict {
		if n, err := strconv.ParseInt(strings.TrimSpace(string(answer)), 10, 64); err == nil {
			return "", errElsewhere{n}
		}
	}
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the witness answered %d", res.StatusCode)
	}
	n, err := note.Open(append([]byte(s.text), answer...), note.VerifierList(w.Verifier))
	if err != nil {
		return "", fmt.Errorf("the witness's cosignature: %w", err)
	}
	for _, line := range strings.SplitAfter(string(answer), "\n") {
		if strings.Contains(line, n.Sigs[0].Base64) {
			return line, nil
		}
	}
	return "", errors.New("the witness's cosignature is not in its answer")
}

// Answer is what a log that asks us to be its witness gets.
type Answer struct {
	Status int
	Type   string // media type
	Body   string
}

func plain(status int, body string) Answer { return Answer{status, "text/plain; charset=utf-8", body} }

// Cosign is add-checkpoint of C2SP tlog-witness: it holds the checkpoint of another log against the last one that we
// cosigned, and cosigns it when that one is a part of it.
func (l *Log) Cosign(ctx context.Context, body io.Reader) (Answer, error) {
	old, path, signed, err := parseSubmission(body)
	if err != nil {
		return plain(http.StatusBadRequest, err.Error()+"\n"), nil //nolint:nilerr // the protocol's own answer
	}
	origin, _, _ := strings.Cut(signed, "\n")
	verifier, ok := l.watched[origin]
	if !ok {
		return plain(http.StatusNotFound, "unknown log\n"), nil
	}
	n, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return plain(http.StatusForbidden, "no signature of the log\n"), nil //nolint:nilerr // the protocol's own answer
	}
	tree, err := ParseCheckpoint(n.Text)
	if err != nil || old > tree.N {
		return plain(http.StatusBadRequest, "no checkpoint\n"), nil //nolint:nilerr // the protocol's own answer
	}
	everybody := tenancy.In(ctx, tenancy.Public)
	keys, err := l.keysOf(everybody, "witness", strings.TrimSuffix(l.origin, "/log")+"/witness")
	if err != nil {
		return Answer{}, err
	}
	signer, err := l.witnessSigner(ctx, keys[0])
	if err != nil {
		return Answer{}, err
	}
	var answer Answer
	err = l.db.Tx(everybody, func(tx pgx.Tx) error {
		if answer, err = advance(everybody, tx, origin, old, path, tree, l.now()); err != nil || answer.Status != http.StatusOK {
			return err
		}
		cosigned, err := note.Sign(&note.Note{Text: n.Text}, signer)
		if err != nil {
			return err
		}
		answer.Body = string(cosigned[len(n.Text)+1:])
		return nil
	})
	return answer, err
}

// ParseCheckpoint reads the text of a checkpoint, of whatever origin.
func ParseCheckpoint(text string) (tlog.Tree, error) {
	_, rest, _ := strings.Cut(text, "\n")
	return tlog.ParseTree([]byte("go.sum database tree\n" + rest)) // the one origin that the library knows
}

func parseSubmission(r io.Reader) (old int64, path tlog.TreeProof, signed string, err error) {
	all, err := io.ReadAll(io.LimitReader(r, maxSubmission+1))
	if err != nil || len(all) > maxSubmission {
		return 0, nil, "", errors.New("the request is too long")
	}
	head, rest, ok := bytes.Cut(all, []byte("\n\n"))
	if !ok {
		return 0, nil, "", errors.New("no empty line")
	}
	lines := bufio.NewScanner(bytes.NewReader(head))
	for n := 0; lines.Scan(); n++ {
		if n == 0 {
			size, ok := strings.CutPrefix(lines.Text(), "old ")
			if old, err = strconv.ParseInt(size, 10, 64); err != nil || !ok || old < 0 || strconv.FormatInt(old, 10) != size {
				return 0, nil, "", errors.New("no old size")
			}
			continue
		}
		h, err := base64.StdEncoding.DecodeString(lines.Text())
		if err != nil || len(h) != tlog.HashSize || n > 63 {
			return 0, nil, "", errors.New("no hash of a consistency proof")
		}
		path = append(path, Hash(h))
	}
	return old, path, string(rest), nil
}

// advance holds a checkpoint against the last one of its log and puts it in its place; one request at a time for a log.
func advance(ctx context.Context, tx pgx.Tx, origin string, old int64, path tlog.TreeProof, tree tlog.Tree, now time.Time) (Answer, error) {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('log witness ' || $1, 0))`, origin); err != nil {
		return Answer{}, postgres.Wrap(err, "witness of %s", origin)
	}
	var size int64
	var root []byte
	err := tx.QueryRow(ctx, `select size, root from app.log_witnessed where origin = $1`, origin).Scan(&size, &root)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Answer{}, postgres.Wrap(err, "witness of %s", origin)
	}
	switch {
	case old != size:
		return Answer{http.StatusConflict, "text/x.tlog.size", strconv.FormatInt(size, 10) + "\n"}, nil
	case old == tree.N && size > 0:
		if !bytes.Equal(root, tree.Hash[:]) {
			return plain(http.StatusConflict, "another tree of the same size\n"), nil
		}
	case old == 0:
		if len(path) > 0 {
			return plain(http.StatusUnprocessableEntity, "a proof from nothing\n"), nil
		}
	default:
		if err := tlog.CheckTree(path, tree.N, tree.Hash, size, Hash(root)); err != nil {
			return plain(http.StatusUnprocessableEntity, "the proof does not fit\n"), nil //nolint:nilerr // the protocol's own answer
		}
	}
	_, err = tx.Exec(ctx, `
		insert into app.log_witnessed (origin, size, root, at) values ($1, $2, $3, $4)
		on conflict (origin) do update set size = excluded.size, root = excluded.root, at = excluded.at`, origin, tree.N, tree.Hash[:], now)
	return plain(http.StatusOK, ""), postgres.Wrap(err, "witness of %s", origin)
}

// Info is what there is to know about the log.
type Info struct {
	Origin    string
	Keys      []string // verifier keys, the newest first
	Witness   string   // the verifier key of the witness that we are, of whatever log
	Witnesses []WitnessState
	Size      int64
	Signed    string // the newest checkpoint
}

// Fingerprint is the SHA-256 of a verifier key's text, in hexadecimal: short enough to be read out and compared by people.
func Fingerprint(key string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(key))) }

// Fingerprint is that of the newest key; empty before there is one.
func (i Info) Fingerprint() string {
	if len(i.Keys) == 0 {
		return ""
	}
	return Fingerprint(i.Keys[0])
}

// Info tells what the log is called, who signs it and how far its witnesses are.
func (l *Log) Info(ctx context.Context) (i Info, err error) {
	keys, err := l.keysOf(ctx, "log", l.origin)
	if err != nil {
		return i, err
	}
	i.Origin = keys[0].name
	for n := len(keys) - 1; n >= 0; n-- {
		i.Keys = append(i.Keys, keys[n].verifier)
	}
	mine, err := l.keysOf(ctx, "witness", strings.TrimSuffix(l.origin, "/log")+"/witness")
	if err != nil {
		return i, err
	}
	if i.Witness, err = cosign.VKeyToCosignatureV1(mine[0].verifier); err != nil {
		return i, err
	}
	err = l.db.Read(ctx, func(tx pgx.Tx) error {
		if i.Signed, i.Size, err = newestCheckpoint(ctx, tx); err != nil && !errors.Is(err, ErrNotYet) {
			return err
		}
		rows, _ := tx.Query(ctx, `select name, size, at, error from app.log_witnesses order by name`)
		i.Witnesses, err = pgx.CollectRows(rows, pgx.RowToStructByPos[WitnessState])
		return postgres.Wrap(err, "witnesses")
	})
	return i, err
}

// Between tells how far another house is as a witness of our log, and how far we are as a witness of its log; nil where one is
// none. A house's witness has the name of its log, with `witness` for `log`.
func Between(ctx context.Context, tx pgx.Tx, log string) (cosigns, cosigned *WitnessState, err error) {
	rows, _ := tx.Query(ctx, `select name, size, at, error from app.log_witnesses where name = $1`, strings.TrimSuffix(log, "/log")+"/witness")
	theirs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[WitnessState])
	if err != nil {
		return nil, nil, postgres.Wrap(err, "witness of %s", log)
	}
	rows, _ = tx.Query(ctx, `select origin, size, at, '' from app.log_witnessed where origin = $1`, log)
	ours, err := pgx.CollectRows(rows, pgx.RowToStructByPos[WitnessState])
	if err != nil {
		return nil, nil, postgres.Wrap(err, "witness of %s", log)
	}
	if len(theirs) > 0 {
		cosigns = &theirs[0]
	}
	if len(ours) > 0 {
		cosigned = &ours[0]
	}
	return cosigns, cosigned, nil
}
