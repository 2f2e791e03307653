// Command witness runs litewitness for a test: with a key of its own, as the witness of one log. It takes the place of an
// ssh-agent, which litewitness wants to sign with, and of witnessctl, which tells litewitness whose log it watches.
//
//	witness PROGRAM DIRECTORY ADDRESS LOG-KEY
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

func main() {
	program, dir, address, key := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	database, socket := filepath.Join(dir, "witness.db"), filepath.Join(dir, "agent")
	if err := watch(database, key); err != nil {
		log.Fatal(err)
	}
	fingerprint, err := sign(socket)
	if err != nil {
		log.Fatal(err)
	}
	cmd := exec.Command(program, "-name", "litewitness.example", "-db", database, "-ssh-agent", socket, "-key", fingerprint, "-listen", address)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		log.Fatal(err)
	}
	_, _ = os.Stdin.Read(make([]byte, 1)) // the test closes it, or ends
	log.Fatal(errors.Join(cmd.Process.Signal(os.Interrupt), cmd.Wait()))
}

// watch writes the log into litewitness's database, as `witnessctl add-log` and `add-key` do.
func watch(database, key string) error {
	v, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	db, err := sqlite.OpenConn(database)
	if err != nil {
		return err
	}
	empty, err := tlog.TreeHash(0, nil)
	if err != nil {
		return err
	}
	err = sqlitex.ExecScript(db, `
		create table log (origin text primary key, tree_size integer not null, tree_hash text not null);
		create table key (origin text not null, key text not null, foreign key (origin) references log (origin));`)
	if err == nil {
		err = sqlitex.Execute(db, `insert into log (origin, tree_size, tree_hash) values (?, 0, ?)`,
			&sqlitex.ExecOptions{Args: []any{v.Name(), base64.StdEncoding.EncodeToString(empty[:])}})
	}
	if err == nil {
		err = sqlitex.Execute(db, `insert into key (origin, key) values (?, ?)`, &sqlitex.ExecOptions{Args: []any{v.Name(), key}})
	}
	return errors.Join(err, db.Close())
}

// sign serves a new key as an ssh-agent does, and returns its fingerprint.
func sign(socket string) (fingerprint string, err error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: private}); err != nil {
		return "", err
	}
	public, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		return "", err
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		return "", err
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(ring, conn) }()
		}
	}()
	return ssh.FingerprintSHA256(public), nil
}
