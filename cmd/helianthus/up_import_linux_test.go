package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const imported = 8000 // rows: the commit takes long enough to be killed in the middle

// put uploads a file as a browser does and returns the document's id.
func (i *instance) put(t *testing.T, name, mediaType string, content []byte) string {
	t.Helper()
	sum := sha256.Sum256(content)
	var announced struct {
		Document struct{ ID string }
		Upload   struct {
			URL     string
			Method  string
			Headers map[string]string
		}
	}
	if code := i.call(t, "POST", "/api/v1/documents", map[string]any{"filename": name, "mediaType": mediaType, "size": len(content), "purpose": "import", "sha256": hex.EncodeToString(sum[:])}, &announced); code != http.StatusCreated {
		t.Fatalf("announcing %s: %d", name, code)
	}
	req, err := http.NewRequestWithContext(t.Context(), announced.Upload.Method, announced.Upload.URL, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range announced.Upload.Headers {
		req.Header.Set(name, value)
	}
	res, err := i.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		t.Fatalf("uploading %s: %s", name, res.Status)
	}
	if code := i.call(t, "POST", "/api/v1/documents/"+announced.Document.ID+"/complete", nil, nil); code >= 300 {
		t.Fatalf("completing %s: %d", name, code)
	}
	return announced.Document.ID
}

// database connects past the product, as an operator can.
func database(t *testing.T, dir string) *pgx.Conn {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	var run struct{ Postgres string }
	if err := json.Unmarshal(text, &run); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), run.Postgres)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}

// begun waits until the commit has written events that nobody sees yet: its transaction is open.
func begun(t *testing.T, db *pgx.Conn) {
	t.Helper()
	for range 6000 {
		var open bool
		if err := db.QueryRow(t.Context(), `select exists (select from pg_stat_activity where backend_xid is not null and query ilike '%registration%' and usename = 'helianthus_app')`).Scan(&open); err != nil {
			t.Fatal(err)
		}
		if open {
			return
		}
		<-time.After(5 * time.Millisecond) // another process
	}
	t.Fatal("nothing is written")
}

// killPostgres kills the database under a server, which ends with it.
func (i *instance) killPostgres(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "postgres", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := i.cmd.Wait(); err == nil || !strings.Contains(i.errs.String(), "store") {
		t.Errorf("up ended with %v when its database was gone, and said %s", err, i.errs)
	}
}

// An import that is committed when the database is killed, and again when everything is: after the restart each row is there
// once, or, when the commit had not been acknowledged by PostgreSQL, it is done again from the beginning.
func TestImportSurvivesKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := startUp(t, dir)
	first.signInAs(t, "market@wuyuan.demo")
	var file bytes.Buffer
	fmt.Fprintln(&file, "office,name,nameLanguage,basisKind,number,registeredOn")
	for n := range imported {
		fmt.Fprintf(&file, "CN,Kill test %d,en,certification-mark,KILL-%d,2020-01-02\n", n, n)
	}
	document := first.put(t, "kill.csv", "text/csv", file.Bytes())
	var made struct{ ID, TaskID string }
	if code := first.call(t, "POST", "/api/v1/registration-imports", map[string]string{"documentId": document}, &made); code != http.StatusAccepted {
		t.Fatalf("import: %d", code)
	}
	if got := first.ended(t, made.TaskID); got != "succeeded" {
		t.Fatalf("the preview %s", got)
	}
	var commit struct{ TaskID string }
	if code := first.call(t, "POST", "/api/v1/registration-imports/"+made.ID+"/commit", nil, &commit); code != http.StatusAccepted {
		t.Fatalf("commit: %d", code)
	}
	begun(t, database(t, dir))
	first.killPostgres(t, dir)

	second := startUp(t, dir)
	begun(t, database(t, dir))
	if err := second.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = second.cmd.Process.Wait()

	third := startUp(t, dir)
	third.signInAs(t, "market@wuyuan.demo")
	if got := third.ended(t, commit.TaskID); got != "succeeded" {
		t.Errorf("the commit %s after everything was killed", got)
	}
	var rows, numbers int
	if err := database(t, dir).QueryRow(t.Context(), `select count(*), count(distinct number) from app.registrations where number like 'KILL-%'`).Scan(&rows, &numbers); err != nil {
		t.Fatal(err)
	}
	if rows != imported || numbers != imported {
		t.Errorf("%d registrations with %d numbers, want %d of each", rows, numbers, imported)
	}
}
