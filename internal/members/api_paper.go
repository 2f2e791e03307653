package members

import (
	"context"

	"github.com/google/uuid"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/wire"
)

// printed has a paper set and says which document it becomes.
func (a *API) printed(ctx context.Context, kind PaperKind, id uuid.UUID, b *api.MemberPrint) (w api.MemberPaper, location *string, err error) {
	w.DocumentId, w.TaskId, err = a.papers.Print(ctx, kind, id, locale.Match(string(b.Language)))
	return w, new("/api/v1/tasks/" + w.TaskId.String()), err
}

// PrintDuesInvoice sets an invoice as a paper.
func (a *API) PrintDuesInvoice(ctx context.Context, r api.PrintDuesInvoiceRequestObject) (api.PrintDuesInvoiceResponseObject, error) {
	w, at, err := a.printed(ctx, InvoicePaper, r.Id, r.Body)
	return api.PrintDuesInvoice202JSONResponse{Body: w, Headers: api.PrintDuesInvoice202ResponseHeaders{Location: at}}, err
}

// PrintMember sets the statement of a member as a paper.
func (a *API) PrintMember(ctx context.Context, r api.PrintMemberRequestObject) (api.PrintMemberResponseObject, error) {
	w, at, err := a.printed(ctx, StatementPaper, r.Id, r.Body)
	return api.PrintMember202JSONResponse{Body: w, Headers: api.PrintMember202ResponseHeaders{Location: at}}, err
}

// PrintMeeting sets a meeting with its minutes as a paper.
func (a *API) PrintMeeting(ctx context.Context, r api.PrintMeetingRequestObject) (api.PrintMeetingResponseObject, error) {
	w, at, err := a.printed(ctx, MinutesPaper, r.Id, r.Body)
	return api.PrintMeeting202JSONResponse{Body: w, Headers: api.PrintMeeting202ResponseHeaders{Location: at}}, err
}

func wireLetter(l Letter) api.MemberLetter {
	return api.MemberLetter{Id: l.ID, Kind: api.MemberLetterKind(l.Kind), About: l.About, Status: api.MemberLetterStatus(l.Status), Address: wire.Optional(l.Address), Answer: wire.Optional(l.Answer), TriedAt: l.TriedAt, CreatedAt: l.CreatedAt, CreatedName: wire.Optional(l.CreatedBy)}
}

func wireLetters(all []Letter) []api.MemberLetter {
	out := make([]api.MemberLetter, 0, len(all))
	for _, l := range all {
		out = append(out, wireLetter(l))
	}
	return out
}

// SendMemberLink mails a member a link to its portal.
func (a *API) SendMemberLink(ctx context.Context, r api.SendMemberLinkRequestObject) (api.SendMemberLinkResponseObject, error) {
	l, err := a.letters.SendLink(ctx, r.Id)
	return api.SendMemberLink202JSONResponse(wireLetter(l)), err
}

// ListMemberLetters lists mails to a member.
func (a *API) ListMemberLetters(ctx context.Context, r api.ListMemberLettersRequestObject) (api.ListMemberLettersResponseObject, error) {
	all, err := a.letters.To(ctx, r.Id)
	return api.ListMemberLetters200JSONResponse{Items: wireLetters(all)}, err
}

// wireMeetings are a member's own meetings, with its votes where they were open.
func wireMeetings(all []OwnMeeting) []api.MemberMeeting {
	out := make([]api.MemberMeeting, 0, len(all))
	for _, m := range all {
		w := api.MemberMeeting{Id: m.ID, Title: m.Title, Kind: api.MeetingKind(m.Kind), Status: api.MeetingStatus(m.Status), BeginsAt: m.BeginsAt, NoVote: wire.Optional(string(m.NoVote)), Attendance: api.MeetingAttendance(m.Attendance), Answer: wire.Optional(m.Answer)}
		w.Votes = []api.MemberMeetingVote{}
		for _, o := range m.Motions {
			if o.Choice != "" {
				w.Votes = append(w.Votes, api.MemberMeetingVote{Motion: o.Title, Choice: api.MeetingChoice(o.Choice)})
			}
		}
		out = append(out, w)
	}
	return out
}
