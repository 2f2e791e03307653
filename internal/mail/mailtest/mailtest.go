// Package mailtest gives tests a mail server of somebody else's make that keeps what it takes.
package mailtest

import (
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/helianthus-gi/helianthus/internal/mail"
)

// Box is an SMTP server.
type Box struct {
	port int

	mu      sync.Mutex
	refuse  error
	letters []Letter
}

// Letter is a message that was taken.
type Letter struct{ To, Subject, Text, Language string }

// Open starts a server that ends with the test.
func Open(t *testing.T) *Box {
	t.Helper()
	b := &Box{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.port = l.Addr().(*net.TCPAddr).Port
	srv, done := smtp.NewServer(b), make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(l) // ends when it is closed
	}()
	t.Cleanup(func() {
		_ = srv.Close()
		<-done
	})
	return b
}

// Server is the way to it.
func (b *Box) Server() *mail.Server {
	return mail.New(mail.Config{Host: "127.0.0.1", Port: b.port, From: "house@example.org", Encryption: mail.Clear})
}

// Taken are the letters that it took.
func (b *Box) Taken() []Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Letter{}, b.letters...)
}

// Refuses says what it answers to every recipient from now on; nil: it takes them.
func (b *Box) Refuses(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refuse = err
}

// NewSession begins a talk.
func (b *Box) NewSession(*smtp.Conn) (smtp.Session, error) { return b, nil }

// Reset forgets a message that was begun.
func (b *Box) Reset() {}

// Logout ends a talk.
func (b *Box) Logout() error { return nil }

// Mail begins a message.
func (b *Box) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt takes a recipient, or refuses.
func (b *Box) Rcpt(string, *smtp.RcptOptions) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refuse
}

// Data takes a message.
func (b *Box) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	body := m.Body
	if strings.EqualFold(m.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(m.Body)
	}
	text, err := io.ReadAll(body)
	subject, bad := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = append(b.letters, Letter{m.Header.Get("To"), subject, strings.ReplaceAll(string(text), "\r\n", "\n"), m.Header.Get("Content-Language")})
	return errors.Join(err, bad)
}
