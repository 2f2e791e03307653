package recognition

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/language"

	"github.com/helianthus-gi/helianthus/internal/problem"
)

// LetterID identifies a letter.
type LetterID = uuid.UUID

// LetterStatus is where a letter is.
type LetterStatus string

// The statuses of letters. Only drafts change.
const (
	LetterDraft      LetterStatus = "draft"      // of one side, which alone sees it
	LetterIssued     LetterStatus = "issued"     // numbered, dated, sealed
	LetterRegistered LetterStatus = "registered" // came in, with its scan and the day on which it came
)

// Problems of letters.
var (
	ErrLetterNotFound = problem.New(problem.NotFound, "case-letter.not-found")

	codeLetterTemplate = problem.Field("case-letter.unknown-template")
	codeLetterLanguage = problem.Field("case-letter.languages")
	codeLetterText     = problem.Field("case-letter.text-missing")
	codeLetterBlank    = problem.Field("case-letter.blank")
	codeLetterSigner   = problem.Field("case-letter.unknown-signatory")
	codePrefix         = problem.Field("letterhead.bad-prefix")
	codeSeal           = problem.Field("letterhead.seal")
	codeBefore         = problem.Field("case-letter.before-its-date")
)

// Blank stands in a text that was filled from the file where the file does not say. A letter that has one is not issued.
const Blank = "[…]"

// TranslationState is how a text came into a language that it was not written in.
type TranslationState string

// The states of translations, the least sure first; the words are those of dossiers.
const (
	TranslatedByMachine TranslationState = "machine"
	TranslationDrafted  TranslationState = "drafted"
	TranslationReviewed TranslationState = "reviewed"
	TranslationCertifed TranslationState = "certified"
)

// TranslationStates lists all of them.
var TranslationStates = []TranslationState{TranslatedByMachine, TranslationDrafted, TranslationReviewed, TranslationCertifed}

// LetterText is a letter in one language. Lines of the body are paragraphs, lines that begin with "- " a list.
type LetterText struct {
	To      string `json:"to"`
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

// LetterContent is what a letter says.
type LetterContent struct {
	Template     string                      `json:"template,omitempty"`
	Languages    []string                    `json:"languages"` // the first is the one that it was written in; two stand side by side
	Texts        map[string]LetterText       `json:"texts"`
	Translations map[string]TranslationState `json:"translations,omitempty"` // of the other language
	Signatory    string                      `json:"signatory,omitempty"`    // a role of the letterhead
	Answers      string                      `json:"answers,omitempty"`      // the number of the letter that it answers
}

// Letter is a letter of a case (函件): a draft, one that was issued, or one that came in.
type Letter struct {
	ID         LetterID
	Version    int // of a draft
	CaseID     CaseID
	Status     LetterStatus
	Side       Side // whose letter it is
	Owner      Party
	Number     string
	On         *time.Time // its date
	ReceivedOn *time.Time
	Content    LetterContent
	Head       Letterhead // as it was when it was issued
	Shared     bool
	Document   *uuid.UUID // its paper or scan, among the documents of the case; nil: it is being made
	TaskID     *uuid.UUID
	By         string
	At         time.Time
}

// LetterTemplate is a letter that goes with a step. Its texts are in the catalogues, as letter.template.CODE.subject and .body.
type LetterTemplate struct {
	Code  string
	Act   CaseAct // empty: any step
	Sides []Side
}

// LetterTemplates are the letters that the house knows how to begin, in the order of the steps.
var LetterTemplates = func() (all []LetterTemplate) {
	for _, act := range []CaseAct{ActEndorse, ActReceive, ActNotify, ActRemedy, ActAccept, ActObject, ActRespond, ActPublish, ActOppose, ActCounter, ActDismiss,
		ActGrant, ActLimit, ActRefuse, ActAppeal, ActExtend, ActCancel, ActRenounce, ActWithdraw} {
		all = append(all, LetterTemplate{Code: string(act), Act: act, Sides: ruleOf(act).sides})
	}
	return append(all, LetterTemplate{Code: "cover", Sides: Sides})
}()

// templateOf finds a template by its code.
func templateOf(code string) (LetterTemplate, bool) {
	i := slices.IndexFunc(LetterTemplates, func(t LetterTemplate) bool { return t.Code == code })
	if i < 0 {
		return LetterTemplate{}, false
	}
	return LetterTemplates[i], true
}

// Check returns problem.ErrInvalid with a detail for each wrong field. What is missing in a draft is missing until it is issued.
func (c LetterContent) Check(h Letterhead) error {
	err := problem.ErrInvalid
	if len(c.Languages) == 0 || len(c.Languages) > 2 || len(c.Languages) == 2 && c.Languages[0] == c.Languages[1] {
		err = err.At("/languages", codeLetterLanguage)
	}
	for n, tag := range c.Languages {
		if _, bad := language.Parse(tag); bad != nil {
			err = err.At(fmt.Sprintf("/languages/%d", n), codeLanguage)
		}
	}
	for tag := range c.Texts {
		if !slices.Contains(c.Languages, tag) {
			err = err.At("/texts/"+tag, codeLetterLanguage)
		}
	}
	for tag, state := range c.Translations {
		if len(c.Languages) < 2 || tag != c.Languages[1] || !slices.Contains(TranslationStates, state) {
			err = err.At("/translations/"+tag, codeLetterLanguage)
		}
	}
	if _, ok := h.signatory(c.Signatory); c.Signatory != "" && !ok {
		err = err.At("/signatory", codeLetterSigner)
	}
	return err.Or()
}

// Complete returns problem.ErrInvalid with each thing that a letter lacks to be issued.
func (c LetterContent) Complete() error {
	err := problem.ErrInvalid
	for _, tag := range c.Languages {
		t := c.Texts[tag]
		for _, f := range []struct{ name, text string }{{"to", t.To}, {"subject", t.Subject}, {"body", t.Body}} {
			switch {
			case strings.TrimSpace(f.text) == "":
				err = err.At("/texts/"+tag+"/"+f.name, codeLetterText)
			case strings.Contains(f.text, Blank):
				err = err.At("/texts/"+tag+"/"+f.name, codeLetterBlank)
			}
		}
	}
	if len(c.Languages) > 1 && c.Translations[c.Languages[1]] == "" {
		err = err.At("/translations/"+c.Languages[1], codeLetterText)
	}
	return err.Or()
}

// Letterhead is what the letters of a tenant carry (信头): its name, who signs in which role, and its seal.
type Letterhead struct {
	Prefix      string            `json:"prefix"` // the numbers of its letters begin with it
	Names       map[string]string `json:"names"`
	Addresses   map[string]string `json:"addresses,omitempty"`
	Seal        *uuid.UUID        `json:"seal,omitempty"` // an image in the tenant's store
	Signatories []Signatory       `json:"signatories"`
}

// Signatory is who signs in a role.
type Signatory struct {
	Role   string            `json:"role"`
	Names  map[string]string `json:"names"`
	Titles map[string]string `json:"titles"`
}

func (h Letterhead) signatory(role string) (Signatory, bool) {
	i := slices.IndexFunc(h.Signatories, func(s Signatory) bool { return s.Role == role })
	if i < 0 {
		return Signatory{}, false
	}
	return h.Signatories[i], true
}

var (
	prefixPattern = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,19}$`)
	rolePattern   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
)

// Check returns problem.ErrInvalid with a detail for each wrong field. That the seal is an image is looked up.
func (h Letterhead) Check() error {
	err := problem.ErrInvalid
	if !prefixPattern.MatchString(h.Prefix) {
		err = err.At("/prefix", codePrefix)
	}
	if len(h.Names) == 0 {
		err = err.At("/names", codeMissing)
	}
	err = checkTexts(checkTexts(err, "/names", h.Names), "/addresses", h.Addresses)
	for n, s := range h.Signatories {
		at := fmt.Sprintf("/signatories/%d", n)
		switch {
		case !rolePattern.MatchString(s.Role):
			err = err.At(at+"/role", codeKind)
		case slices.IndexFunc(h.Signatories, func(o Signatory) bool { return o.Role == s.Role }) != n:
			err = err.At(at+"/role", codeDouble)
		}
		if len(s.Names) == 0 {
			err = err.At(at+"/names", codeMissing)
		}
		err = checkTexts(checkTexts(err, at+"/names", s.Names), at+"/titles", s.Titles)
	}
	return err.Or()
}

// number is how the nth letter of a year is called.
func (h Letterhead) number(year, n int) string { return fmt.Sprintf("%s-%d-%04d", h.Prefix, year, n) }
