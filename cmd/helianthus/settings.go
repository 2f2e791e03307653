package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/helianthus-gi/helianthus/internal/custody"
	"github.com/helianthus-gi/helianthus/internal/mail"
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// Settings are what an operator can decide. Each comes from a flag, else from the environment, else from its default.
type Settings struct {
	Data, Addr, BaseURL            string
	Identity                       string // address that stands in identifiers; empty: BaseURL
	Demo                           bool
	DemoPassword                   string
	Secret                         []byte // 32 bytes; seals signing keys and access tokens
	SecretBefore                   []byte // the one before it, which still opens
	Custody                        *custody.Custody
	PostgresURL, PostgresOwnerURL  string
	PostgresSuperuserURL           string
	PostgresPool                   int
	S3Endpoint, S3Region, S3Bucket string
	S3AccessKey, S3SecretKey       string
	S3VirtualHosted                bool
	JobWorkers, TypesetWorkers     int
	BaseMap, Witnesses             string // files
	Follow                         time.Duration
	LogFiles                       string
	ST96Schemas                    string // a directory
	Mail                           mail.Config
	Limits                         bool
	Sandboxes                      int
	Proxies                        []netip.Prefix
	CountryHeader                  string // in which a proxy of the operator's says from which country a request comes
	LogLevel, LogFormat            string
	explicitAddr                   bool              // the address was asked for, so another one must not be taken instead
	given                          map[string]string // each setting's value as it was decided, by its name
}

// setting is one row of the table of settings. Its meaning is the message setting.<name>.
type setting struct {
	name     string // the flag; the variable is HELIANTHUS_ and the name in capitals
	def      string
	secret   bool // never printed
	commands string
	set      func(*Settings, string) error
}

var (
	errSetting        = problem.New(problem.Invalid, "cli.setting-wrong")
	errSettingMissing = problem.New(problem.Invalid, "cli.setting-missing")
	errSettingUnknown = problem.New(problem.Invalid, "cli.setting-unknown")
)

const (
	everywhere = "up serve work migrate tenants keys"
	halves     = "serve work" // of production
)

var settings = []setting{
	{"data", "helianthus-data", false, "up", text(func(s *Settings) *string { return &s.Data })},
	{"addr", "127.0.0.1:8080", false, "up serve", setAddr},
	{"base-url", "", false, "up serve work keys", address(func(s *Settings) *string { return &s.BaseURL })},
	{"identity", "", false, "up serve work", address(func(s *Settings) *string { return &s.Identity })},
	{"demo", "false", false, "up", yesOrNo(func(s *Settings) *bool { return &s.Demo })},
	{"demo-password", "", true, "up tenants", text(func(s *Settings) *string { return &s.DemoPassword })},
	{"secret", "", true, everywhere, setSecret(func(s *Settings) *[]byte { return &s.Secret })},
	{"secret-before", "", true, "up serve work keys", setSecret(func(s *Settings) *[]byte { return &s.SecretBefore })},
	{"keys", "database", false, "up serve work keys", setKeys},
	{"postgres-url", "", true, halves + " migrate tenants keys", address(func(s *Settings) *string { return &s.PostgresURL })},
	{"postgres-owner-url", "", true, "migrate tenants", address(func(s *Settings) *string { return &s.PostgresOwnerURL })},
	{"postgres-superuser-url", "", true, "migrate", address(func(s *Settings) *string { return &s.PostgresSuperuserURL })},
	{"postgres-pool", "16", false, "up serve work", number(2, 500, func(s *Settings) *int { return &s.PostgresPool })},
	{"s3-endpoint", "", false, halves, address(func(s *Settings) *string { return &s.S3Endpoint })},
	{"s3-region", "us-east-1", false, halves, text(func(s *Settings) *string { return &s.S3Region })},
	{"s3-bucket", "helianthus", false, "up " + halves, text(func(s *Settings) *string { return &s.S3Bucket })},
	{"s3-virtual-hosted", "false", false, halves, yesOrNo(func(s *Settings) *bool { return &s.S3VirtualHosted })},
	{"s3-access-key", "", true, halves, text(func(s *Settings) *string { return &s.S3AccessKey })},
	{"s3-secret-key", "", true, halves, text(func(s *Settings) *string { return &s.S3SecretKey })},
	{"job-workers", "4", false, "up work", number(1, 100, func(s *Settings) *int { return &s.JobWorkers })},
	{"typeset-workers", "1", false, "up work", number(1, 32, func(s *Settings) *int { return &s.TypesetWorkers })},
	{"base-map", "", false, "up serve", text(func(s *Settings) *string { return &s.BaseMap })},
	{"witnesses", "", false, "up serve work", text(func(s *Settings) *string { return &s.Witnesses })},
	{"follow", "10s", false, "up serve work", duration(100*time.Millisecond, 24*time.Hour, func(s *Settings) *time.Duration { return &s.Follow })},
	{"log-files", "", false, "up work", setLogFiles},
	{"st96-schemas", "", false, "up work", text(func(s *Settings) *string { return &s.ST96Schemas })},
	{"smtp-host", "", false, "up serve work", text(func(s *Settings) *string { return &s.Mail.Host })},
	{"smtp-port", "587", false, "up serve work", number(1, 65535, func(s *Settings) *int { return &s.Mail.Port })},
	{"smtp-user", "", false, "up serve work", text(func(s *Settings) *string { return &s.Mail.User })},
	{"smtp-password", "", true, "up serve work", text(func(s *Settings) *string { return &s.Mail.Password })},
	{"smtp-from", "helianthus@localhost", false, "up serve work", text(func(s *Settings) *string { return &s.Mail.From })},
	{"smtp-encryption", "starttls", false, "up serve work", oneOf(func(s *Settings) *string { return (*string)(&s.Mail.Encryption) }, "starttls", "tls", "none")},
	{"limits", "false", false, "up serve", yesOrNo(func(s *Settings) *bool { return &s.Limits })},
	{"sandboxes", "20", false, "up serve", number(0, 1000, func(s *Settings) *int { return &s.Sandboxes })},
	{"proxies", "", false, "up serve", setProxies},
	{"country-header", "", false, "up serve", text(func(s *Settings) *string { return &s.CountryHeader })},
	{"log-level", "info", false, everywhere, oneOf(func(s *Settings) *string { return &s.LogLevel }, "debug", "info", "warn", "error")},
	{"log-format", "json", false, everywhere, oneOf(func(s *Settings) *string { return &s.LogFormat }, "json", "text")},
}

// variables are read from the environment only, by what needs them: where programs are, and what a partner's copy shows of itself.
// The meaning of one is the message variable.<name>.
var variables = []struct{ name, commands string }{
	{"HELIANTHUS_NPM", "up serve work"},
	{"HELIANTHUS_POSTGRES_BIN", "up"},
	{"HELIANTHUS_KEY_*", "up serve work keys"},
	{"HELIANTHUS_CLIENT_ID", "sync"},
	{"HELIANTHUS_CLIENT_SECRET", "sync"},
	{"HELIANTHUS_SIGN_KEY", "sync"},
	{"HELIANTHUS_KEY_ID", "sync"},
	{"HELIANTHUS_CERT", "sync"},
	{"HELIANTHUS_CERT_KEY", "sync"},
	{"OTEL_EXPORTER_OTLP_ENDPOINT", "up serve work"},
	{"LC_ALL", "*"},
}

func (s setting) variable() string {
	return "HELIANTHUS_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

func text(field func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, v string) error { *field(s) = v; return nil }
}

func address(field func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		if v != "" {
			if u, err := url.Parse(v); err != nil || u.Scheme == "" || u.Opaque != "" {
				return errSetting.With("Why", "address")
			}
		}
		*field(s) = strings.TrimSuffix(v, "/")
		return nil
	}
}

func number(low, high int, field func(*Settings) *int) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < low || n > high {
			return errSetting.With("Why", "number").With("Low", low).With("High", high)
		}
		*field(s) = n
		return nil
	}
}

func duration(low, high time.Duration, field func(*Settings) *time.Duration) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		d, err := time.ParseDuration(v)
		if err != nil || d < low || d > high {
			return errSetting.With("Why", "duration").With("Low", low.String()).With("High", high.String())
		}
		*field(s) = d
		return nil
	}
}

func oneOf(field func(*Settings) *string, words ...string) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		if !slices.Contains(words, v) {
			return errSetting.With("Why", "word").With("Words", strings.Join(words, ", "))
		}
		*field(s) = v
		return nil
	}
}

func setAddr(s *Settings, v string) error {
	if _, port, err := net.SplitHostPort(v); err != nil {
		return errSetting.With("Why", "host-port")
	} else if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return errSetting.With("Why", "host-port")
	}
	s.Addr = v
	return nil
}

func yesOrNo(field func(*Settings) *bool) func(*Settings, string) error {
	return func(s *Settings, v string) (err error) {
		if *field(s), err = strconv.ParseBool(v); err != nil {
			return errSetting.With("Why", "word").With("Words", "true, false")
		}
		return nil
	}
}

// setLogFiles takes a prefix in the bucket.
func setLogFiles(s *Settings, v string) error {
	if strings.HasPrefix(v, "/") || strings.Contains(v, "..") || v != "" && !strings.HasSuffix(v, "/") {
		return errSetting.With("Why", "folder")
	}
	s.LogFiles = v
	return nil
}

func setProxies(s *Settings, v string) error {
	for text := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return errSetting.With("Why", "prefix")
		}
		s.Proxies = append(s.Proxies, p)
	}
	return nil
}

func setSecret(field func(*Settings) *[]byte) func(*Settings, string) error {
	return func(s *Settings, v string) (err error) {
		if v == "" {
			return nil
		}
		if *field(s), err = hex.DecodeString(v); err != nil || len(*field(s)) != 32 {
			return errSetting.With("Why", "secret")
		}
		return nil
	}
}

// setKeys takes the places where private keys are held.
func setKeys(s *Settings, v string) (err error) {
	if s.Custody, err = custody.Open(v); err != nil {
		return errSetting.With("Why", "keys")
	}
	return nil
}

// fromFile reads a secret out of the file that HELIANTHUS_<NAME>_FILE names, as orchestrators hand secrets out; empty when it names none.
func (s setting) fromFile(env func(string) string) (string, error) {
	name := env(s.variable() + "_FILE")
	if name == "" || !s.secret {
		return "", nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return "", errSetting.With("Why", "file").With("Setting", s.variable()+"_FILE").With("Value", name)
	}
	return strings.TrimSpace(string(b)), nil
}

// read makes the settings of a command and returns the arguments that are no flags.
func read(cmd string, args []string, env func(string) string) (Settings, []string, error) {
	flags, rest, err := split(cmd, args)
	if err != nil {
		return Settings{}, nil, err
	}
	s := Settings{given: map[string]string{}}
	for _, row := range settings {
		v, from := row.def, row.variable()
		if e := env(row.variable()); e != "" {
			v = e
			s.explicitAddr = s.explicitAddr || row.name == "addr"
		} else if f, err := row.fromFile(env); err != nil {
			return s, nil, err
		} else if f != "" {
			v, from = f, from+"_FILE"
		}
		if f, ok := flags[row.name]; ok {
			v, from = f, "--"+row.name
			s.explicitAddr = s.explicitAddr || row.name == "addr"
		}
		if err := row.set(&s, v); err != nil {
			p, _ := problem.As(err)
			if row.secret {
				v = "…"
			}
			return s, nil, p.With("Setting", from).With("Value", v)
		}
		s.given[row.name] = v
	}
	return s, rest, nil
}

// split takes the flags (--name value, --name=value, --demo) of a command from its arguments.
func split(cmd string, args []string) (flags map[string]string, rest []string, err error) {
	flags = map[string]string{}
	for i := 0; i < len(args); i++ {
		name, isFlag := strings.CutPrefix(args[i], "--")
		if !isFlag {
			rest = append(rest, args[i])
			continue
		}
		name, v, given := strings.Cut(name, "=")
		k := slices.IndexFunc(settings, func(s setting) bool {
			return s.name == name && slices.Contains(strings.Fields(s.commands), cmd)
		})
		switch {
		case k < 0:
			return nil, nil, errSettingUnknown.With("Setting", "--"+name).With("Command", cmd)
		case given:
		case name == "demo":
			v = "true"
		case i+1 < len(args):
			i++
			v = args[i]
		default:
			return nil, nil, errSettingMissing.With("Setting", "--"+name)
		}
		flags[name] = v
	}
	return flags, rest, nil
}

// explain puts an error into the operator's language: a problem by its messages, anything else as it is.
func explain(err error) string {
	p, ok := problem.As(err)
	if !ok {
		return err.Error()
	}
	id := p.Code // problems of the command line have messages of their own
	if !strings.HasPrefix(id, "cli.") {
		id = "problem." + id + ".title"
	}
	s := say(id, p.Values)
	if why, ok := p.Values["Why"].(string); ok {
		s += " " + say("setting.why."+why, p.Values)
	}
	for _, d := range p.Details {
		s += " " + d.Pointer + ": " + say("problem."+d.Code+".title", d.Values)
	}
	return s
}

// printSettings writes the table of all settings in Markdown; deploy/SETTINGS.md is its output in English.
func printSettings(_ context.Context, _ []string, out io.Writer) error {
	fmt.Fprintf(out, "# %s\n\n%s\n\n", say("cli.settings.title", nil), say("cli.settings.intro", nil))
	fmt.Fprintf(out, "| %s | %s | %s | %s | %s |\n|---|---|---|---|---|\n", say("cli.settings.flag", nil), say("cli.settings.variable", nil), say("cli.settings.default", nil), say("cli.settings.commands", nil), say("cli.settings.meaning", nil))
	for _, row := range settings {
		fmt.Fprintf(out, "| `--%s` | `%s` | %s | %s | %s |\n", row.name, row.variable(), code(row.def), row.commands, say("setting."+row.name, nil))
	}
	fmt.Fprintf(out, "\n%s\n\n", say("cli.settings.variables", nil))
	fmt.Fprintf(out, "| %s | %s | %s |\n|---|---|---|\n", say("cli.settings.variable", nil), say("cli.settings.commands", nil), say("cli.settings.meaning", nil))
	for _, v := range variables {
		id := "variable." + strings.NewReplacer("helianthus_", "", "_", "-", "*", "outside").Replace(strings.ToLower(v.name))
		fmt.Fprintf(out, "| `%s` | %s | %s |\n", v.name, v.commands, say(id, nil))
	}
	return nil
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

var environment = os.Getenv
