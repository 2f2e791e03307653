package i18n_test

import (
	"testing"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/httpd"
	"github.com/helianthus-gi/helianthus/internal/locale"
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
		"task.status.":         words("TaskStatus"),
		"document.status.":     words("DocumentStatus"),
		"dossier.status.":      words("DossierStatus"),
		"registration.status.": words("RegistrationStatus"),
		"page.status.word.":    words("StatusAnswer"),
		"role.":                nil,
	}
	for _, k := range tenancy.Kinds {
		roles, err := tenants.Roles(string(k))
		if err != nil {
			t.Fatal(err)
		}
		for role := range roles {
			all["role."] = append(all["role."], role)
		}
	}
	return all
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
