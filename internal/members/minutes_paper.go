package members

import (
	"context"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/helianthus-gi/helianthus/internal/locale"
)

// minutesSheet is a meeting with its minutes as a paper: the notice, the quorum with its calculation, who came, the motions and the signatures.
func (s *Papers) minutesSheet(ctx context.Context, tx pgx.Tx, id MeetingID, tag locale.Tag) (sheet, error) {
	sh, p, err := s.begin(ctx, tx, tag, "minutes")
	if err != nil {
		return sh, err
	}
	m, err := meetingByID(ctx, tx, id)
	if err != nil {
		return sh, err
	}
	entries, err := minutesOf(ctx, tx, id)
	if err != nil {
		return sh, err
	}
	put, err := motionsOf(ctx, tx, id)
	if err != nil {
		return sh, err
	}
	roll, _, err := listRoll(ctx, tx, id, RollFilter{}, mostOnRecord, "")
	if err != nil {
		return sh, err
	}
	sh.Title = m.Title
	p.fact(&sh, "web.meeting.kind", p.say("meeting.kind."+string(m.Kind), nil))
	p.fact(&sh, "web.meeting.state", p.say("meeting.status."+string(m.Status), nil))
	p.fact(&sh, "web.meeting.begins", m.When(string(tag)))
	p.fact(&sh, "web.meeting.place", m.Place)
	p.fact(&sh, "web.meeting.link", m.Link)
	p.fact(&sh, "web.meeting.cancelled-why", m.Reason)
	if m.Rule != nil {
		p.fact(&sh, "web.meeting.called-on", p.say("member-paper.called", map[string]any{"Day": p.day(*m.CalledOn), "Days": strconv.Itoa(m.Rule.NoticeDays)}))
		p.fact(&sh, "web.meeting.quorum", p.quorum(m))
		p.fact(&sh, "web.meeting.source", m.Rule.Source)
	}
	if len(m.Agenda) > 0 {
		b := sheetBlock{Title: p.say("web.meeting.agenda", nil), Head: []string{"", p.say("web.meeting.matter", nil)}, Rows: [][]string{}, Numbers: []int{}}
		for i, item := range m.Agenda {
			b.Rows = append(b.Rows, []string{strconv.Itoa(i + 1), item.Title})
		}
		sh.Blocks = append(sh.Blocks, b)
	}
	p.attendance(&sh, roll)
	p.motions(&sh, put)
	for _, e := range entries {
		title := p.say("web.meeting.minutes", nil)
		if e.Seq > 1 {
			title = p.say("web.meeting.correction", map[string]any{"Number": strconv.Itoa(e.Seq - 1)})
		}
		b := sheetBlock{Title: title, Text: e.Body, Head: []string{}, Rows: [][]string{}, Numbers: []int{}}
		p.signatures(&b, m, e)
		sh.Blocks = append(sh.Blocks, b)
	}
	return sh, nil
}

// shown is a share as people read it.
func shown(s Share) string { return strings.Replace(s.String(), ">=", "≥", 1) }

// inGroups is a long number in groups of eight, between which a line may break.
func inGroups(s string) string {
	var groups []string
	for len(s) > 8 {
		groups, s = append(groups, s[:8]), s[8:]
	}
	return strings.Join(append(groups, s), " ")
}

// quorum is how a quorum is computed, in words and numbers.
func (p press) quorum(m Meeting) string {
	id := "meeting.quorum.not-reached"
	if m.Quorate() {
		id = "meeting.quorum.reached"
	}
	return p.say("meeting.quorum-of."+string(m.Rule.Base), map[string]any{"Share": shown(m.Rule.Quorum), "Of": strconv.Itoa(m.Count.Of), "Needed": strconv.Itoa(m.Rule.Quorum.Needed(m.Count.Of)), "Present": strconv.Itoa(m.Count.Present)}) + " " + p.say(id, nil)
}

func (p press) attendance(sh *sheet, roll []Called) {
	b := sheetBlock{Title: p.say("member-paper.present", nil), Rows: [][]string{}, Numbers: []int{}}
	for _, head := range []string{"web.members.number", "web.members.name", "web.meeting.attendance", "web.meeting.vote-right"} {
		b.Head = append(b.Head, p.say(head, nil))
	}
	for _, c := range roll {
		if c.Attendance == Absent {
			continue
		}
		how := p.say("meeting.attendance."+string(c.Attendance), nil)
		if c.ProxyID != nil {
			how += " " + c.ProxyName
		}
		right := p.say("meeting.has-vote", nil)
		if c.NoVote != "" {
			right = p.say("meeting.no-vote."+string(c.NoVote), nil)
		}
		b.Rows = append(b.Rows, []string{c.Number, c.Name, how, right})
	}
	if len(b.Rows) > 0 {
		sh.Blocks = append(sh.Blocks, b)
	}
}

func (p press) motions(sh *sheet, all []Motion) {
	b := sheetBlock{Title: p.say("web.meeting.motions", nil), Rows: [][]string{}, Numbers: []int{3, 4, 5}}
	for _, head := range []string{"", "web.meeting.motion", "web.meeting.majority", "meeting.choice.for", "meeting.choice.against", "meeting.choice.abstain", "web.meeting.result"} {
		if head != "" {
			head = p.say(head, nil)
		}
		b.Head = append(b.Head, head)
	}
	for _, m := range all {
		result := p.say("meeting.result.open", nil)
		if m.DecidedAt != nil {
			result = p.say("meeting.result."+m.Result(), nil)
		}
		majority := p.say("meeting.majority."+string(m.Majority.Base), map[string]any{"Share": shown(m.Majority.Share)})
		if m.Secret {
			majority += " · " + p.say("web.meeting.secret", nil)
		}
		b.Rows = append(b.Rows, []string{strconv.Itoa(m.Number), m.Title, majority, strconv.Itoa(m.Tally.For), strconv.Itoa(m.Tally.Against), strconv.Itoa(m.Tally.Abstain), result})
	}
	if len(b.Rows) > 0 {
		sh.Blocks = append(sh.Blocks, b)
	}
}

// signatures are who signed an entry; what is not signed says that it is a draft.
func (p press) signatures(b *sheetBlock, m Meeting, e Minutes) {
	b.Signed = append(b.Signed, [2]string{p.say("web.meeting.chair", nil), e.Chair})
	if e.ChairAt != nil {
		b.Signed = append(b.Signed, [2]string{p.say("meeting.signer.chair", nil), e.ChairName + ", " + locale.Instant(p.tag, *e.ChairAt, m.zone())})
	}
	if e.SecondAt != nil {
		b.Signed = append(b.Signed, [2]string{p.say("meeting.signer.second", nil), e.SecondName + ", " + locale.Instant(p.tag, *e.SecondAt, m.zone())})
	} else {
		b.Note = p.say("member-paper.unsigned", nil)
	}
	if len(e.SHA256) > 0 {
		b.Signed = append(b.Signed, [2]string{"SHA-256", inGroups(hex.EncodeToString(e.SHA256))})
	}
}
