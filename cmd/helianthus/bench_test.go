package main

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	_ "github.com/helianthus-gi/helianthus/internal/dbtest" // lets the test binary be the gateway
	"github.com/helianthus-gi/helianthus/internal/problem"
)

// testPassword is that of demonstration people in tests.
const testPassword = "sunflower-field-2026"

// TestMain lets the test binary be the product: commands are run as processes, and `up` starts its working half by the name of its own program.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && slices.Contains([]string{"up", "serve", "work", "migrate", "tenants", "keys", "sync"}, os.Args[1]) {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestBenchPrintsItsFigures(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := runBench(t.Context(), strings.Fields("--tenants 3 --registrations 40 --logged 700 --delivered 20 --searched 500 --members 60 --applied 100 --cases 300 --cleared 200 --exported 300 --imported 200 --marked 2000 --builds 1 --changes 60 --clients 2 --rounds 1 --round 100ms"), &out)
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]float64{}
	for line := range strings.Lines(out.String()) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		v, err := strconv.ParseFloat(value, 64)
		if !ok || err != nil {
			t.Errorf("%q is no `figure: value`", line)
		}
		figures[name] = v
	}
	for _, name := range []string{"status_rps", "status_p99_ms", "status_raw_qps", "status_vs_raw", "search_p95_ms", "import_rows_per_s", "member_import_rows_per_s", "member_list_p95_ms", "member_search_p95_ms", "dues_raise_s", "promotion_list_p95_ms", "promotion_search_p95_ms", "promotion_ranking_ms", "promotion_dashboard_ms", "dossier_build_s", "access_own_ns", "exchange_publish_per_s", "log_appends_per_s", "log_inclusion_ms", "log_proof_ms", "webhook_deliveries_per_s", "credential_verify_ms", "feed_rows_per_s", "feed_signed_rows_per_s", "exchange_xml_rows_per_s", "export_xml_rows_per_s", "list_xlsx_rows_per_s", "list_json_rows_per_s", "changes_ndjson_rows_per_s", "changes_json_rows_per_s"} {
		if figures[name] <= 0 {
			t.Errorf("%s is missing in\n%s", name, out.String())
		}
	}
}

func TestBenchRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"everything"}, {"status", "--fast"}, {"status", "search"}, {"formats", "--forms", "export_xml,export_clay"}} {
		p, ok := problem.As(runBench(t.Context(), args, &strings.Builder{}))
		if !ok || p.Code != errBench.Code {
			t.Errorf("%v: got %v", args, p)
		}
	}
}
