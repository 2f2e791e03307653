package mail_test

import (
	"context"
	"errors"
	"io"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/helianthus-gi/helianthus/internal/mail"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// server is an SMTP server of somebody else's make; answer is what it says to a recipient.
type server struct {
	answer error

	mu       sync.Mutex
	received []string
}

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{s}, nil }

type session struct{ *server }

func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(string, *smtp.RcptOptions) error { return s.answer }
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = append(s.received, string(b))
	return err
}

func start(t *testing.T, answer error) (*server, mail.Config) {
	t.Helper()
	backend := &server{answer: answer}
	srv := smtp.NewServer(backend)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close(); <-done })
	return backend, mail.Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: "helianthus@example.org", Encryption: mail.Clear}
}

var message = mail.Message{To: "li@example.org", Name: "李", Subject: "期限提醒：2", Text: "五原向日葵\nhttps://example.org\n", ID: "1@helianthus", Language: "zh-Hans"}

func TestWhatIsSentArrives(t *testing.T) {
	t.Parallel()
	s, c := start(t, nil)
	if err := mail.New(c).Send(context.Background(), message); err != nil {
		t.Fatal(err)
	}
	if len(s.received) != 1 {
		t.Fatalf("%d messages", len(s.received))
	}
	m, err := netmail.ReadMessage(strings.NewReader(s.received[0]))
	if err != nil {
		t.Fatal(err)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != "李" || to[0].Address != "li@example.org" {
		t.Errorf("to %v, %v", to, err)
	}
	if id := m.Header.Get("Message-Id"); id != "<1@helianthus>" {
		t.Errorf("id %s", id)
	}
	if a := m.Header.Get("Auto-Submitted"); a != "auto-generated" {
		t.Errorf("auto-submitted %q", a)
	}
}

func TestWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer error
		want   error
	}{
		{"the address is unknown", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}, mail.ErrRefused},
		{"later, perhaps", &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}, mail.ErrUnavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, config := start(t, c.answer)
			if err := mail.New(config).Send(context.Background(), message); !errors.Is(err, c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	wrong := message
	wrong.To = "nobody at all"
	_, config := start(t, nil)
	if err := mail.New(config).Send(context.Background(), wrong); !errors.Is(err, mail.ErrRefused) {
		t.Errorf("no address: %v", err)
	}
	config.Port = 1 // where nobody listens
	err := mail.New(config).Send(context.Background(), message)
	if p, ok := problem.As(err); !ok || p.Kind != problem.Unavailable {
		t.Errorf("nobody there: %v", err)
	}
	config.Encryption = mail.StartTLS
	if mail.New(mail.Config{}) != nil {
		t.Error("a server without a host")
	}
}
