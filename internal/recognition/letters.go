package recognition

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/typeset"
)

// LettersConfig is what letters are made with.
type LettersConfig struct {
	DB     *tenancy.DB
	Cases  *Cases
	Docs   *document.Documents
	Jobs   *jobs.Jobs
	Press  *typeset.Pool // nil in a process that does no jobs
	Bundle *locale.Bundle
}

// NewLetters returns the verbs, and adds the worker that makes the papers.
func NewLetters(c LettersConfig) *Letters {
	s := &Letters{c}
	jobs.Add(c.Jobs, s.print)
	return s
}

// Letters lists the letters of a case: the tenant's own drafts, and what was issued or came in, newest first.
func (s *Letters) Letters(ctx context.Context, id CaseID) (all []Letter, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		if _, err := CaseByID(ctx, tx, id); err != nil {
			return err
		}
		all, err = lettersOf(ctx, tx, id, nil)
		return err
	})
	return all, err
}

// Letter reads a letter of a case.
func (s *Letters) Letter(ctx context.Context, id CaseID, letter LetterID) (l Letter, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		l, err = letterByID(ctx, tx, id, letter)
		return err
	})
	return l, err
}

// Draft begins a letter from a template, filled from the file in one language or two. Nobody but the own side sees it. It returns
// problem.ErrInvalid with each wrong field.
func (s *Letters) Draft(ctx context.Context, id CaseID, template string, side Side, languages []string) (l Letter, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		f, err := s.Cases.file(ctx, tx, id, CaseByID)
		if err != nil {
			return err
		}
		t, ok := templateOf(template)
		if !ok {
			return problem.ErrInvalid.At("/template", codeLetterTemplate)
		}
		side = f.writer(t, side)
		content := f.fill(s.Bundle, t, side, languages)
		if err := content.Check(Letterhead{}); err != nil {
			return err
		}
		letter, err := insertDraft(ctx, tx, id, side, content)
		if err != nil {
			return err
		}
		l, err = letterByID(ctx, tx, id, letter)
		return err
	})
	return l, err
}

// writer is the side of the reader's that writes a letter: the one asked for, else one whose step it is.
func (f File) writer(t LetterTemplate, asked Side) Side {
	for _, side := range f.Sides {
		if side == asked {
			return side
		}
	}
	for _, side := range f.Sides {
		for _, of := range t.Sides {
			if of == side {
				return side
			}
		}
	}
	return f.Sides[0]
}

// Update replaces what version of a draft says. It returns problem.ErrStale, ErrLetterNotFound for one that is no draft, or problem.ErrInvalid.
func (s *Letters) Update(ctx context.Context, id CaseID, letter LetterID, version int, c LetterContent) (l Letter, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		head, err := letterhead(ctx, tx)
		if err != nil {
			return err
		}
		before, err := lockDraft(ctx, tx, id, letter, version)
		if err != nil {
			return err
		}
		c.Template = before.Content.Template
		if err := c.Check(head.Letterhead); err != nil {
			return err
		}
		if err := saveDraft(ctx, tx, letter, c); err != nil {
			return err
		}
		l, err = letterByID(ctx, tx, id, letter)
		return err
	})
	return l, err
}

// Discard throws a draft away.
func (s *Letters) Discard(ctx context.Context, id CaseID, letter LetterID, version int) error {
	return s.DB.Tx(ctx, func(tx pgx.Tx) error {
		if _, err := lockDraft(ctx, tx, id, letter, version); err != nil {
			return err
		}
		return removeDraft(ctx, tx, letter)
	})
}

// Issue gives a draft its number and its date, and freezes it with the letterhead of this moment; a job makes the paper. Both sides
// see it when they see the case. It returns problem.ErrStale, or problem.ErrInvalid with what it lacks.
func (s *Letters) Issue(ctx context.Context, id CaseID, letter LetterID, version int) (l Letter, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		c, err := CaseByID(ctx, tx, id)
		if err != nil {
			return err
		}
		draft, err := lockDraft(ctx, tx, id, letter, version)
		if err != nil {
			return err
		}
		head, err := letterhead(ctx, tx)
		if err != nil {
			return err
		}
		if err := draft.Content.Check(head.Letterhead); err != nil {
			return err
		}
		if err := draft.Content.Complete(); err != nil {
			return err
		}
		me, today, err := ownTenant(ctx, tx, s.Cases.now())
		if err != nil {
			return err
		}
		draft.On, draft.Owner, draft.Head, draft.Shared = &today, me, head.Letterhead, c.Shared
		if draft.Number, err = nextNumber(ctx, tx, head.Letterhead, today.Year()); err != nil {
			return err
		}
		task, err := s.Jobs.Start(ctx, tx, "case-letter.issue", letter, PrintLetter{Case: id, Letter: letter})
		if err != nil {
			return err
		}
		draft.TaskID = &task
		if err := insertLetter(ctx, tx, c, draft, "outgoing"); err != nil {
			return err
		}
		if err := removeDraft(ctx, tx, letter); err != nil {
			return err
		}
		if l, err = letterByID(ctx, tx, id, letter); err != nil {
			return err
		}
		return exchange.Across(ctx, tx, audit.Event{Action: "case-letter.issue", ObjectKind: "recognition-case", ObjectID: id.String(), OtherParty: otherParty(c, me),
			After: map[string]any{"number": l.Number, "letter": letter}})
	})
	return l, err
}

// otherParty is the other side where it sees the case.
func otherParty(c Case, me Party) tenancy.ID {
	if !c.Shared {
		return uuid.Nil
	}
	return c.Other(me.ID)
}

// Incoming is a letter that came in on paper or from an office that is no tenant.
type Incoming struct {
	Side       Side // whose letter it is; empty: the side that is not the reader's
	Number     string
	On         time.Time
	ReceivedOn time.Time
	Language   string
	From       string
	Subject    string
	Answers    string
	Scan       document.ID
}

// Register enters a letter that came in, with its scan and the day on which it came.
func (s *Letters) Register(ctx context.Context, id CaseID, in Incoming) (l Letter, err error) {
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		f, err := s.Cases.file(ctx, tx, id, CaseByID)
		if err != nil {
			return err
		}
		scan, err := document.ByID(ctx, tx, in.Scan)
		if err != nil && !errors.Is(err, document.ErrNotFound) {
			return err
		}
		if err := in.check(f.Today, scan); err != nil {
			return err
		}
		if in.Side == "" {
			in.Side = f.opposite()
		}
		l = Letter{ID: uuid.Must(uuid.NewV7()), CaseID: id, Side: in.Side, Owner: f.Me, Number: in.Number, On: &in.On, ReceivedOn: &in.ReceivedOn, Shared: f.Shared,
			Content: LetterContent{Languages: []string{in.Language}, Texts: map[string]LetterText{in.Language: {To: in.From, Subject: in.Subject}}, Answers: in.Answers}}
		if err := insertLetter(ctx, tx, f.Case, l, "incoming"); err != nil {
			return err
		}
		paper := Paper{Title: in.Subject, Kind: "letter", Language: in.Language, DocumentID: &in.Scan}
		if err := keepLetterPaper(ctx, tx, f.Case, l, paper, scan.Number); err != nil {
			return err
		}
		if l, err = letterByID(ctx, tx, id, l.ID); err != nil {
			return err
		}
		return exchange.Across(ctx, tx, audit.Event{Action: "case-letter.register", ObjectKind: "recognition-case", ObjectID: id.String(), OtherParty: otherParty(f.Case, f.Me),
			After: map[string]any{"number": l.Number, "letter": l.ID, "receivedOn": in.ReceivedOn.Format(time.DateOnly)}})
	})
	return l, err
}

func (in Incoming) check(today time.Time, scan document.Document) error {
	err := checkDays(problem.ErrInvalid, []pointedDay{{"/on", &in.On}})
	err = checkDays(err, []pointedDay{{"/receivedOn", &in.ReceivedOn}})
	if in.ReceivedOn.Before(in.On) {
		err = err.At("/receivedOn", codeBefore)
	}
	if in.ReceivedOn.After(today) {
		err = err.At("/receivedOn", codeFuture)
	}
	if scan.Status != document.Ready {
		err = err.At("/documentId", codeNoDocument)
	}
	if strings.TrimSpace(in.Subject) == "" {
		err = err.At("/subject", codeLetterText)
	}
	return err.Or()
}

// opposite is the side that is not the reader's.
func (f File) opposite() Side {
	if f.Sides[0] == Origin {
		return Destination
	}
	return Origin
}

// Head is a tenant's letterhead with the version of its row, 0 while nobody wrote one.
type Head struct {
	Letterhead
	Version int
}

// Letterhead reads the letterhead of the tenant; until somebody writes one it has the tenant's name and no seal.
func (s *Letters) Letterhead(ctx context.Context) (h Head, err error) {
	err = s.DB.Read(ctx, func(tx pgx.Tx) error {
		h, err = letterhead(ctx, tx)
		return err
	})
	return h, err
}

// UpdateLetterhead replaces version of the letterhead. Letters that were issued keep theirs. It returns problem.ErrStale, or problem.ErrInvalid.
func (s *Letters) UpdateLetterhead(ctx context.Context, version int, h Letterhead) (Head, error) {
	if err := h.Check(); err != nil {
		return Head{}, err
	}
	var after Head
	err := s.DB.Tx(ctx, func(tx pgx.Tx) error {
		before, err := letterhead(ctx, tx)
		if err != nil {
			return err
		}
		if before.Version != version {
			return problem.ErrStale
		}
		if h.Seal != nil {
			d, err := document.ByID(ctx, tx, *h.Seal)
			if err != nil && !errors.Is(err, document.ErrNotFound) {
				return err
			}
			if d.Status != document.Ready || sealName(d.Current.MediaType) == "" {
				return problem.ErrInvalid.At("/seal", codeSeal)
			}
		}
		if err := saveLetterhead(ctx, tx, version, h); err != nil {
			return err
		}
		if after, err = letterhead(ctx, tx); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{Action: "letterhead.update", ObjectKind: "letterhead", Before: before.Letterhead, After: h})
	})
	return after, err
}

// sealName is the name of a seal's file by its type; empty for what is no image that a paper can carry.
func sealName(mediaType string) string {
	return map[string]string{"image/png": "seal.png", "image/jpeg": "seal.jpg"}[mediaType]
}
