package postgres_test

import "maps"

// rule is something that must hold of the schema. Its query returns the objects that break it.
type rule struct {
	name    string
	finds   string
	except  map[string]string // what breaks it with a reason; it must still break it
	defects map[string]string // object that must be found → SQL that plants it
}

// own is how PostgreSQL writes the policy of app.isolate: the setting is read once a statement, and when it is unset or
// was unset by the end of an earlier transaction, no row fits.
const own = `'(tenant_id = ( SELECT (NULLIF(current_setting(''app.tenant''::text, true), ''''::text))::uuid AS "nullif"))'`

// tables are ours, with whether they belong to tenants.
const tables = `
	with t as (
	  select c.*, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as of_tenants
	  from pg_class c where c.relnamespace = 'app'::regnamespace)`

// tableless are the tables of no tenant.
var tableless = map[string]string{
	"tenants":          "the directory: every published fact names its publisher",
	"sandbox_tenants":  "which tenants are of a sandbox; it says nothing of them",
	"sign_in_failures": "names tried before anybody is signed in; reached by the gate's functions only",
	"case_moves":       "the law of the file, the same for everybody",
	"log_leaves":       "the log is the house's, and public",
	"log_tiles":        "hashes of the log",
	"log_checkpoints":  "signed heads of the log",
	"log_keys":         "keys of the log, sealed; their other half is public",
	"log_witnesses":    "how far the witnesses of the log are",
	"log_witnessed":    "other logs, as their witness last saw them",
	"partner_houses":   "other houses that this one follows, and how far",
	"received":         "what other houses publish to everybody",
	"received_names":   "names of what other houses publish",
	"partner_keys":     "public keys of other houses' publishers",
	"goose_db_version": "which migrations ran; the application role has no grant on it",
}

// divided leaves out the tables of no tenant that row-level security divides all the same.
func divided(all map[string]string) map[string]string {
	all = maps.Clone(all)
	delete(all, "tenants") // a sandbox and the house do not see one another in the directory
	return all
}

// The rules are the catalogue lint that the threat model asks for: a table, policy, key, view, function or grant that
// lets one tenant see, guess or touch what is another's.
var rules = []rule{
	{
		name:   "row-level security is enabled",
		finds:  tables + `select relname from t where relkind in ('r', 'p') and not relrowsecurity`,
		except: divided(tableless),
		defects: map[string]string{
			"planted": `alter table app.planted disable row level security`,
			"bare":    `create table app.bare (tenant_id uuid not null, id uuid)`,
		},
	},
	{
		name:    "row-level security is forced on the owner too",
		finds:   tables + `select relname from t where relrowsecurity and not relforcerowsecurity`,
		defects: map[string]string{"planted": `alter table app.planted no force row level security`},
	},
	{
		name:    "each table belongs to tenants",
		finds:   tables + `select relname from t where relkind in ('r', 'p') and not of_tenants`,
		except:  tableless,
		defects: map[string]string{"global": `create table app.global (id uuid primary key)`},
	},
	{
		name: "tenant_id is never null, and by default the transaction's tenant",
		finds: tables + `
			select t.relname from t
			join pg_attribute a on a.attrelid = t.oid and a.attname = 'tenant_id'
			left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
			where t.relkind in ('r', 'p') and (not a.attnotnull or a.atttypid <> 'uuid'::regtype
			  or pg_get_expr(d.adbin, d.adrelid) is distinct from '(NULLIF(current_setting(''app.tenant''::text, true), ''''::text))::uuid')`,
		defects: map[string]string{
			"planted":  `alter table app.planted alter tenant_id drop default`,
			"nullable": `create table app.nullable (tenant_id uuid default nullif(current_setting('app.tenant', true), '')::uuid)`,
			"strict":   `create table app.strict (tenant_id uuid not null default current_setting('app.tenant')::uuid)`,
		},
	},
	{
		name: "each table has a policy",
		finds: tables + `select relname from t where relrowsecurity and not exists (
			select from pg_policy p where p.polrelid = t.oid and 'helianthus_app'::regrole = any (p.polroles))`,
		defects: map[string]string{"planted": `drop policy tenant on app.planted`},
	},
	{
		name: "rows are shown to their tenant only",
		finds: `select p.polrelid::regclass::text || ' ' || p.polname from pg_policy p
			where p.polcmd <> 'a' and pg_get_expr(p.polqual, p.polrelid) is distinct from ` + own,
		except: map[string]string{
			"app.people gate":                           "the gate finds whose a sign-in name is, before any scope is known",
			"app.sessions gate":                         "the gate finds whose a session is",
			"app.api_clients gate":                      "the gate finds whose an API client is",
			"app.api_client_keys gate":                  "and how it shows itself",
			"app.registrations gate":                    "a condition would keep search_registrations off its index; it has the transaction's tenant in its own, and is tested for it",
			"app.publications readers":                  "publications cross the wall: to everybody, to the reader named, to parties of an instrument, and to who has a grant",
			"app.instrument_parties both_sides":         "the keeper of an instrument and the tenant that is its party",
			"app.grants both_sides":                     "who gave a right to read and who got it",
			"app.log_openings readers":                  "what a commitment of the log is of, for those who may read the publication",
			"app.log_queue gate":                        "take_log_queue hands the sequencer what waits, and removes it",
			"app.changes readers":                       "what happened to publications, for those who may read them, and what was said to one reader",
			"app.changes gate":                          "sequence_changes numbers the events of all tenants, and shows none",
			"app.webhooks gate":                         "busy_webhooks tells workers whose endpoints have something to be told, and nothing else",
			"app.webhook_deliveries gate":               "the same",
			"app.receipts both_sides":                   "whose records were read and who read them",
			"app.receipts actor_signs":                  "own rows, and only once",
			"app.published_names readers":               "names of publications to everybody; of others there are none, see publisher_adds",
			"app.public_keys readers":                   "whoever verifies a signature needs the key",
			"app.published_packages readers":            "hashes of issued packages, for whoever holds one",
			"app.withdrawn_package_lists readers":       "signed lists of packages that were taken back; whoever verifies one needs them",
			"app.credential_status_lists readers":       "signed lists of which credentials hold; whoever verifies one needs them",
			"app.credential_statuses readers":           "whether a credential holds and why not, for whoever holds one",
			"app.recognition_cases both_sides":          "origin and destination, from the proposal on",
			"app.recognition_cases both_act":            "either side moves the file on, to an event that it wrote",
			"app.procedures both_sides":                 "the procedure that a case of theirs is under",
			"app.case_events both_sides":                "origin and destination, from the proposal on",
			"app.case_deadlines both_sides":             "origin and destination, from the proposal on",
			"app.case_deadlines both_remove":            "deadlines are reckoned anew by whoever acts",
			"app.case_documents both_sides":             "what a side shared in a case",
			"app.case_documents gate":                   "gate_case_document says where the bytes of a shared document are, to the two sides",
			"app.recognition_cases gate":                "and which sides those are",
			"app.document_versions gate":                "and in which object the version is",
			"app.calendar_feeds gate":                   "gate_calendar finds whose a calendar is",
			"app.case_letters both_sides":               "letters of either side, from the proposal on",
			"app.case_notices readers":                  "what is published for opposition is for everybody",
			"app.case_notices side":                     "restrictive: of what another policy shows, what is of the own side",
			"app.case_notices both_remove":              "notices are written anew by whoever acts",
			"app.oppositions origin_reads":              "the office that decides, and the other side once it is admitted",
			"app.oppositions origin_answers":            "the other side answers",
			"app.oppositions only_begun":                "restrictive: what was filed stays",
			"app.oppositions opponent":                  "who opposes sees its own, by a key that it alone has",
			"app.opposition_contacts opponent":          "the same",
			"app.opposition_entries readers":            "of oppositions that the reader sees",
			"app.publications gate":                     "blank_membership sees own memberships that were withdrawn",
			"app.publications gate_blanks":              "and takes their content away",
			"app.mark_batches gate":                     "gate_mark_batches finds whose batches a code on a package may be of",
			"app.promotion_programmes readers":          "calls, once they are published",
			"app.promotion_programmes side":             "restrictive: of what another policy shows, what is of the own side",
			"app.mark_applications applicant_moves":     "restrictive: who is not the keeper moves it as an applicant does",
			"app.mark_applications keeper_decides":      "whose mark it is, once it was submitted",
			"app.mark_applications keeper_reads":        "the same",
			"app.mark_applications gate":                "gate_mark_document says whether an application stands",
			"app.mark_application_papers keeper_reads":  "whose mark it is, as long as the application stands",
			"app.mark_application_papers gate":          "gate_mark_document says where the bytes of a document are that was handed in, to the two sides",
			"app.applicant_contacts keeper_reads":       "whose mark or call it is, as long as the application stands",
			"app.promotion_applications keeper_reads":   "whose call it is, once it was submitted",
			"app.promotion_applications keeper_returns": "the same, for completion",
			"app.promotion_programmes gate":             "gate_promotion_results says who is supported under a published call, to everybody",
			"app.promotion_applications gate":           "as who was applied for",
			"app.promotion_awards gate":                 "with how much",
			"app.promotion_papers keeper_reads":         "whose call it is, as long as the application stands",
			"app.promotion_papers gate":                 "gate_promotion_document says where the bytes of a document are that was handed in, to the two sides",
			"app.promotion_claims gate":                 "and whose claims receipts are of",
			"app.promotion_events both_sides":           "what the other side did with an application that the reader sees",
			"app.promotion_scores own_name_changes":     "restrictive: of the own tenant's, the own person's",
			"app.promotion_awards applicant_reads":      "who applied, once the results are published",
			"app.promotion_payments applicant_reads":    "whom it was paid",
			"app.promotion_claims keeper_reads":         "who promised the money",
			"app.promotion_claims keeper_decides":       "the same; what it may change are its own columns, see keep_sides",
			"app.promotion_objections keeper_reads":     "whose decision it is about",
			"app.promotion_objections keeper_answers":   "the same; what it may change are its own columns, see keep_sides",
			"app.promotion_results keeper_reads":        "whose money it came of",
			"app.promotion_results keeper_links":        "the same, to its own cases; see keep_sides",
			"app.promotion_results gate":                "and whose reports evidence is of",
			"app.tenants directory":                     "names of tenants are for all of their side: the house, or one sandbox",
			"app.tenants owner":                         "the operator makes tenants",
			"app.tenants gate":                          "whose a session is, and of which sandbox; gate_sandbox makes two",
			"app.publications side":                     "restrictive: of what another policy shows, what is of the own side",
			"app.changes side":                          "restrictive: of what another policy shows, what is of the own side",
		},
		defects: map[string]string{
			"app.planted open":     `create policy open on app.planted for select to helianthus_app using (true)`,
			"app.planted anywhere": `create policy anywhere on app.planted to helianthus_app using (name = 'x' or tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))`,
			"app.planted strict":   `create policy strict on app.planted for select to helianthus_app using (tenant_id = current_setting('app.tenant')::uuid)`,
			"app.planted by_row":   `create policy by_row on app.planted for select to helianthus_app using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)`,
		},
	},
	{
		name: "rows are written by their tenant only",
		finds: `select p.polrelid::regclass::text || ' ' || p.polname from pg_policy p
			where p.polcmd in ('*', 'a', 'w') and pg_get_expr(p.polwithcheck, p.polrelid) is distinct from ` + own,
		except: map[string]string{
			"app.published_names publisher_adds":        "own rows, and of publications to everybody only",
			"app.log_queue gate":                        "take_log_queue removes, and adds nothing: the gate has no right to",
			"app.changes gate":                          "sequence_changes gives numbers, and may change nothing else",
			"app.recognition_cases both_act":            "either side moves the file on; what it may change are copies of the last event, see recognition_cases_state_fkey",
			"app.case_events side_acts":                 "into the keeper's file, by the side whose act it is",
			"app.case_documents side_shares":            "into the keeper's file, by the side whose document it is",
			"app.case_letters side_writes":              "into the keeper's file, by the side whose letter it is",
			"app.case_deadlines both_reckon":            "into the keeper's file, deadlines are reckoned anew by whoever acts",
			"app.tenants owner":                         "the operator makes tenants",
			"app.tenants gate":                          "gate_sandbox makes two, and closes what is over",
			"app.publications side":                     "restrictive: what another policy takes, of the own side",
			"app.publications gate_blanks":              "blank_membership takes content away, and writes nothing else",
			"app.changes side":                          "restrictive: what another policy takes, of the own side",
			"app.case_notices both_write":               "into the keeper's file, notices are written anew by whoever acts",
			"app.case_notices side":                     "restrictive: what another policy takes, of the own side",
			"app.mark_applications applicant_moves":     "restrictive: who is not the keeper moves it as an applicant does",
			"app.mark_applications keeper_decides":      "what the keeper may change are its own columns, see keep_sides",
			"app.mark_applications to_a_registration":   "restrictive: own drafts, for a name that its keeper published",
			"app.promotion_applications keeper_returns": "for completion; what it may change are its own columns, see keep_sides",
			"app.promotion_applications to_a_call":      "restrictive: own rows, to a call that is open",
			"app.promotion_scores own_name_adds":        "restrictive: own rows, in the own person's name, without a conflict",
			"app.promotion_scores own_name_changes":     "the same",
			"app.promotion_claims keeper_decides":       "its own columns, see keep_sides",
			"app.promotion_claims under_an_award":       "restrictive: own rows, under an award of the own",
			"app.promotion_objections keeper_answers":   "its own columns, see keep_sides",
			"app.promotion_objections to_a_decision":    "restrictive: own rows, to a decision on the own application",
			"app.promotion_results keeper_links":        "its own column, see keep_sides",
			"app.promotion_results under_an_award":      "restrictive: own rows, under an award of the own",
			"app.oppositions origin_answers":            "the other side answers; what it may change are copies of what was entered",
			"app.oppositions own_case":                  "restrictive: to a case that the office decides",
			"app.opposition_entries origin_answers":     "into the file of the office that decides, by the side whose answer it is",
		},
		defects: map[string]string{
			"app.planted adds":    `create policy adds on app.planted for insert to helianthus_app with check (true)`,
			"app.planted changes": `create policy changes on app.planted for update to helianthus_app using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))`,
		},
	},
	{
		name:    "each policy names its roles",
		finds:   `select polrelid::regclass::text || ' ' || polname from pg_policy where 0 = any (polroles)`,
		defects: map[string]string{"app.planted everybody": `create policy everybody on app.planted using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))`},
	},
	{
		// A unique key without the tenant tells whether a neighbour has the value.
		name: "keys begin with the tenant",
		finds: tables + `select c.relname from t join pg_index i on i.indrelid = t.oid join pg_class c on c.oid = i.indexrelid
			where t.of_tenants and (i.indisunique or i.indisexclusion) and (
			  select a.attname from pg_attribute a where a.attrelid = t.oid and a.attnum = i.indkey[0]) is distinct from 'tenant_id'`,
		defects: map[string]string{
			"planted_name_key":  `alter table app.planted add constraint planted_name_key unique (name)`,
			"planted_late_key":  `create unique index planted_late_key on app.planted (name, tenant_id)`,
			"planted_exclusion": `alter table app.planted add constraint planted_exclusion exclude using gist (name with =)`,
		},
	},
	{
		// A key of another tenant's row would let a delete there cascade here.
		name: "references stay inside the tenant",
		finds: `select k.conrelid::regclass::text || ' ' || k.conname from pg_constraint k
			join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
			join pg_attribute b on b.attrelid = k.confrelid and b.attnum = k.confkey[1]
			where k.contype = 'f' and k.connamespace = 'app'::regnamespace
			  and not (a.attname = 'tenant_id' and (b.attname = 'tenant_id' or k.confrelid = 'app.tenants'::regclass))`,
		except: map[string]string{
			"app.case_events case_events_move_fkey":           "the law of the file, the same for everybody",
			"app.received received_house_fkey":                "neither is a tenant's",
			"app.received_names received_names_received_fkey": "neither is a tenant's",
			"app.partner_keys partner_keys_house_fkey":        "neither is a tenant's",
		},
		defects: map[string]string{
			"app.planted planted_loose": `create table app.loose (id uuid primary key); alter table app.planted add constraint planted_loose foreign key (unit_id) references app.loose (id)`,
			"app.planted planted_other": `alter table app.planted add constraint planted_other foreign key (unit_id) references app.tenants (id)`,
		},
	},
	{
		name: "views obey the policies of who asks",
		finds: tables + `select relname from t where relkind = 'v'
			and not coalesce(reloptions && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false)`,
		defects: map[string]string{"seen": `create view app.seen as select * from app.planted`},
	},
	{
		name:    "nothing is kept past the policies: no materialized view, no partition, no foreign table",
		finds:   tables + `select relname from t where relkind in ('m', 'f', 'p') or relispartition`,
		defects: map[string]string{"kept": `create materialized view app.kept as select * from app.units`},
	},
	{
		name:  "functions that look past the policies are listed",
		finds: `select p.proname from pg_proc p where p.prosecdef and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`,
		except: map[string]string{
			"gate_session":            "whose a session is",
			"gate_people":             "whose a sign-in name is",
			"gate_calendar":           "whose a calendar is that a program reads by its address",
			"gate_case_document":      "where the bytes of a document are that a side shared in a case",
			"gate_mark_document":      "where the bytes of a document are that came with an application for a mark",
			"gate_promotion_document": "where the bytes of a document are that came with an application or a claim",
			"gate_promotion_results":  "who is supported under a call, once that is published",
			"gate_client":             "whose an API client is",
			"gate_machine":            "the same, and how it shows itself",
			"gate_attempt":            "counts attempts to sign in",
			"gate_succeeded":          "forgets them",
			"search_registrations":    "uses an index that policies forbid; has the tenant of the transaction in its own condition",
			"busy_webhooks":           "whose endpoints have something to be told",
			"take_log_queue":          "hands the sequencer the entries of all tenants; they are to be public",
			"sequence_changes":        "gives numbers to the events of all tenants; tells how many there are, as the feed does",
			"gate_tenants":            "workers serve the tenants of the house and of sandboxes",
			"gate_sandbox":            "makes the tenants of a sandbox, and nothing else",
			"move_marks":              "writes a move and the places that follow from it, which nobody else may write; has the tenant of the transaction in its own conditions",
			"gate_mark_batches":       "whose batches a code on a package may be of",
			"blank_membership":        "takes away what was published of a member that is erased, which nobody reads any more; has the tenant of the transaction in its own conditions",
		},
		defects: map[string]string{"back_door": `create function app.back_door() returns bigint language sql security definer set search_path = app, pg_temp as 'select count(*) from app.people'`},
	},
	{
		name: "these functions find only what they mean, belong to the gate and are called by the application only",
		finds: `select p.proname from pg_proc p
			where p.prosecdef and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
			  and (p.proconfig is distinct from array['search_path=app, pg_temp'] or p.proowner <> 'helianthus_gate'::regrole
			    or exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
			      where a.grantee not in ('helianthus_gate'::regrole, 'helianthus_app'::regrole)))`,
		defects: map[string]string{
			"gate_people":          `alter function app.gate_people reset all`,
			"gate_client":          `alter function app.gate_client owner to postgres`,
			"search_registrations": `grant execute on function app.search_registrations to public`,
		},
	},
	{
		name:  "no trigger works with more rights than who sets it off",
		finds: `select g.tgname from pg_trigger g join pg_proc p on p.oid = g.tgfoid where not g.tgisinternal and p.prosecdef`,
		defects: map[string]string{"sees_all": `create function app.sees_all() returns trigger language plpgsql security definer as 'begin return new; end';
			create trigger sees_all before insert on app.planted for each row execute function app.sees_all()`},
	},
	{
		name: "the application role is nobody special",
		finds: `select r.rolname || ' attribute' from pg_roles r where r.rolname in ('helianthus_app', 'helianthus_gate')
			  and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication)
			union all select m.member::regrole::text || ' member of ' || m.roleid::regrole::text from pg_auth_members m
			where m.member in ('helianthus_app'::regrole, 'helianthus_gate'::regrole)
			union all select 'helianthus_owner inherits ' || m.roleid::regrole::text from pg_auth_members m
			where m.member = 'helianthus_owner'::regrole and (m.inherit_option or m.roleid <> 'helianthus_gate'::regrole)
			union all select r.rolname || ' attribute' from pg_roles r where r.rolname = 'helianthus_owner'
			  and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication)`,
		defects: map[string]string{
			"helianthus_app attribute":                  `alter role helianthus_app replication`,
			"helianthus_gate attribute":                 `alter role helianthus_gate bypassrls`,
			"helianthus_owner attribute":                `alter role helianthus_owner createrole`,
			"helianthus_app member of helianthus_owner": `grant helianthus_owner to helianthus_app`,
			"helianthus_app member of pg_read_all_data": `grant pg_read_all_data to helianthus_app`,
			"helianthus_owner inherits helianthus_gate": `grant helianthus_gate to helianthus_owner with inherit true`,
		},
	},
	{
		name: "the application role sets its own limits in no way but these",
		finds: `select unnest(array['search_path=app, pg_temp', 'statement_timeout=30s', 'idle_in_transaction_session_timeout=30s', 'lock_timeout=10s'])
			except select unnest(s.setconfig) from pg_db_role_setting s where s.setrole = 'helianthus_app'::regrole and s.setdatabase = 0`,
		defects: map[string]string{
			"search_path=app, pg_temp": `alter role helianthus_app set search_path = public, app`,
			"lock_timeout=10s":         `alter role helianthus_app reset lock_timeout`,
		},
	},
	{
		name: "the application role owns nothing",
		finds: `select d.classid::regclass::text || ' ' || d.objid from pg_shdepend d where d.refobjid = 'helianthus_app'::regrole and d.deptype = 'o'
			union all select 'table ' || relname from pg_class where relowner = 'helianthus_app'::regrole`,
		defects: map[string]string{"table planted": `alter table app.planted owner to helianthus_app`},
	},
	{
		name: "the application role makes nothing, not even for a session",
		finds: `select 'temporary tables' where has_database_privilege('helianthus_app', current_database(), 'temp')
			union all select 'schemas' where has_database_privilege('helianthus_app', current_database(), 'create')
			union all select 'schema ' || nspname from pg_namespace where has_schema_privilege('helianthus_app', oid, 'create')`,
		defects: map[string]string{
			"temporary tables": `do $$ begin execute format('grant temp on database %I to public', current_database()); end $$`,
			"schema public":    `grant create on schema public to public`,
			"schema app":       `grant create on schema app to helianthus_app`,
		},
	},
	{
		name: "the application role reads and writes rows and nothing more",
		finds: `select n.nspname || '.' || c.relname || ' ' || lower(a.privilege_type) from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
			where n.nspname in ('app', 'river') and c.relkind in ('r', 'p', 'v') and a.grantee = 'helianthus_app'::regrole
			  and (a.is_grantable or a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))`,
		defects: map[string]string{
			"app.planted truncate":   `grant truncate on app.planted to helianthus_app`,
			"app.planted references": `grant references on app.planted to helianthus_app`,
			"app.planted select":     `grant select on app.planted to helianthus_app with grant option`,
		},
	},
	{
		name: "tables of no tenant are read only",
		finds: tables + `select t.relname || ' ' || lower(p) from t, unnest(array['INSERT', 'UPDATE', 'DELETE']) p
			where t.relkind = 'r' and not t.of_tenants
			  and (has_table_privilege('helianthus_app', t.oid, p) or p <> 'DELETE' and has_any_column_privilege('helianthus_app', t.oid, p))`,
		except: map[string]string{
			"log_leaves insert":      "the sequencer adds",
			"log_tiles insert":       "the sequencer adds",
			"log_tiles update":       "a tile grows; the trigger keep_hashes lets it keep what it has",
			"log_checkpoints insert": "the sequencer adds",
			"log_checkpoints delete": "old ones that newer ones followed",
			"log_keys insert":        "made at the first checkpoint",
			"log_keys update":        "sealed anew when the house's secret changes",
			"log_witnesses insert":   "each witness asked",
			"log_witnesses update":   "how far it is",
			"log_witnessed insert":   "each log whose witness we are",
			"log_witnessed update":   "how far it is",
			"partner_houses insert":  "each house that is followed",
			"partner_houses update":  "how far it is",
			"partner_houses delete":  "one that is followed no more",
			"received delete":        "with all that came from it",
			"received_names delete":  "and its names",
			"received insert":        "what another house publishes",
			"received update":        "its end, and its proof",
			"received_names insert":  "names of it",
			"partner_keys insert":    "a key that another house gives",
			"partner_keys update":    "that it was seen again, or retired",
			"partner_keys delete":    "with the house",
		},
		defects: map[string]string{
			"tenants insert": `grant insert on app.tenants to helianthus_app`,
			"tenants update": `grant update (names) on app.tenants to helianthus_app`,
		},
	},
	{
		name: "what happened is only added to",
		finds: tables + `select t.relname || ' ' || lower(p) from t, unnest(array['UPDATE', 'DELETE']) p
			where t.relname in ('audit_events', 'registration_events', 'registration_versions', 'published_packages', 'public_keys', 'log_leaves', 'log_keys', 'log_openings', 'case_moves', 'case_events', 'procedures', 'case_documents', 'case_letters', 'mark_authorisation_events', 'mark_moves', 'mark_holdings', 'mark_counts', 'mark_scans', 'case_views', 'promotion_events', 'promotion_conflicts', 'promotion_commitments', 'promotion_payments')
			  and (has_table_privilege('helianthus_app', t.oid, p) or p = 'UPDATE' and has_any_column_privilege('helianthus_app', t.oid, p))`,
		except: map[string]string{
			"log_keys update":    "sealed anew when the house's secret changes; nothing else of them",
			"public_keys update": "retired, once, and why",
		},
		defects: map[string]string{
			"audit_events delete":        `grant delete on app.audit_events to helianthus_app`,
			"registration_events update": `grant update (reason) on app.registration_events to helianthus_app`,
		},
	},
	{
		name:  "the gate touches what its functions need",
		finds: tables + `select t.relname || ' ' || lower(a.privilege_type) from t, aclexplode(t.relacl) a where a.grantee = 'helianthus_gate'::regrole`,
		except: map[string]string{
			"tenants select":                 "suspended tenants are nobody's",
			"tenants insert":                 "gate_sandbox",
			"sandbox_tenants select":         "gate_sandbox",
			"sandbox_tenants insert":         "gate_sandbox",
			"people select":                  "gate_people, gate_session",
			"sessions select":                "gate_session",
			"api_clients select":             "gate_client, gate_machine",
			"api_client_keys select":         "gate_machine",
			"changes select":                 "sequence_changes",
			"calendar_feeds select":          "gate_calendar",
			"case_documents select":          "gate_case_document",
			"recognition_cases select":       "gate_case_document",
			"document_versions select":       "gate_case_document",
			"promotion_programmes select":    "gate_promotion_results",
			"promotion_applications select":  "gate_promotion_results",
			"promotion_papers select":        "gate_promotion_document",
			"promotion_claims select":        "gate_promotion_document",
			"promotion_results select":       "gate_promotion_document",
			"mark_application_papers select": "gate_mark_document",
			"mark_applications select":       "gate_mark_document",
			"promotion_awards select":        "gate_promotion_results",
			"log_queue select":               "take_log_queue",
			"log_queue delete":               "take_log_queue",
			"webhooks select":                "busy_webhooks",
			"webhook_deliveries select":      "busy_webhooks",
			"registrations select":           "search_registrations, bounded to the transaction's tenant by its own condition",
			"sign_in_failures select":        "gate_attempt",
			"sign_in_failures insert":        "gate_attempt",
			"sign_in_failures update":        "gate_attempt",
			"sign_in_failures delete":        "gate_succeeded",
			"publications select":            "blank_membership",
			"mark_batches select":            "gate_mark_batches, move_marks",
			"mark_authorisations select":     "move_marks: marks are issued under one in force",
			"mark_moves select":              "move_marks",
			"mark_moves insert":              "move_marks",
			"mark_holdings select":           "move_marks",
			"mark_holdings insert":           "move_marks",
			"mark_holdings delete":           "move_marks",
		},
		defects: map[string]string{"audit_events select": `grant select on app.audit_events to helianthus_gate`},
	},
	{
		name: "the public has no rights on tables",
		finds: `select c.relname::text from pg_class c, aclexplode(c.relacl) a where c.relnamespace in ('app'::regnamespace, 'river'::regnamespace) and a.grantee = 0
			union all select n.nspname::text from pg_namespace n, aclexplode(n.nspacl) a where n.nspname in ('app', 'river') and a.grantee = 0`,
		defects: map[string]string{
			"planted": `grant select on app.planted to public`,
			"app":     `grant usage on schema app to public`,
		},
	},
	{
		// A number that everybody draws tells how much the neighbours do.
		name:    "nothing is numbered across tenants",
		finds:   tables + `select relname from t where case when relkind = 'S' then has_sequence_privilege('helianthus_app', oid, 'usage, select, update') end`,
		defects: map[string]string{"numbers": `create sequence app.numbers; grant usage on sequence app.numbers to helianthus_app`},
	},
	{
		// Injected SQL must not change its scope, run other SQL, wait, keep files or end other people's work.
		name: "functions of the server that reach past a statement are closed to the application role",
		finds: `select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f'
			  and (p.proname in ('set_config', 'pg_sleep', 'pg_sleep_for', 'pg_sleep_until', 'pg_terminate_backend', 'pg_cancel_backend', 'ts_stat',
			      'lo_from_bytea', 'lo_creat', 'lo_create', 'lo_import', 'lo_export', 'lo_open', 'lo_get', 'lo_put', 'lo_unlink',
			      'pg_advisory_lock', 'pg_advisory_lock_shared', 'pg_try_advisory_lock', 'pg_try_advisory_lock_shared')
			    or p.proname ~ '_to_xml(schema|_and_xmlschema)?$' or p.proname = 'ts_rewrite' and p.pronargs = 2)
			  and has_function_privilege('helianthus_app', p.oid, 'execute')`,
		except: map[string]string{"pg_try_advisory_lock(bigint)": "a worker's lease, held by a connection of its own"},
		defects: map[string]string{
			"set_config(text,text,boolean)":           `grant execute on function pg_catalog.set_config(text, text, boolean) to public`,
			"query_to_xml(text,boolean,boolean,text)": `grant execute on function pg_catalog.query_to_xml(text, boolean, boolean, text) to helianthus_app`,
		},
	},
	{
		name:    "no table is sent elsewhere",
		finds:   `select pubname::text from pg_publication`,
		defects: map[string]string{"everything": `create publication everything for table app.planted`},
	},
}
