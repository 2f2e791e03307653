// Package mail sends messages by the SMTP server of whoever runs the house (RFC 5321). It knows no domain type: a message is
// an address, a subject and a text.
package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

var (
	// ErrUnavailable is returned when the server cannot be reached, or says that it may take the message later.
	ErrUnavailable = problem.New(problem.Unavailable, "mail.unavailable")
	// ErrRefused is returned when the server will not take the message, whenever it is tried; its value Answer is what it said.
	ErrRefused = problem.New(problem.Conflict, "mail.refused")
)

// Encryption says how the connection to the server is kept secret.
type Encryption string

// The ways of encryption.
const (
	StartTLS    Encryption = "starttls" // begun in clear and encrypted before anything is said; refused without
	ImplicitTLS Encryption = "tls"      // from the first byte (RFC 8314)
	Clear       Encryption = "none"     // for a server on the same machine only
)

// Config says which server takes messages; without a host there is none.
type Config struct {
	Host           string
	Port           int
	User, Password string // empty: the server asks for none
	From           string // address of the sender
	Encryption     Encryption
}

// Server takes messages.
type Server struct{ config Config }

// New returns the server, nil when none is configured.
func New(c Config) *Server {
	if c.Host == "" {
		return nil
	}
	return &Server{c}
}

// Message is a text for one person.
type Message struct {
	To, Name      string
	Subject, Text string
	ID            string // the same at each try, so that a mail store that has it keeps one
	Language      string // BCP 47
}

// timeout bounds the talk with a server.
const timeout = 30 * time.Second

// Send hands a message over. It returns ErrUnavailable or ErrRefused.
func (s *Server) Send(ctx context.Context, m Message) error {
	msg := mail.NewMsg()
	if err := msg.FromFormat("Helianthus", s.config.From); err != nil {
		return fmt.Errorf("mail: sender: %w", err)
	}
	if err := msg.AddToFormat(m.Name, m.To); err != nil {
		return ErrRefused.With("Answer", err.Error())
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDate()
	msg.SetGenHeader("Content-Language", m.Language)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // so that nobody's absence answers it (RFC 3834, section 5)
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	client, err := s.client()
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return judged(client.DialAndSendWithContext(ctx, msg))
}

func (s *Server) client() (*mail.Client, error) {
	c := s.config
	options := []mail.Option{mail.WithPort(c.Port), mail.WithTimeout(timeout)}
	switch c.Encryption {
	case ImplicitTLS:
		options = append(options, mail.WithSSL())
	case Clear:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	case StartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if c.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(c.User), mail.WithPassword(c.Password))
	}
	return mail.NewClient(c.Host, options...)
}

// judged tells a refusal for good (5yz, RFC 5321 section 4.2.1) from trouble that may pass.
func judged(err error) error {
	if err == nil {
		return nil
	}
	var refused *mail.SendError
	if errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 {
		return ErrRefused.With("Answer", refused.Error())
	}
	return fmt.Errorf("mail: %w: %w", ErrUnavailable, err)
}

// Outcome is what became of a message.
type Outcome string

// The outcomes.
const (
	Sent    Outcome = "sent"
	Refused Outcome = "refused" // for good
	Later   Outcome = "queued"  // it may be tried again
)

// OutcomeOf tells what became of a message from what Send returned, with what the server said to one that it did not take.
func OutcomeOf(err error) (Outcome, string) {
	if err == nil {
		return Sent, ""
	}
	p, ok := problem.As(err)
	if ok && p.Kind == problem.Unavailable {
		return Later, shortened(err.Error())
	}
	if ok {
		if said, is := p.Values["Answer"].(string); is {
			return Refused, shortened(said)
		}
	}
	return Refused, shortened(err.Error())
}

// shortened is the beginning of what a server said.
func shortened(s string) string {
	r := []rune(strings.ToValidUTF8(s, "?"))
	return string(r[:min(len(r), 500)])
}
