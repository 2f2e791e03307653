package i18n_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/dossier"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/tenants"
)

// built are the messages whose names are built from tables: a beginning and the words that follow it.
func built(t *testing.T) map[string][]string {
	t.Helper()
	spec, err := httpd.ReadSpec(api.Spec)
	if err != nil {
		t.Fatal(err)
	}
	words := func(schema string) []string {
		t.Helper()
		found := spec.Words(schema)
		if len(found) == 0 {
			t.Fatalf("the schema %s lists no words", schema)
		}
		return found
	}
	all := map[string][]string{
		"audience.":                  words("AudienceKind"),
		"basis.":                     words("RegistrationBasis.kind"),
		"grant.state.":               words("GrantState"),
		"instrument.kind.":           words("InstrumentKind"),
		"protection.":                words("Protection"),
		"published.":                 words("Recognition.published"),
		"publication.basis.":         words("Basis.kind"),
		"credential.paper.":          {"registration", "recognition", members.Kind},
		"mark-authorisation.act.":    acts(marks.Diagram()),
		"mark-authorisation.ground.": words("MarkEndGround"),
		"mark-authorisation.kind.":   words("MarkUserKind"),
		"mark-authorisation.status.": words("MarkStatus"),
		"mark-authorisation.why.":    words("MarkProposal.why"),
		"mark-batch.act.":            words("MarkMoveAct"),
		"mark-batch.place.":          words("MarkPlaceKind"),
		"mark-batch.verdict.":        words("MarkVerdict"),
		"member.category.":           words("MemberCategory"),
		"member.status.":             words("MemberStatus"),
		"publication.kind.":          {"registration", "recognition", "instrument", members.Kind, marks.PublicationKind, exchange.PackageKind, exchange.CanaryKind},
		"opposition.capacity.":       words("OppositionCapacity"),
		"opposition.entry.":          words("OppositionEntry.kind"),
		"opposition.outcome.":        words("OppositionOutcome"),
		"opposition.side.":           words("OppositionEntry.side"),
		"opposition.state.":          words("OppositionState"),
		"page.log.error.":            words("LogWitness.error"),
		"page.log.event.":            words("LogEntry.event"),
		"partner.trouble.":           words("PartnerTrouble"),
		"web.feed.who.":              append(words("FeedConsumer.actorKind"), "webhook"),
		"web.usage.class.":           words("QuotaUse.class"),
		"receipt.act.":               words("ReceiptAct"),
		"web.procedure.day.":         words("ProcedurePeriod.from"),
		"web.procedure.unit.":        words("PeriodLength.unit"),
		"web.reminders.channel.":     words("ReminderChannel"),
		"web.wave.fate.":             words("WaveRowFate"),
		"webhook.delivery.":          words("WebhookDeliveryStatus"),
		"webhook.disabled.":          words("Webhook.disabledWhy"),
		"webhook.error.":             words("WebhookTry.error"),
		"document.status.":           words("DocumentStatus"),
		"dossier.act.":               acts(dossier.Diagram()),
		"dossier.status.":            words("DossierStatus"),
		"name.kind.":                 words("RegistrationName.kind"),
		"page.status.word.":          words("StatusAnswer"),
		"registration.act.":          acts(registry.Diagram()),
		"registration.status.":       words("RegistrationStatus"),
		"role.":                      nil,
		"status.answer.":             words("StatusAnswer"),
		"task.kind.":                 {credential.Print{}.Kind(), dossier.BuildDossier{}.Kind(), recognition.PrintLetter{}.Kind(), recognition.PrintAnnex{}.Kind(), recognition.SendReminders{}.Kind(), registry.CheckImport{}.Kind(), registry.CommitImport{}.Kind()},
		"task.status.":               words("TaskStatus"),
		"translation.state.":         words("TranslationState"),
	}
	for _, v := range []exchange.Verdict{exchange.Valid, exchange.Altered, exchange.UnknownIssuer, exchange.Withdrawn, exchange.NotIssued} {
		all["verify.verdict."] = append(all["verify.verdict."], string(v))
		all["page.verify.explain."] = append(all["page.verify.explain."], string(v))
	}
	for _, topic := range []string{"start", "authentication", "feed", "webhooks", "log", "formats"} {
		all["page.developers."] = append(all["page.developers."], topic+".title", topic+".about")
	}
	for _, reader := range []string{"county-bureau", "association", "partner-office", "trader"} {
		all["page.guides."] = append(all["page.guides."], reader+".title", reader+".about")
	}
	for _, k := range tenancy.Kinds {
		roles, err := tenants.Roles(string(k))
		if err != nil {
			t.Fatal(err)
		}
		for role := range roles {
			all["role."] = append(all["role."], role)
		}
		ceiling, err := tenants.Ceiling(string(k))
		if err != nil {
			t.Fatal(err)
		}
		for _, permission := range ceiling {
			object, act, _ := strings.Cut(permission, ":")
			all["permission.object."] = append(all["permission.object."], object)
			all["permission.act."] = append(all["permission.act."], act)
		}
	}
	return all
}

// acts are the acts of a lifecycle, out of its diagram.
func acts(diagram string) (found []string) {
	for _, line := range strings.Split(diagram, "\n") {
		if _, act, ok := strings.Cut(line, ": "); ok && !slices.Contains(found, act) {
			found = append(found, act)
		}
	}
	return found
}

func TestTablesHaveMessages(t *testing.T) {
	t.Parallel()
	for _, tag := range []locale.Tag{locale.English, locale.Chinese} {
		messages := catalogue(t, tag)
		for beginning, words := range built(t) {
			for _, word := range words {
				if messages[beginning+word] == nil {
					t.Errorf("%s lacks %s%s", tag, beginning, word)
				}
			}
		}
	}
}
