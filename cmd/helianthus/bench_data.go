package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
)

// recognisedShare is one in how many registrations that is recognised in the market benchMarket.
const recognisedShare = 10

const benchMarket = "XA"

// benchName is the Chinese name of registration n: a place of three characters, and the product. Each is its own.
func benchName(n int) string { return benchPlace(n) + "向日葵" }

func benchPlace(n int) string {
	const base = 700
	return string([]rune{rune(0x5100 + n%base), rune(0x6300 + n/base%base), rune(0x7500 + n/base/base%base)})
}

// benchSound is how the place of registration n may sound: three syllables with tones.
func benchSound(n int) string {
	initials := []string{"B", "P", "M", "F", "D", "T", "N", "L", "G", "K", "H", "J", "Q", "X", "Zh", "Ch", "Sh", "R", "Z", "C", "S", "Y", "W"}
	finals := []string{"ā", "ái", "ǎo", "àn", "āng", "é", "ěi", "èn", "ēng", "í", "iǎ", "iào", "iē", "ín", "ǐng", "ò", "ōu", "óng", "ǔ", "uà", "uāi", "uán", "uǐ", "ùn", "ǖ"}
	sound, k := "", uint64(n)*0x9E3779B97F4A7C15
	for range 3 {
		sound += initials[(k>>7)%uint64(len(initials))] + finals[(k>>19)%uint64(len(finals))]
		k = k*6364136223846793005 + 1442695040888963407
	}
	return sound
}

func benchContent(n int) registry.Public {
	place, sound, since := benchPlace(n), benchSound(n), "2012-06-01"
	return registry.Public{
		Content: registry.Content{
			Office: "CN",
			Names: []registry.Name{
				{Text: benchName(n), Language: "zh-Hans", Kind: registry.Original},
				{Text: fmt.Sprintf("%s %d Xiàngrìkuí", sound, n), Language: "zh-Latn", Kind: registry.Transcription, Scheme: "ISO 7098"},
				{Text: fmt.Sprintf("%s %d Sunflower", sound, n), Language: "en", Kind: registry.Translation},
			},
			Bases:   []registry.Basis{{Kind: "certification-mark", Office: "CN", Number: fmt.Sprintf("%08d", n), RegisteredOn: &since}},
			Classes: []registry.Class{{Scheme: "nice", Code: "31", Edition: "12"}},
			HSCodes: []string{"120600"},
			Holder:  registry.Party{Names: map[string]string{"zh-Hans": place + "协会", "en": sound + " Association"}},
			Area:    registry.Area{Words: map[string]string{"zh-Hans": "北纬40度46分至41度16分，东经107度35分至108度37分，辖区内各乡镇"}},
			Specification: []registry.Section{{Key: "description", Texts: map[string]string{
				"zh-Hans": "籽粒饱满，皮壳黑白相间有光泽，百粒重不低于15克，仁率不低于50%，水分不高于12%。", "en": "Full kernels in black and white striped shells; one hundred weigh 15 g or more."}}},
			Link:    map[string]string{"zh-Hans": "河套灌区光照充足，昼夜温差大，黄河水自流灌溉，土壤含钾丰富。"},
			Sources: []registry.Source{{Title: "Gazette", URL: fmt.Sprintf("https://gazette.example/%d", n), Page: "12"}},
		},
		Status: registry.Registered,
		Periods: []registry.Period{
			{Status: registry.Published, From: time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC), Until: &registeredOn},
			{Status: registry.Registered, From: registeredOn},
		},
	}
}

var registeredOn = time.Date(2012, 6, 1, 0, 0, 0, 0, time.UTC)

// benchRows collects rows of publications and of their names, to be written by one statement each.
type benchRows struct {
	kinds                       []string
	ids, records                []uuid.UUID
	contents                    []string
	sums                        [][]byte
	publications                []uuid.UUID
	keys, texts, languages, how []string
}

func (p *benchRows) add(kind string, record uuid.UUID, content any, names []exchange.Name) error {
	text, err := exchange.Canonical(content)
	if err != nil {
		return err
	}
	id, sum := uuid.Must(uuid.NewV7()), sha256.Sum256(text)
	p.kinds, p.ids, p.records = append(p.kinds, kind), append(p.ids, id), append(p.records, record)
	p.contents, p.sums = append(p.contents, string(text)), append(p.sums, sum[:])
	for _, n := range names {
		p.publications, p.keys, p.texts = append(p.publications, id), append(p.keys, n.Key), append(p.texts, n.Text)
		p.languages, p.how = append(p.languages, n.Language), append(p.how, n.Kind)
	}
	return nil
}

func (p *benchRows) write(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		insert into app.publications (kind, id, root, record_id, version, content, sha256)
		select kind, id, id, record, 1, content::jsonb, sum from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::bytea[]) as u (kind, id, record, content, sum)`,
		p.kinds, p.ids, p.records, p.contents, p.sums)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into app.published_names (publication_id, name_key, name, language, kind)
		select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])`, p.publications, p.keys, p.texts, p.languages, p.how)
	return err
}

// benchTenants makes n tenants and returns a context in the scope of each.
func (r *benchRun) benchTenants(ctx context.Context, n int) ([]context.Context, error) {
	owner, err := pgx.Connect(ctx, r.server.URL("helianthus_owner", "helianthus"))
	if err != nil {
		return nil, err
	}
	defer owner.Close(ctx)
	rows, _ := owner.Query(ctx, `
		insert into app.tenants (slug, kind, names, office) select 'bench-' || n, 'county', jsonb_build_object('en', 'County ' || n, 'zh-Hans', n || '县'), 'CN'
		from generate_series(1, $1) n returning id, slug`, n)
	return collectScopes(ctx, rows)
}

// tenantScopes are the scopes of the tenants made before.
func (r *benchRun) tenantScopes(ctx context.Context) ([]context.Context, error) {
	rows, err := r.house.DB.Pool().Query(ctx, `select id, slug from app.tenants where slug like 'bench-%' order by id`)
	if err != nil {
		return nil, err
	}
	return collectScopes(ctx, rows)
}

func collectScopes(ctx context.Context, rows pgx.Rows) ([]context.Context, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (context.Context, error) {
		s := tenancy.Scope{TenantKind: tenancy.County, ActorKind: tenancy.System, ActorName: "bench"}
		err := row.Scan(&s.Tenant, &s.Slug)
		return tenancy.In(ctx, s), err
	})
}

// publish fills the register: so many tenants with so many published registrations each, of which some are recognised abroad.
func (r *benchRun) publish(ctx context.Context) error {
	tenants, err := r.benchTenants(ctx, r.tenants)
	if err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(3)
	for t, scoped := range tenants {
		group.Go(func() error {
			var p benchRows
			for n := t * r.registrations; n < (t+1)*r.registrations; n++ {
				if err := p.registration(scoped, n); err != nil {
					return err
				}
			}
			return r.house.DB.Tx(scoped, func(tx pgx.Tx) error { return p.write(scoped, tx) })
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return r.analyze(ctx)
}

func (p *benchRows) registration(ctx context.Context, n int) error {
	c, record := benchContent(n), uuid.Must(uuid.NewV7())
	names := namesOf(c.Content)
	if err := p.add("registration", record, c, names); err != nil || n%recognisedShare != 0 {
		return err
	}
	s, err := tenancy.From(ctx)
	if err != nil {
		return err
	}
	return p.add("recognition", uuid.Must(uuid.NewV7()), recognition.Recognition{
		Version: 1, Market: benchMarket, OriginOffice: "CN", Name: names[0].Text, Language: "zh-Hans", Protection: recognition.Protected, From: registeredOn,
		Registration: &recognition.Link{Publisher: s.Tenant, Record: record}, Sources: []recognition.Source{{Title: "List of the agreement", Page: "3"}},
	}.Content(recognition.Instrument{}), names[:1])
}

func namesOf(c registry.Content) (names []exchange.Name) {
	for _, f := range c.Names {
		names = append(names, exchange.Name{Key: registry.NameKey(f.Text), Text: f.Text, Language: f.Language, Kind: f.Kind})
	}
	return names
}

// analyze lets the planner know the tables as autovacuum would in time.
func (r *benchRun) analyze(ctx context.Context) error {
	super, err := pgx.Connect(ctx, r.server.URL("postgres", "helianthus"))
	if err != nil {
		return err
	}
	defer super.Close(ctx)
	_, err = super.Exec(ctx, `vacuum (analyze)`)
	return err
}
