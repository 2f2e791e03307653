// Command helianthus is the whole product: a server with its stores (up), the production halves (serve, work), and the
// tools of operators and of strangers who check a package (verify).
package main

//go:generate sh -c "LC_ALL=en go run . settings > ../../deploy/SETTINGS.md"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/helianthus-gi/helianthus/i18n"
	"github.com/helianthus-gi/helianthus/internal/locale"
	"github.com/helianthus-gi/helianthus/internal/objectstore"
)

// command is one word after `helianthus`. Its help is the message cli.command.<name>.
type command struct {
	name string
	run  func(ctx context.Context, args []string, out io.Writer) error
}

var commands = []command{
	{"up", up},
	{"serve", serve},
	{"work", work},
	{"migrate", migrate},
	{"tenants", tenantsCommand},
	{"keys", keysCommand},
	{"verify", verify},
	{"sync", syncCommand},
	{"monitor", monitor},
	{"bench", runBench},
	{"settings", printSettings},
}

// say is the catalogue in the operator's language (LC_ALL, LC_MESSAGES, LANG; else English).
var say = func() func(id string, values map[string]any) string {
	bundle, err := locale.Load(i18n.FS)
	if err != nil {
		panic(err) // the catalogues are embedded and tested
	}
	tag := locale.FromEnvironment(os.Getenv)
	return func(id string, values map[string]any) string { return bundle.T(tag, id, values) }
}()

func main() {
	if len(os.Args) > 1 && os.Args[1] == objectstore.GatewayCommand {
		os.Exit(objectstore.GatewayMain())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, out, errs io.Writer) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		usage(out)
		return 0
	}
	for _, c := range commands {
		if c.name != args[0] {
			continue
		}
		if err := c.run(ctx, args[1:], out); err != nil {
			fmt.Fprintln(errs, "helianthus "+c.name+": "+explain(err))
			return exitOf(err)
		}
		return 0
	}
	fmt.Fprintln(errs, say("cli.unknown-command", map[string]any{"Command": args[0]}))
	usage(errs)
	return 2
}

// exitOf is 1, wrong use of `verify` 2, and what is not valid a number for why.
func exitOf(err error) int {
	if no, ok := errors.AsType[notValid](err); ok {
		return no.exit()
	}
	if errors.Is(err, errVerifyUsage) {
		return 2
	}
	return 1
}

func usage(w io.Writer) {
	fmt.Fprintln(w, say("cli.usage", nil))
	for _, c := range commands {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, say("cli.command."+c.name, nil))
	}
}
