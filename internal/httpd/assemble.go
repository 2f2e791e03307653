package httpd

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/helianthus-gi/helianthus/api"
	"github.com/helianthus-gi/helianthus/internal/access"
	"github.com/helianthus-gi/helianthus/internal/audit"
	"github.com/helianthus-gi/helianthus/internal/clearance"
	"github.com/helianthus-gi/helianthus/internal/credential"
	"github.com/helianthus-gi/helianthus/internal/custody"
	"github.com/helianthus-gi/helianthus/internal/document"
	"github.com/helianthus-gi/helianthus/internal/dossier"
	"github.com/helianthus-gi/helianthus/internal/exchange"
	"github.com/helianthus-gi/helianthus/internal/identity"
	"github.com/helianthus-gi/helianthus/internal/jobs"
	"github.com/helianthus-gi/helianthus/internal/keys"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/mail"
	"github.com/helianthus-gi/helianthus/internal/marks"
	"github.com/helianthus-gi/helianthus/internal/members"
	"github.com/helianthus-gi/helianthus/internal/mirror"
	"github.com/helianthus-gi/helianthus/internal/objectstore"
	"github.com/helianthus-gi/helianthus/internal/problem"
	"github.com/helianthus-gi/helianthus/internal/promotion"
	"github.com/helianthus-gi/helianthus/internal/recognition"
	"github.com/helianthus-gi/helianthus/internal/registry"
	"github.com/helianthus-gi/helianthus/internal/sandbox"
	"github.com/helianthus-gi/helianthus/internal/status"
	"github.com/helianthus-gi/helianthus/internal/tenancy"
	"github.com/helianthus-gi/helianthus/internal/translog"
	"github.com/helianthus-gi/helianthus/internal/typeset"
	"github.com/helianthus-gi/helianthus/internal/webhook"
)

// Config is what a house is made of.
type Config struct {
	DB        *tenancy.DB
	Store     *objectstore.Store
	Bundle    *locale.Bundle
	Secret    [32]byte         // seals signing keys and access tokens
	Before    [][32]byte       // secrets before this one: what they sealed is still opened, and sealed anew
	Custody   *custody.Custody // where private keys are held; nil: in the database, sealed
	S3Origin  string           // where browsers upload to and preview from, for the content security policy
	Secure    bool             // people reach us by HTTPS
	BaseURL   string           // address under which people reach us; stands in papers and packages
	Identity  string           // address that stands in DIDs and in what credentials name; empty: BaseURL
	BaseMap   BaseMap
	Schemas   *registry.ST96Schemas // of WIPO, against which imported XML is checked; nil: it is not
	Others    translog.Others       // who witnesses whom, and whose publications we receive
	Follow    time.Duration         // how often other houses are looked at
	LogFiles  string                // prefix in the object store under which the files of the log are put; empty: they are not
	Sandboxes int                   // that may be open at once; 0: none
	Limited   bool                  // requests are counted and wait in line; measurements of speed do without
	Proxies   []netip.Prefix        // the operator's own, whose X-Forwarded-For and Client-Cert are believed
	Country   string                // header in which a proxy says from which country a request comes; empty: nobody says it
	Mail      *mail.Server          // nil: no mail is sent
	Press     *typeset.Pool         // nil in a process that does no jobs
	Traces    trace.TracerProvider  // nil: no traces are taken
	Log       *slog.Logger
	Now       func() time.Time
}

// before are the secrets before the present one, as bytes.
func (c Config) before() (all [][]byte) {
	for _, secret := range c.Before {
		all = append(all, secret[:])
	}
	return all
}

// House is all the nouns over two stores. The server answers requests with it; a worker calls Jobs.Work; a node of
// either sort calls Access.Listen.
type House struct {
	Config
	Access    *access.Access
	Identity  *identity.Identity
	Jobs      *jobs.Jobs
	Keys      *exchange.Keys
	Exchange  *exchange.Exchange
	Webhooks  *webhook.Webhooks
	Translog  *translog.Log
	Partners  *mirror.Partners
	Docs      *document.Documents
	Registry  *registry.Registry
	Imports   *registry.Imports
	Dossiers  *dossier.Dossiers
	Law       *recognition.Recognitions
	Cases     *recognition.Cases
	Letters   *recognition.Letters
	Reminders *recognition.Reminders
	Tasks     *recognition.Tasks
	Feeds     *recognition.Feeds
	Opposing  *recognition.Oppositions
	Waves     *recognition.Waves
	Views     *recognition.Views
	Attests   *credential.Credentials
	Clear     *clearance.Reports
	Marks     *clearance.Marks
	Users     *marks.Authorisations
	Batches   *marks.Batches
	Codes     *marks.Codes
	Usages    *marks.Usages
	Images    *marks.Images
	Lots      *marks.Lots
	Watching  *marks.Supervision
	Applying  *marks.Applications
	Reach     *exchange.Contacts
	Sandbox   *sandbox.Sandboxes
	Members   *members.Members
	Dues      *members.Dues
	Portal    *members.Portal
	Post      *members.Letters
	Meetings  *members.Meetings
	Papers    *members.Papers
	Promotion *promotion.Promotions
	Granting  *promotion.Papers
	operations
}

// Assemble makes the nouns in the order in which they know of each other.
func Assemble(c Config) (*House, error) {
	h := &House{Config: c}
	var err error
	if h.Access, err = access.New(c.DB); err != nil {
		return nil, fmt.Errorf("assemble: %w", err)
	}
	if h.Identity, err = identity.New(c.DB, h.Access, c.Secret[:], c.Secure, c.Now, c.before()...); err != nil {
		return nil, fmt.Errorf("assemble: %w", err)
	}
	if h.Jobs, err = jobs.New(c.DB, c.Log); err != nil {
		return nil, fmt.Errorf("assemble: %w", err)
	}
	if h.Keys, err = exchange.NewKeys(c.Secret, c.Before...); err != nil {
		return nil, fmt.Errorf("assemble: %w", err)
	}
	h.Keys.Custody = c.Custody
	h.Exchange = exchange.New(c.DB, h.Keys, c.Now)
	h.Translog = translog.New(c.DB, translog.Config{
		Shelf:   c.shelf(),
		BaseURL: c.BaseURL, Vault: h.Keys, Custody: c.Custody, Witnesses: c.Others.Witnesses, Watched: c.Others.Watched, Log: c.Log, Now: c.Now,
	})
	h.Webhooks = webhook.New(c.DB, h.Exchange, h.Keys, webhook.PublicClient(), c.Log, c.Now)
	h.Docs = document.New(c.DB, c.Store, document.DefaultMaxSize, c.Now)
	h.Registry, h.Law = registry.New(c.DB, c.Now), recognition.New(c.DB)
	h.recognitionCases()
	h.Sandbox = sandbox.New(sandbox.Config{DB: c.DB, Access: h.Access, Identity: h.Identity, Registry: h.Registry, Law: h.Law, Most: c.Sandboxes, Now: c.Now})
	h.Attests = credential.New(c.DB, credential.Config{
		Keys: h.Keys, Log: h.Translog, Docs: h.Docs, Jobs: h.Jobs, Press: c.Press, Bundle: c.Bundle, BaseURL: c.BaseURL, Identity: c.Identity, Now: c.Now,
		Mappers: map[string]credential.Mapper{
			"registration": registry.Attest(c.Bundle), "recognition": recognition.Attest(c.Bundle), marks.PublicationKind: marks.Attest(c.Bundle), members.Kind: members.Attest(c.Bundle),
		},
	})
	h.Imports = registry.NewImports(c.DB, h.Docs, h.Jobs)
	h.Imports.Schemas = c.Schemas
	h.Clear = clearance.NewReports(clearance.Config{DB: c.DB, Jobs: h.Jobs, Docs: h.Docs, Letters: h.Letters, Press: c.Press, Bundle: c.Bundle})
	h.Marks = clearance.NewMarks(c.DB, h.Imports)
	h.Users, h.Batches, h.Codes = marks.NewAuthorisations(c.DB, c.Now), marks.NewBatches(c.DB, h.Keys, c.Now), marks.NewCodes(c.DB, h.Keys, c.Now)
	h.Reach = exchange.NewContacts(c.DB, h.Keys)
	h.Applying = marks.NewApplications(c.DB, h.Docs, h.Reach, members.HasCode, c.Now)
	h.Usages, h.Lots, h.Watching = marks.NewUsages(c.DB, h.Imports, c.Now), marks.NewLots(c.DB, c.Now), marks.NewSupervision(c.DB, c.Now)
	h.Images = marks.NewImages(marks.ImagesConfig{DB: c.DB, Docs: h.Docs, Jobs: h.Jobs, Press: c.Press, Now: c.Now})
	h.Dossiers = dossier.New(c.DB, h.Docs, h.Jobs, h.Keys, c.Press, c.Bundle, c.BaseURL, c.Now)
	h.Partners = mirror.NewPartners(c.DB, mirror.PartnersConfig{
		Houses: c.Others.Houses, Own: h.ownLog, Client: webhook.PublicClient(), Every: c.Follow, Describe: status.Describe, Fold: registry.NameKey, Log: c.Log, Now: c.Now,
	})
	h.Members = members.New(members.Config{DB: c.DB, Exchange: h.Exchange, Imports: h.Imports, Docs: h.Docs, Vault: h.Keys, Now: c.Now})
	h.memberships()
	h.Promotion = promotion.New(c.DB, h.Reach, c.Now)
	h.Granting = promotion.NewPapers(promotion.PapersConfig{Promotions: h.Promotion, Docs: h.Docs, Jobs: h.Jobs, Press: c.Press, Bundle: c.Bundle})
	h.Views = recognition.NewViews(h.Cases, recognition.ViewsConfig{Keys: h.Keys, House: h.ownLog, Believe: h.Partners.Keys})
	h.sweeps()
	h.serve()
	return h, nil
}

// memberships makes what an association does with its members beside keeping them.
func (h *House) memberships() {
	h.Dues = members.NewDues(members.DuesConfig{Members: h.Members, Jobs: h.Jobs, Mail: h.Mail, Bundle: h.Bundle})
	h.Post = members.NewLetters(members.LettersConfig{Members: h.Members, Jobs: h.Jobs, Mail: h.Mail, Bundle: h.Bundle, Base: h.BaseURL})
	h.Meetings = members.NewMeetings(h.Post)
	h.Papers = members.NewPapers(members.PapersConfig{Dues: h.Dues, Meetings: h.Meetings, Press: h.Press})
	h.Portal = members.NewPortal(members.PortalConfig{Members: h.Members, Dues: h.Dues, Papers: h.Papers, Users: h.Users, Attests: h.Attests})
}

// ownLog is the name of this house's log.
func (h *House) ownLog(ctx context.Context) (string, error) {
	i, err := h.Translog.Info(tenancy.In(ctx, tenancy.Public))
	return i.Origin, err
}

// serve makes the operations of each tag.
func (h *House) serve() {
	c := h.Config
	registrations := registry.NewAPI(h.Registry, h.Imports, c.Bundle)
	h.operations = operations{
		caseAPI:       recognition.NewCaseAPI(h.Cases, h.Law),
		oppositionAPI: recognition.NewOppositionAPI(h.Opposing),
		waveAPI: recognition.NewWaveAPI(h.Waves, c.Bundle, func(ctx context.Context, p *problem.Error) api.Problem {
			return describe(ctx, c.Bundle, p, StatusOf(p.Kind))
		}),
		accessAPI:      access.NewAPI(h.Access, c.Bundle),
		dossierAPI:     dossier.NewAPI(h.Dossiers, c.Bundle),
		registryAPI:    registrations,
		auditAPI:       audit.NewAPI(audit.New(c.DB)),
		clearanceAPI:   clearance.NewAPI(h.Clear, h.Marks, c.Bundle, registrations.WireImport),
		credentialAPI:  credential.NewAPI(h.Attests),
		documentAPI:    document.NewAPI(h.Docs, c.Bundle),
		exchangeAPI:    exchange.NewAPI(h.Exchange, access.Can),
		identityAPI:    identity.NewAPI(h.Identity),
		membersAPI:     members.NewAPI(h.Papers, c.Bundle, c.BaseURL, registrations.WireImport),
		marksAPI:       marks.NewAPI(h.Users, h.Batches, h.Codes, h.Usages, h.Images, h.Lots, h.Watching, h.Applying, c.BaseURL, h.protected, registrations.WireImport),
		promotionAPI:   promotion.NewAPI(h.Granting, h.Access, promotion.NewKnowledge(promotion.KnowledgeConfig{Promotions: h.Promotion, Users: h.Users, Watching: h.Watching, Members: h.Members, Dues: h.Dues, Dossiers: h.Dossiers})),
		mirrorAPI:      mirror.NewAPI(h.Partners),
		mapAPI:         &mapAPI{c.BaseMap},
		keysAPI:        keys.NewAPI(h.Exchange),
		letterAPI:      recognition.NewLetterAPI(h.Letters),
		reminderAPI:    recognition.NewReminderAPI(h.Reminders),
		taskAPI:        recognition.NewTaskAPI(h.Tasks, h.Feeds),
		jobsAPI:        jobs.NewAPI(h.Jobs, c.Bundle, access.Can),
		recognitionAPI: recognition.NewAPI(h.Law),
		statusAPI:      status.NewAPI(c.DB, c.Bundle, h.Translog, c.Now),
		translogAPI:    translog.NewAPI(h.Translog),
		webhookAPI:     webhook.NewAPI(h.Webhooks),
		viewAPI:        recognition.NewViewAPI(h.Views),
		usageAPI:       &usageAPI{db: c.DB, identity: h.Identity, now: c.Now, began: c.Now()},
	}
}

// recognitionCases makes what works on cases: their verbs, tasks, calendars and letters.
func (h *House) recognitionCases() {
	h.Cases = recognition.NewCases(h.DB, h.Now)
	h.Tasks, h.Feeds = recognition.NewTasks(h.DB, h.Now, dossier.Tasks, marks.Tasks), recognition.NewFeeds(h.DB, h.Cases, h.Access, h.Bundle)
	h.Reminders = recognition.NewReminders(recognition.RemindersConfig{DB: h.DB, Access: h.Access, Jobs: h.Jobs, Mail: h.Mail, Bundle: h.Bundle, Base: h.BaseURL, Now: h.Now})
	h.Letters = recognition.NewLetters(recognition.LettersConfig{DB: h.DB, Cases: h.Cases, Docs: h.Docs, Jobs: h.Jobs, Press: h.Press, Bundle: h.Bundle})
	h.Opposing, h.Waves = recognition.NewOppositions(h.DB, h.Cases, h.Docs, h.Now), recognition.NewWaves(h.Cases, h.Docs, h.Jobs, h.Press, h.Bundle)
}

// sweeps are what is done for every tenant from time to time.
func (h *House) sweeps() {
	h.Jobs.Sweep(exchange.KeySweepName, exchange.KeySweepEvery, h.Exchange.TendKeys)
	h.Jobs.Sweep(marks.KeySweepName, marks.KeySweepEvery, h.Batches.Reseal)
	h.Jobs.Sweep(marks.WatchName, marks.WatchEvery, h.Batches.Watch)
	h.Jobs.Sweep(marks.ReportSweepName, marks.ReportSweepEvery, h.Users.RemindOfReports)
	h.Jobs.Sweep(exchange.SweepName, exchange.SweepEvery, h.Exchange.Settle)
	h.Jobs.Sweep(exchange.ContactSweepName, exchange.ContactSweepEvery, h.Reach.Tend)
	h.Jobs.Sweep(webhook.SweepName, webhook.SweepEvery, h.Webhooks.Expire)
	h.Jobs.Sweep(document.SweepName, document.SweepEvery, h.Docs.Expire)
	h.Jobs.Sweep(identity.NonceSweepName, identity.NonceSweepEvery, h.Identity.ForgetNonces)
	h.Jobs.Sweep(identity.EndSweepName, identity.EndSweepEvery, h.Identity.RemindOfEnds)
	h.Jobs.Sweep(exchange.GrantSweepName, exchange.GrantSweepEvery, h.Exchange.RemindOfGrants)
	h.Jobs.Sweep(recognition.EndSweepName, recognition.EndSweepEvery, h.Law.RemindOfEnds(h.Now))
	h.Jobs.Sweep(recognition.ReminderSweepName, recognition.ReminderSweepEvery, h.Reminders.Remind)
	h.Jobs.Sweep(recognition.FilingSweepName, recognition.FilingSweepEvery, h.Opposing.Forget)
	h.Jobs.Sweep(members.SweepName, members.SweepEvery, h.Members.Tend)
	h.Jobs.Sweep(members.DuesSweepName, members.DuesSweepEvery, h.Dues.Remind)
	h.Jobs.Sweep(members.LetterSweepName, members.LetterSweepEvery, h.Post.Tend)
	h.Jobs.Sweep(promotion.SweepName, promotion.SweepEvery, h.Promotion.Tend)
	h.Jobs.Sweep(onceName, onceSweep, h.forgetAnswers)
}

// shelf is where the log's files are put; nil where the operator wants none.
func (c Config) shelf() translog.Shelf {
	if c.LogFiles == "" {
		return nil
	}
	return func(ctx context.Context, path, mediaType, cacheControl string, content []byte) error {
		return c.Store.Publish(ctx, c.LogFiles+path, mediaType, cacheControl, content)
	}
}

// The operations of each tag, under names that can stand beside each other in one struct.
type (
	accessAPI      = access.API
	auditAPI       = audit.API
	caseAPI        = recognition.CaseAPI
	clearanceAPI   = clearance.API
	credentialAPI  = credential.API
	documentAPI    = document.API
	dossierAPI     = dossier.API
	exchangeAPI    = exchange.API
	identityAPI    = identity.API
	jobsAPI        = jobs.API
	membersAPI     = members.API
	marksAPI       = marks.API
	mirrorAPI      = mirror.API
	promotionAPI   = promotion.API
	keysAPI        = keys.API
	letterAPI      = recognition.LetterAPI
	taskAPI        = recognition.TaskAPI
	oppositionAPI  = recognition.OppositionAPI
	recognitionAPI = recognition.API
	reminderAPI    = recognition.ReminderAPI
	registryAPI    = registry.API
	statusAPI      = status.API
	translogAPI    = translog.API
	viewAPI        = recognition.ViewAPI
	waveAPI        = recognition.WaveAPI
	webhookAPI     = webhook.API
)

// operations is the whole API: its methods are those of its parts.
type operations struct {
	*accessAPI
	*auditAPI
	*caseAPI
	*clearanceAPI
	*credentialAPI
	*documentAPI
	*dossierAPI
	*exchangeAPI
	*identityAPI
	*jobsAPI
	*keysAPI
	*letterAPI
	*taskAPI
	*mapAPI
	*membersAPI
	*marksAPI
	*mirrorAPI
	*oppositionAPI
	*promotionAPI
	*recognitionAPI
	*reminderAPI
	*registryAPI
	*statusAPI
	*translogAPI
	*usageAPI
	*viewAPI
	*waveAPI
	*webhookAPI
}

var _ api.StrictServerInterface = operations{}
