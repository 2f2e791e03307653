-- The schema that the migrations make, for reading: written by `go test ./internal/postgres -run TestSchemaDump -update`.

create table app.api_client_keys (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  client_id uuid not null,
  kind text not null,
  algorithm text not null,
  der bytea not null,
  fingerprint bytea not null,
  created_at timestamp with time zone not null default now(),
  created_by uuid,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_client_keys_der_check CHECK (((length(der) >= 40) AND (length(der) <= 8192))),
  constraint api_client_keys_fingerprint_check CHECK ((fingerprint = sha256(der))),
  constraint api_client_keys_kind_check CHECK ((kind = ANY (ARRAY['signature'::text, 'certificate'::text]))),
  constraint api_client_keys_client_fkey FOREIGN KEY (tenant_id, client_id) REFERENCES app.api_clients(tenant_id, id),
  constraint api_client_keys_pkey PRIMARY KEY (tenant_id, id),
  constraint api_client_keys_fingerprint_key UNIQUE (tenant_id, client_id, fingerprint)
);
alter table app.api_client_keys enable row level security;
alter table app.api_client_keys force row level security;
create policy gate on app.api_client_keys for select to helianthus_gate using (true);
create policy tenant on app.api_client_keys for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.api_client_keys to helianthus_app;
grant select on app.api_client_keys to helianthus_gate;
grant update (revoked_at) on app.api_client_keys to helianthus_app;

create table app.api_clients (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  name text not null,
  secret_hash bytea not null,
  scopes text[] not null,
  created_at timestamp with time zone not null default now(),
  created_by uuid,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  required text[] not null default '{}'::text[],
  constraint api_clients_required_check CHECK (((required <@ ARRAY['signature'::text, 'certificate'::text]) AND (cardinality(required) <= 2))),
  constraint api_clients_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint api_clients_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX api_clients_id_idx ON app.api_clients USING btree (id);
alter table app.api_clients enable row level security;
alter table app.api_clients force row level security;
create policy gate on app.api_clients for select to helianthus_gate using (true);
create policy tenant on app.api_clients for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.api_clients to helianthus_app;
grant select on app.api_clients to helianthus_gate;
CREATE TRIGGER keep_required BEFORE UPDATE ON app.api_clients FOR EACH ROW EXECUTE FUNCTION app.keep_required();

create table app.applicant_contacts (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  object_id uuid not null,
  keeper uuid not null,
  sealed bytea,
  unsealed jsonb,
  constraint applicant_contacts_sealed_check CHECK (((sealed IS NULL) <> (unsealed IS NULL))),
  constraint applicant_contacts_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint applicant_contacts_pkey PRIMARY KEY (tenant_id, object_id)
);
alter table app.applicant_contacts enable row level security;
alter table app.applicant_contacts force row level security;
create policy keeper_reads on app.applicant_contacts for select to helianthus_app using (((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND ((EXISTS ( SELECT
   FROM app.mark_applications a
  WHERE ((a.tenant_id = applicant_contacts.tenant_id) AND (a.id = applicant_contacts.object_id) AND (a.keeper = applicant_contacts.keeper) AND (a.number IS NOT NULL) AND (a.status <> 'withdrawn'::text)))) OR (EXISTS ( SELECT
   FROM app.promotion_applications a
  WHERE ((a.tenant_id = applicant_contacts.tenant_id) AND (a.id = applicant_contacts.object_id) AND (a.keeper = applicant_contacts.keeper) AND (a.number IS NOT NULL) AND (a.status <> 'withdrawn'::text)))))));
create policy tenant on app.applicant_contacts for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.applicant_contacts to helianthus_app;
grant update (sealed, unsealed) on app.applicant_contacts to helianthus_app;

create table app.audit_events (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  at timestamp with time zone not null default now(),
  actor_id uuid,
  actor_kind text not null,
  actor_name text not null default ''::text,
  unit text not null default ''::text,
  action text not null,
  object_kind text not null,
  object_id text not null default ''::text,
  other_party uuid,
  before jsonb,
  after jsonb,
  request_id text not null default ''::text,
  constraint audit_events_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint audit_events_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_events_at_idx ON app.audit_events USING btree (tenant_id, at DESC, id DESC);
CREATE INDEX audit_events_object_idx ON app.audit_events USING btree (tenant_id, object_kind, object_id, at DESC);
alter table app.audit_events enable row level security;
alter table app.audit_events force row level security;
create policy tenant on app.audit_events for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.audit_events to helianthus_app;

create table app.builds (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  dossier_id uuid not null,
  task_id uuid,
  official boolean not null,
  number text not null,
  input jsonb not null,
  files jsonb not null default '[]'::jsonb,
  manifest_sha256 bytea,
  created_at timestamp with time zone not null default now(),
  built_at timestamp with time zone,
  constraint builds_dossier_fkey FOREIGN KEY (tenant_id, dossier_id) REFERENCES app.dossiers(tenant_id, id),
  constraint builds_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX builds_dossier_idx ON app.builds USING btree (tenant_id, dossier_id, created_at DESC);
alter table app.builds enable row level security;
alter table app.builds force row level security;
create policy tenant on app.builds for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.builds to helianthus_app;
grant update (task_id, files, manifest_sha256, built_at) on app.builds to helianthus_app;

create table app.calendar_feeds (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  person_id uuid not null,
  token_hash bytea not null,
  created_at timestamp with time zone not null default now(),
  revoked_at timestamp with time zone,
  constraint calendar_feeds_hash_check CHECK ((length(token_hash) = 32)),
  constraint calendar_feeds_person_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES app.people(tenant_id, id),
  constraint calendar_feeds_pkey PRIMARY KEY (tenant_id, id),
  constraint calendar_feeds_hash_key UNIQUE (tenant_id, token_hash)
);
alter table app.calendar_feeds enable row level security;
alter table app.calendar_feeds force row level security;
create policy gate on app.calendar_feeds for select to helianthus_gate using (true);
create policy tenant on app.calendar_feeds for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.calendar_feeds to helianthus_app;
grant select on app.calendar_feeds to helianthus_gate;
grant update (revoked_at) on app.calendar_feeds to helianthus_app;

create table app.case_attachments (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  case_id uuid not null,
  seq integer,
  letter_id uuid,
  document_id uuid not null,
  number integer not null,
  title text not null,
  kind text not null default ''::text,
  language text not null default ''::text,
  attached_name text not null default ''::text,
  attached_at timestamp with time zone not null default now(),
  constraint case_attachments_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint case_attachments_version_fkey FOREIGN KEY (tenant_id, document_id, number) REFERENCES app.document_versions(tenant_id, document_id, number),
  constraint case_attachments_pkey PRIMARY KEY (tenant_id, id),
  constraint case_attachments_document_key UNIQUE (tenant_id, case_id, document_id, number)
);
alter table app.case_attachments enable row level security;
alter table app.case_attachments force row level security;
create policy tenant on app.case_attachments for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.case_attachments to helianthus_app;
grant update (seq) on app.case_attachments to helianthus_app;

create table app.case_comparisons (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  case_id uuid not null,
  house text not null,
  relation text not null,
  common integer not null,
  settled boolean not null,
  compared_at timestamp with time zone not null default now(),
  constraint case_comparisons_common_check CHECK ((common >= 0)),
  constraint case_comparisons_relation_check CHECK ((relation = ANY (ARRAY['same'::text, 'ahead'::text, 'behind'::text, 'differs'::text]))),
  constraint case_comparisons_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint case_comparisons_pkey PRIMARY KEY (tenant_id, case_id, house)
);
CREATE INDEX case_comparisons_differs_idx ON app.case_comparisons USING btree (tenant_id, case_id) WHERE ((relation = 'differs'::text) AND (NOT settled));
alter table app.case_comparisons enable row level security;
alter table app.case_comparisons force row level security;
create policy tenant on app.case_comparisons for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.case_comparisons to helianthus_app;
grant update (relation, common, settled, compared_at) on app.case_comparisons to helianthus_app;

create table app.case_deadlines (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  case_id uuid not null,
  code text not null,
  start_seq integer not null,
  origin uuid,
  destination uuid,
  shared boolean not null,
  side text not null,
  state text not null,
  starts_on date not null,
  ends_on date,
  certain boolean not null,
  verified boolean not null,
  silence text not null default ''::text,
  calendar text not null,
  length jsonb not null,
  extensions jsonb not null default '[]'::jsonb,
  by_seq integer,
  constraint case_deadlines_state_check CHECK ((state = ANY (ARRAY['open'::text, 'met'::text, 'missed'::text, 'over'::text, 'waived'::text, 'void'::text]))),
  constraint case_deadlines_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES app.recognition_cases(tenant_id, id),
  constraint case_deadlines_pkey PRIMARY KEY (tenant_id, case_id, code, start_seq)
);
CREATE INDEX case_deadlines_case_idx ON app.case_deadlines USING btree (case_id);
CREATE INDEX case_deadlines_destination_idx ON app.case_deadlines USING btree (destination, ends_on) WHERE (state = 'open'::text);
CREATE INDEX case_deadlines_origin_idx ON app.case_deadlines USING btree (origin, ends_on) WHERE (state = 'open'::text);
alter table app.case_deadlines enable row level security;
alter table app.case_deadlines force row level security;
create policy both_reckon on app.case_deadlines for insert to helianthus_app with check ((EXISTS ( SELECT
   FROM app.recognition_cases c
  WHERE ((c.tenant_id = case_deadlines.tenant_id) AND (c.id = case_deadlines.case_id) AND (NOT (c.origin IS DISTINCT FROM case_deadlines.origin)) AND (NOT (c.destination IS DISTINCT FROM case_deadlines.destination))))));
create policy both_remove on app.case_deadlines for delete to helianthus_app using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (shared AND ((origin = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (destination = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))))));
create policy both_sides on app.case_deadlines for select to helianthus_app using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (shared AND ((origin = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (destination = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))))));
grant delete, insert, select on app.case_deadlines to helianthus_app;

create table app.case_documents (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null,
  case_id uuid not null,
  owner uuid not null,
  seq integer,
  letter_id uuid,
  document_id uuid not null,
  number integer not null,
  title text not null,
  kind text not null default ''::text,
  language text not null default ''::text,
  sha256 bytea not null,
  filename text not null,
  media_type text not null,
  size bigint not null,
  shared_name text not null default ''::text,
  shared_at timestamp with time zone not null default now(),
  constraint case_documents_sha256_check CHECK ((length(sha256) = 32)),
  constraint case_documents_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES app.recognition_cases(tenant_id, id),
  constraint case_documents_event_fkey FOREIGN KEY (tenant_id, case_id, seq) REFERENCES app.case_events(tenant_id, case_id, seq),
  constraint case_documents_pkey PRIMARY KEY (tenant_id, id),
  constraint case_documents_document_key UNIQUE (tenant_id, case_id, owner, document_id, number)
);
CREATE INDEX case_documents_case_idx ON app.case_documents USING btree (case_id, id);
alter table app.case_documents enable row level security;
alter table app.case_documents force row level security;
create policy both_sides on app.case_documents for select to helianthus_app using (((owner = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (EXISTS ( SELECT
   FROM app.recognition_cases c
  WHERE ((c.tenant_id = case_documents.tenant_id) AND (c.id = case_documents.case_id) AND c.shared)))));
create policy gate on app.case_documents for select to helianthus_gate using (true);
create policy side_shares on app.case_documents for insert to helianthus_app with check (((owner = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM app.recognition_cases c
  WHERE ((c.tenant_id = case_documents.tenant_id) AND (c.id = case_documents.case_id))))));
grant insert, select on app.case_documents to helianthus_app;
grant select on app.case_documents to helianthus_gate;

create table app.case_events (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  case_id uuid not null,
  seq integer not null,
  after integer generated always as (NULLIF((seq - 1), 0)) stored,
  act text not null,
  from_state text not null,
  to_state text not null,
  side text not null,
  about integer,
  back_to text generated always as (
CASE
    WHEN (act = ANY (ARRAY['annul'::text, 'resume'::text])) THEN to_state
    ELSE NULL::text
END) stored,
  recorder uuid not null,
  recorded_by uuid,
  recorded_at timestamp with time zone not null default now(),
  shared boolean not null,
  happened_on date not null,
  effective_on date,
  received_on date,
  dispatched_on date,
  reference text not null default ''::text,
  national_code text not null default ''::text,
  national_text jsonb not null default '{}'::jsonb,
  reason text not null default ''::text,
  grounds text[] not null default '{}'::text[],
  documents jsonb not null default '[]'::jsonb,
  period text not null default ''::text,
  length jsonb,
  list text not null default ''::text,
  "position" text not null default ''::text,
  limits jsonb not null default '{}'::jsonb,
  phase_out_until date,
  constraint case_events_about_check CHECK (((about < seq) AND ((about IS NOT NULL) = (act = ANY (ARRAY['correct'::text, 'annul'::text, 'resume'::text]))))),
  constraint case_events_first_check CHECK (((seq = 1) = (act = 'open'::text))),
  constraint case_events_seq_check CHECK ((seq > 0)),
  constraint case_events_back_fkey FOREIGN KEY (tenant_id, case_id, about, back_to) REFERENCES app.case_events(tenant_id, case_id, seq, from_state),
  constraint case_events_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES app.recognition_cases(tenant_id, id),
  constraint case_events_chain_fkey FOREIGN KEY (tenant_id, case_id, after, from_state) REFERENCES app.case_events(tenant_id, case_id, seq, to_state),
  constraint case_events_move_fkey FOREIGN KEY (from_state, act, to_state, side) REFERENCES app.case_moves(from_state, act, to_state, side),
  constraint case_events_pkey PRIMARY KEY (tenant_id, case_id, seq),
  constraint case_events_from_key UNIQUE (tenant_id, case_id, seq, from_state),
  constraint case_events_to_key UNIQUE (tenant_id, case_id, seq, to_state)
);
CREATE INDEX case_events_case_idx ON app.case_events USING btree (case_id, seq);
alter table app.case_events enable row level security;
alter table app.case_events force row level security;
create policy both_sides on app.case_events for select to helianthus_app using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (shared AND (EXISTS ( SELECT
   FROM app.recognition_cases c
  WHERE ((c.tenant_id = case_events.tenant_id) AND (c.id = case_events.case_id)))))));
create policy side_acts on app.case_events for insert to helianthus_app with check (((recorder = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM app.recognition_cases c
  WHERE ((c.tenant_id = case_events.tenant_id) AND (c.id = case_events.case_id) AND (COALESCE(
        CASE case_events.side
            WHEN 'origin'::text THEN c.origin
            ELSE c.destination
        END, c.tenant_id) = case_events.recorder))))));
grant insert, select on app.case_events to helianthus_app;

create table app.case_letter_drafts (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  case_id uuid not null,
  side text not null,
  content jsonb not null,
  updated_name text not null default ''::text,
  updated_at timestamp with time zone not null default now(),
  constraint case_letter_drafts_side_check CHECK ((side = ANY (ARRAY['origin'::text, 'destination'::text]))),
  constraint case_letter_drafts_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint case_letter_drafts_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX case_letter_drafts_case_idx ON app.case_letter_drafts USING btree (tenant_id, case_id, id DESC);
alter table app.case_letter_drafts enable row level security;
alter table app.case_letter_drafts force row level security;
create policy tenant on app.case_letter_drafts for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select, update on app.case_letter_drafts to helianthus_app;

create table app.case_letters (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null,
  case_id uuid not null,
  direction text not null,
  owner uuid not null,
  side text not null,
  number text not null,
  dated_on date not null,
  received_on date,
  content jsonb not null,
  head jsonb not null,
  shared boolean not null,
  task_id uuid,
  entered_name text not null default ''::text,
  entered_at timestamp with time zone not null default now(),
  constraint case_letters_direction_check CHECK ((direction = ANY (ARRAY['outgoing'::text, 'incoming'::text]))),
  constraint case_letters_received_check CHECK (((direction = 'incoming'::text) = (received_on IS NOT NULL))),
  constraint case_letters_side_check CHECK ((side = ANY (ARRAY['origin'::text, 'destination'::text]))),
  constraint case_letters_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES app.recognition_cases(tenant_id, id),
  constraint case_letters_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX case_letters_case_idx ON app.case_letters USING btree (case_id, id DESC);
CREATE UNIQUE INDEX case_letters_number_key ON app.case_letters USING btree (tenant_id, owner, number) WHERE (direction = 'outgoing'::text);
alter table app.case_letters enable row level security;
alter table app.case_letters force row level security;
create policy both_sides on app.case_letters for select to helianthus_app using (((owner = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (shared AND (EXISTS ( SELECT
   FROM app.recognition_cases c
  WHERE ((c.tenant_id = case_letters.tenant_id) AND (c.id = case_letters.case_id)))))));
create policy side_writes on app.case_letters for insert to helianthus_app with check (((owner = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM app.recognition_cases c
  WHERE ((c.tenant_id = case_letters.tenant_id) AND (c.id = case_letters.case_id))))));
grant insert, select on app.case_letters to helianthus_app;

create table app.case_moves (  -- helianthus_owner
  from_state text not null,
  act text not null,
  to_state text not null,
  side text not null,
  constraint case_moves_side_check CHECK ((side = ANY (ARRAY['origin'::text, 'destination'::text]))),
  constraint case_moves_pkey PRIMARY KEY (from_state, act, to_state, side)
);
grant select on app.case_moves to helianthus_app;

create table app.case_notes (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  case_id uuid not null,
  text text not null,
  created_by uuid,
  created_name text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  constraint case_notes_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint case_notes_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX case_notes_case_idx ON app.case_notes USING btree (tenant_id, case_id, id DESC);
alter table app.case_notes enable row level security;
alter table app.case_notes force row level security;
create policy tenant on app.case_notes for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.case_notes to helianthus_app;

create table app.case_notices (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  case_id uuid not null,
  origin uuid,
  destination uuid,
  sandbox uuid default app.sandbox(),
  open boolean not null,
  state text not null,
  name text not null,
  name_key text not null,
  language text not null,
  forms jsonb not null default '[]'::jsonb,
  origin_office text not null,
  market text not null,
  instrument_code text not null,
  instrument_titles jsonb not null,
  reference text not null,
  published_on date not null,
  ends_on date,
  certain boolean not null,
  grounds jsonb not null,
  constraint case_notices_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES app.recognition_cases(tenant_id, id),
  constraint case_notices_pkey PRIMARY KEY (tenant_id, case_id)
);
CREATE INDEX case_notices_case_idx ON app.case_notices USING btree (case_id);
CREATE INDEX case_notices_open_idx ON app.case_notices USING btree (published_on DESC, case_id DESC) WHERE open;
alter table app.case_notices enable row level security;
alter table app.case_notices force row level security;
create policy both_remove on app.case_notices for delete to helianthus_app using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (origin = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (destination = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))));
create policy both_write on app.case_notices for insert to helianthus_app with check ((EXISTS ( SELECT
   FROM app.recognition_cases c
  WHERE ((c.tenant_id = case_notices.tenant_id) AND (c.id = case_notices.case_id) AND (NOT (c.origin IS DISTINCT FROM case_notices.origin)) AND (NOT (c.destination IS DISTINCT FROM case_notices.destination))))));
create policy readers on app.case_notices for select to helianthus_app using (true);
create policy side on app.case_notices as restrictive for all to helianthus_app using (COALESCE((NOT (sandbox IS DISTINCT FROM ( SELECT m.sandbox
   FROM app.sandbox_tenants m
  WHERE (m.member = app.tenant())))), false)) with check (COALESCE((NOT (sandbox IS DISTINCT FROM ( SELECT m.sandbox
   FROM app.sandbox_tenants m
  WHERE (m.member = app.tenant())))), false));
grant delete, insert, select on app.case_notices to helianthus_app;

create table app.case_recognitions (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  case_id uuid not null,
  recognition_id uuid not null,
  entered_at timestamp with time zone not null default now(),
  constraint case_recognitions_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint case_recognitions_pkey PRIMARY KEY (tenant_id, case_id, recognition_id)
);
alter table app.case_recognitions enable row level security;
alter table app.case_recognitions force row level security;
create policy tenant on app.case_recognitions for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.case_recognitions to helianthus_app;

create table app.case_tasks (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  case_id uuid not null,
  text text not null,
  due_on date,
  created_name text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  finished_name text not null default ''::text,
  finished_at timestamp with time zone,
  constraint case_tasks_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint case_tasks_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX case_tasks_open_idx ON app.case_tasks USING btree (tenant_id, due_on, id) WHERE (finished_at IS NULL);
alter table app.case_tasks enable row level security;
alter table app.case_tasks force row level security;
create policy tenant on app.case_tasks for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.case_tasks to helianthus_app;
grant update (finished_name, finished_at) on app.case_tasks to helianthus_app;

create table app.case_views (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  case_id uuid not null,
  house text not null,
  statement text not null,
  sha256 bytea not null,
  chain text[] not null,
  key_id text not null,
  public_key bytea not null,
  signature bytea not null,
  received_name text not null default ''::text,
  received_at timestamp with time zone not null default now(),
  constraint case_views_chain_check CHECK ((cardinality(chain) <= 2000)),
  constraint case_views_public_key_check CHECK ((length(public_key) = 32)),
  constraint case_views_sha256_check CHECK ((length(sha256) = 32)),
  constraint case_views_signature_check CHECK ((length(signature) = 64)),
  constraint case_views_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint case_views_pkey PRIMARY KEY (tenant_id, id),
  constraint case_views_statement_key UNIQUE (tenant_id, case_id, sha256)
);
CREATE INDEX case_views_case_idx ON app.case_views USING btree (tenant_id, case_id, id DESC);
alter table app.case_views enable row level security;
alter table app.case_views force row level security;
create policy tenant on app.case_views for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.case_views to helianthus_app;

create table app.changes (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  seq bigint,
  event text not null,
  publication_id uuid not null,
  kind text not null,
  record_id uuid not null,
  version integer not null,
  open boolean not null,
  reader uuid,
  at timestamp with time zone not null default now(),
  sandbox uuid default app.sandbox(),
  constraint changes_event_check CHECK ((event = ANY (ARRAY['publish'::text, 'withdraw'::text, 'reveal'::text, 'conceal'::text]))),
  constraint changes_publication_fkey FOREIGN KEY (tenant_id, publication_id) REFERENCES app.publications(tenant_id, id),
  constraint changes_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX changes_seq_idx ON app.changes USING btree (seq) WHERE (seq IS NOT NULL);
CREATE INDEX changes_unnumbered_idx ON app.changes USING btree (id) WHERE (seq IS NULL);
alter table app.changes enable row level security;
alter table app.changes force row level security;
create policy gate on app.changes for all to helianthus_gate using (true) with check (true);
create policy publisher_adds on app.changes for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy readers on app.changes for select to helianthus_app using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (reader = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR ((reader IS NULL) AND (open OR (EXISTS ( SELECT
   FROM app.publications p
  WHERE ((p.tenant_id = changes.tenant_id) AND (p.id = changes.publication_id))))))));
create policy side on app.changes as restrictive for all to helianthus_app using (COALESCE((NOT (sandbox IS DISTINCT FROM ( SELECT m.sandbox
   FROM app.sandbox_tenants m
  WHERE (m.member = app.tenant())))), false)) with check ((NOT (sandbox IS DISTINCT FROM ( SELECT m.sandbox
   FROM app.sandbox_tenants m
  WHERE (m.member = app.tenant())))));
grant insert, select on app.changes to helianthus_app;
grant select on app.changes to helianthus_gate;
grant update (seq) on app.changes to helianthus_gate;

create table app.clearance_findings (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  report_id uuid not null,
  id uuid not null,
  place integer not null,
  "right" text not null,
  source text not null,
  record_id uuid not null,
  facts jsonb not null,
  name text not null,
  score integer not null,
  goods text not null,
  likenesses jsonb not null,
  decision text not null default ''::text,
  reason text not null default ''::text,
  decided_by text not null default ''::text,
  decided_at timestamp with time zone,
  constraint clearance_findings_decided_check CHECK (((decision = ''::text) = (decided_at IS NULL))),
  constraint clearance_findings_decision_check CHECK ((decision = ANY (ARRAY[''::text, 'conflict'::text, 'no-conflict'::text, 'unclear'::text]))),
  constraint clearance_findings_goods_check CHECK ((goods = ANY (ARRAY['same'::text, 'different'::text, 'unknown'::text]))),
  constraint clearance_findings_right_check CHECK (("right" = ANY (ARRAY['geographical-indication'::text, 'recognition'::text, 'pending-name'::text, 'trade-mark'::text, 'plant-variety'::text, 'generic-term'::text]))),
  constraint clearance_findings_score_check CHECK (((score >= 0) AND (score <= 100))),
  constraint clearance_findings_report_fkey FOREIGN KEY (tenant_id, report_id) REFERENCES app.clearance_reports(tenant_id, id),
  constraint clearance_findings_pkey PRIMARY KEY (tenant_id, report_id, id),
  constraint clearance_findings_place_key UNIQUE (tenant_id, report_id, place)
);
alter table app.clearance_findings enable row level security;
alter table app.clearance_findings force row level security;
create policy tenant on app.clearance_findings for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.clearance_findings to helianthus_app;
grant update (decision, reason, decided_by, decided_at) on app.clearance_findings to helianthus_app;

create table app.clearance_reports (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  status text not null default 'searching'::text,
  title text not null,
  title_key text not null,
  names jsonb not null,
  market text not null,
  classes text[] not null,
  hs_codes text[] not null,
  floor integer not null,
  registration_id uuid,
  case_id uuid,
  same uuid[] not null default '{}'::uuid[],
  task_id uuid,
  asked_at timestamp with time zone not null default now(),
  asked_by text not null default ''::text,
  searched jsonb not null default '[]'::jsonb,
  method jsonb not null default '{}'::jsonb,
  found integer not null default 0,
  document_id uuid,
  printed_version integer not null default 0,
  constraint clearance_reports_market_check CHECK ((market ~ '^[A-Z]{2}$'::text)),
  constraint clearance_reports_status_check CHECK ((status = ANY (ARRAY['searching'::text, 'done'::text]))),
  constraint clearance_reports_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint clearance_reports_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX clearance_reports_case_idx ON app.clearance_reports USING btree (tenant_id, case_id) WHERE (case_id IS NOT NULL);
CREATE INDEX clearance_reports_registration_idx ON app.clearance_reports USING btree (tenant_id, registration_id) WHERE (registration_id IS NOT NULL);
alter table app.clearance_reports enable row level security;
alter table app.clearance_reports force row level security;
create policy tenant on app.clearance_reports for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.clearance_reports to helianthus_app;
grant update (version, status, task_id, searched, method, found, document_id, printed_version) on app.clearance_reports to helianthus_app;

create table app.credential_events (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  credential_id uuid not null,
  status text not null,
  cause text not null,
  reason text not null default ''::text,
  by_name text not null default ''::text,
  at timestamp with time zone not null default now(),
  constraint credential_events_cause_check CHECK ((cause = ANY (ARRAY['officer'::text, 'withdrawn'::text, 'corrected'::text, 'superseded'::text]))),
  constraint credential_events_status_check CHECK ((status = ANY (ARRAY['valid'::text, 'suspended'::text, 'revoked'::text]))),
  constraint credential_events_credential_fkey FOREIGN KEY (tenant_id, credential_id) REFERENCES app.credentials(tenant_id, id),
  constraint credential_events_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX credential_events_credential_idx ON app.credential_events USING btree (tenant_id, credential_id, id);
alter table app.credential_events enable row level security;
alter table app.credential_events force row level security;
create policy tenant on app.credential_events for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.credential_events to helianthus_app;

create table app.credential_status_lists (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default gen_random_uuid(),
  number integer not null,
  purpose text not null,
  snapshot text,
  signed_at timestamp with time zone,
  changed_at timestamp with time zone not null default now(),
  constraint credential_status_lists_purpose_check CHECK ((purpose = ANY (ARRAY['revocation'::text, 'suspension'::text]))),
  constraint credential_status_lists_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint credential_status_lists_pkey PRIMARY KEY (tenant_id, id),
  constraint credential_status_lists_number_key UNIQUE (tenant_id, number, purpose)
);
CREATE INDEX credential_status_lists_id_idx ON app.credential_status_lists USING btree (id);
alter table app.credential_status_lists enable row level security;
alter table app.credential_status_lists force row level security;
create policy issuer_adds on app.credential_status_lists for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy issuer_changes on app.credential_status_lists for update to helianthus_app using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy readers on app.credential_status_lists for select to helianthus_app using (true);
grant insert, select on app.credential_status_lists to helianthus_app;
grant update (snapshot, signed_at, changed_at) on app.credential_status_lists to helianthus_app;

create table app.credential_statuses (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  credential_id uuid not null,
  sha256 bytea not null,
  status text not null default 'valid'::text,
  cause text not null default 'officer'::text,
  reason text not null default ''::text,
  since timestamp with time zone not null default now(),
  constraint credential_statuses_cause_check CHECK ((cause = ANY (ARRAY['officer'::text, 'withdrawn'::text, 'corrected'::text, 'superseded'::text]))),
  constraint credential_statuses_sha256_check CHECK ((length(sha256) = 32)),
  constraint credential_statuses_status_check CHECK ((status = ANY (ARRAY['valid'::text, 'suspended'::text, 'revoked'::text]))),
  constraint credential_statuses_credential_fkey FOREIGN KEY (tenant_id, credential_id) REFERENCES app.credentials(tenant_id, id),
  constraint credential_statuses_pkey PRIMARY KEY (tenant_id, credential_id)
);
CREATE INDEX credential_statuses_sha256_idx ON app.credential_statuses USING btree (sha256);
alter table app.credential_statuses enable row level security;
alter table app.credential_statuses force row level security;
create policy issuer_adds on app.credential_statuses for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy issuer_changes on app.credential_statuses for update to helianthus_app using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy readers on app.credential_statuses for select to helianthus_app using (true);
grant insert, select on app.credential_statuses to helianthus_app;
grant update (status, cause, reason, since) on app.credential_statuses to helianthus_app;
CREATE TRIGGER credential_turned AFTER UPDATE OF status ON app.credential_statuses FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION app.credential_turned();
CREATE TRIGGER keep_revoked BEFORE UPDATE ON app.credential_statuses FOR EACH ROW EXECUTE FUNCTION app.keep_revoked();

create table app.credentials (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null,
  number text not null,
  kind text not null,
  record_id uuid not null,
  publication_id uuid not null,
  title text not null,
  algorithm text not null,
  key_id text not null,
  token text not null,
  list_number integer not null,
  list_index integer not null,
  legal_basis text not null,
  languages text[] not null,
  issued_at timestamp with time zone not null,
  valid_until timestamp with time zone,
  issued_by uuid,
  officer text not null,
  task_id uuid,
  papers jsonb not null default '[]'::jsonb,
  constraint credentials_algorithm_check CHECK ((algorithm = ANY (ARRAY['EdDSA'::text, 'ES256'::text]))),
  constraint credentials_list_index_check CHECK (((list_index >= 0) AND (list_index <= 131071))),
  constraint credentials_key_fkey FOREIGN KEY (tenant_id, key_id) REFERENCES app.signing_keys(tenant_id, id),
  constraint credentials_publication_fkey FOREIGN KEY (tenant_id, publication_id) REFERENCES app.publications(tenant_id, id),
  constraint credentials_pkey PRIMARY KEY (tenant_id, id),
  constraint credentials_number_key UNIQUE (tenant_id, number),
  constraint credentials_place_key UNIQUE (tenant_id, list_number, list_index)
);
CREATE INDEX credentials_issued_idx ON app.credentials USING btree (tenant_id, issued_at DESC, id DESC);
CREATE INDEX credentials_record_idx ON app.credentials USING btree (tenant_id, kind, record_id);
alter table app.credentials enable row level security;
alter table app.credentials force row level security;
create policy tenant on app.credentials for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.credentials to helianthus_app;
grant update (task_id, papers) on app.credentials to helianthus_app;

create table app.document_versions (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  document_id uuid not null,
  number integer not null,
  status text not null default 'uploading'::text,
  filename text not null,
  media_type text not null,
  size bigint not null,
  sha256 bytea not null,
  upload_key text not null default ''::text,
  object_key text not null,
  object_version text not null default ''::text,
  reason text not null default ''::text,
  retain_until timestamp with time zone,
  uploaded_by uuid,
  uploaded_by_name text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  completed_at timestamp with time zone,
  constraint document_versions_key_check CHECK (((object_key ~~ (('t/'::text || tenant_id) || '/%'::text)) AND ((upload_key = ''::text) OR (upload_key ~~ (('t/'::text || tenant_id) || '/%'::text))))),
  constraint document_versions_ready_check CHECK (((status = 'ready'::text) = (object_version <> ''::text))),
  constraint document_versions_sha256_check CHECK ((length(sha256) = 32)),
  constraint document_versions_size_check CHECK ((size > 0)),
  constraint document_versions_status_check CHECK ((status = ANY (ARRAY['uploading'::text, 'ready'::text, 'refused'::text]))),
  constraint document_versions_document_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES app.documents(tenant_id, id),
  constraint document_versions_pkey PRIMARY KEY (tenant_id, document_id, number)
);
CREATE INDEX document_versions_key_idx ON app.document_versions USING btree (tenant_id, object_key);
CREATE INDEX document_versions_uploading_idx ON app.document_versions USING btree (tenant_id, created_at) WHERE (status = 'uploading'::text);
alter table app.document_versions enable row level security;
alter table app.document_versions force row level security;
create policy gate on app.document_versions for select to helianthus_gate using (true);
create policy tenant on app.document_versions for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.document_versions to helianthus_app;
grant select on app.document_versions to helianthus_gate;

create table app.documents (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  status text not null default 'uploading'::text,
  filename text not null,
  purpose text not null default ''::text,
  current_number integer not null default 0,
  created_by uuid,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint documents_ready_check CHECK (((status = ANY (ARRAY['ready'::text, 'retired'::text])) = (current_number > 0))),
  constraint documents_status_check CHECK ((status = ANY (ARRAY['uploading'::text, 'ready'::text, 'refused'::text, 'retired'::text]))),
  constraint documents_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint documents_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX documents_created_idx ON app.documents USING btree (tenant_id, created_at DESC, id DESC);
alter table app.documents enable row level security;
alter table app.documents force row level security;
create policy tenant on app.documents for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.documents to helianthus_app;

create table app.dossier_numbers (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  year integer not null,
  last integer not null,
  constraint dossier_numbers_pkey PRIMARY KEY (tenant_id, year)
);
alter table app.dossier_numbers enable row level security;
alter table app.dossier_numbers force row level security;
create policy tenant on app.dossier_numbers for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.dossier_numbers to helianthus_app;

create table app.dossiers (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  registration_id uuid not null,
  market text not null,
  profile text not null,
  profile_edition integer not null,
  status text not null,
  languages text[] not null,
  title jsonb not null default '{}'::jsonb,
  product jsonb not null default '{}'::jsonb,
  annexes jsonb not null default '[]'::jsonb,
  number text,
  supersedes uuid,
  issued_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  withdrawn_why text not null default ''::text,
  created_by uuid,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  producer_code text not null default ''::text,
  constraint dossiers_registration_fkey FOREIGN KEY (tenant_id, registration_id) REFERENCES app.registrations(tenant_id, id),
  constraint dossiers_supersedes_fkey FOREIGN KEY (tenant_id, supersedes) REFERENCES app.dossiers(tenant_id, id),
  constraint dossiers_pkey PRIMARY KEY (tenant_id, id),
  constraint dossiers_number_key UNIQUE (tenant_id, number)
);
CREATE INDEX dossiers_registration_idx ON app.dossiers USING btree (tenant_id, registration_id);
CREATE INDEX dossiers_updated_idx ON app.dossiers USING btree (tenant_id, updated_at DESC, id DESC);
alter table app.dossiers enable row level security;
alter table app.dossiers force row level security;
create policy tenant on app.dossiers for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.dossiers to helianthus_app;

create table app.dues_invoices (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  member_id uuid not null,
  number text not null,
  year integer not null,
  kind text not null,
  category text not null,
  title text not null default ''::text,
  amount bigint not null,
  issued_on date not null,
  due_on date not null,
  cancelled_at timestamp with time zone,
  cancelled_by text not null default ''::text,
  cancel_reason text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  created_by text not null default ''::text,
  constraint dues_invoices_amount_check CHECK ((amount > 0)),
  constraint dues_invoices_kind_check CHECK ((kind = ANY (ARRAY['annual'::text, 'single'::text]))),
  constraint dues_invoices_member_fkey FOREIGN KEY (tenant_id, member_id) REFERENCES app.members(tenant_id, id),
  constraint dues_invoices_pkey PRIMARY KEY (tenant_id, id),
  constraint dues_invoices_number_key UNIQUE (tenant_id, number)
);
CREATE INDEX dues_invoices_due_idx ON app.dues_invoices USING btree (tenant_id, due_on, number) WHERE (cancelled_at IS NULL);
CREATE INDEX dues_invoices_member_idx ON app.dues_invoices USING btree (tenant_id, member_id);
CREATE UNIQUE INDEX dues_invoices_year_key ON app.dues_invoices USING btree (tenant_id, member_id, year) WHERE (kind = 'annual'::text);
alter table app.dues_invoices enable row level security;
alter table app.dues_invoices force row level security;
create policy tenant on app.dues_invoices for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.dues_invoices to helianthus_app;
grant update (version, cancelled_at, cancelled_by, cancel_reason) on app.dues_invoices to helianthus_app;

create table app.dues_payments (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  invoice_id uuid not null,
  amount bigint not null,
  paid_on date not null,
  method text not null,
  reference text not null default ''::text,
  reverses uuid,
  reason text not null default ''::text,
  recorded_at timestamp with time zone not null default now(),
  recorded_by text not null default ''::text,
  constraint dues_payments_method_check CHECK ((method = ANY (ARRAY['bank'::text, 'cash'::text, 'wechat'::text, 'alipay'::text, 'other'::text]))),
  constraint dues_payments_sign_check CHECK (((amount <> 0) AND ((amount < 0) = (reverses IS NOT NULL)))),
  constraint dues_payments_invoice_fkey FOREIGN KEY (tenant_id, invoice_id) REFERENCES app.dues_invoices(tenant_id, id),
  constraint dues_payments_reverses_fkey FOREIGN KEY (tenant_id, reverses) REFERENCES app.dues_payments(tenant_id, id),
  constraint dues_payments_pkey PRIMARY KEY (tenant_id, id),
  constraint dues_payments_reverses_key UNIQUE (tenant_id, reverses)
);
CREATE INDEX dues_payments_invoice_idx ON app.dues_payments USING btree (tenant_id, invoice_id) INCLUDE (amount);
alter table app.dues_payments enable row level security;
alter table app.dues_payments force row level security;
create policy tenant on app.dues_payments for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.dues_payments to helianthus_app;

create table app.dues_reminders (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  invoice_id uuid not null,
  step text not null,
  status text not null default 'queued'::text,
  tries integer not null default 0,
  answer text not null default ''::text,
  tried_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint dues_reminders_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'refused'::text, 'failed'::text, 'no-address'::text]))),
  constraint dues_reminders_step_check CHECK ((step = ANY (ARRAY['due'::text, 'overdue'::text]))),
  constraint dues_reminders_invoice_fkey FOREIGN KEY (tenant_id, invoice_id) REFERENCES app.dues_invoices(tenant_id, id),
  constraint dues_reminders_pkey PRIMARY KEY (tenant_id, id),
  constraint dues_reminders_step_key UNIQUE (tenant_id, invoice_id, step)
);
CREATE INDEX dues_reminders_open_idx ON app.dues_reminders USING btree (tenant_id, id) WHERE (status = ANY (ARRAY['queued'::text, 'sending'::text]));
alter table app.dues_reminders enable row level security;
alter table app.dues_reminders force row level security;
create policy tenant on app.dues_reminders for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.dues_reminders to helianthus_app;
grant update (status, tries, answer, tried_at) on app.dues_reminders to helianthus_app;

create table app.dues_years (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  year integer not null,
  version integer not null default 1,
  due_on date,
  amounts jsonb not null default '{}'::jsonb,
  numbered integer not null default 0,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null default ''::text,
  constraint dues_years_due_check CHECK (((version = 0) OR (due_on IS NOT NULL))),
  constraint dues_years_year_check CHECK (((year >= 2000) AND (year <= 2199))),
  constraint dues_years_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint dues_years_pkey PRIMARY KEY (tenant_id, year)
);
alter table app.dues_years enable row level security;
alter table app.dues_years force row level security;
create policy tenant on app.dues_years for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.dues_years to helianthus_app;

create table app.earlier_mark_lists (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  name text not null,
  source text not null,
  taken_on date not null,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null default ''::text,
  constraint earlier_mark_lists_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint earlier_mark_lists_pkey PRIMARY KEY (tenant_id, id),
  constraint earlier_mark_lists_name_key UNIQUE (tenant_id, name)
);
alter table app.earlier_mark_lists enable row level security;
alter table app.earlier_mark_lists force row level security;
create policy tenant on app.earlier_mark_lists for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select, update on app.earlier_mark_lists to helianthus_app;

create table app.earlier_marks (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  list_id uuid not null,
  kind text not null,
  identity text not null,
  sign text not null,
  script text not null default ''::text,
  transcription text not null default ''::text,
  translation text not null default ''::text,
  office text not null default ''::text,
  number text not null default ''::text,
  holder text not null default ''::text,
  classes text[] not null default '{}'::text[],
  priority_on date,
  status text not null default 'unknown'::text,
  folded text not null,
  import_id uuid,
  constraint earlier_marks_kind_check CHECK ((kind = ANY (ARRAY['trade-mark'::text, 'plant-variety'::text, 'geographical-indication'::text, 'generic-term'::text]))),
  constraint earlier_marks_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'registered'::text, 'ended'::text, 'unknown'::text]))),
  constraint earlier_marks_list_fkey FOREIGN KEY (tenant_id, list_id) REFERENCES app.earlier_mark_lists(tenant_id, id) ON DELETE CASCADE,
  constraint earlier_marks_pkey PRIMARY KEY (tenant_id, id),
  constraint earlier_marks_identity_key UNIQUE (tenant_id, list_id, identity)
);
CREATE INDEX earlier_marks_sign_idx ON app.earlier_marks USING btree (tenant_id, sign COLLATE "C", id);
alter table app.earlier_marks enable row level security;
alter table app.earlier_marks force row level security;
create policy tenant on app.earlier_marks for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select, update on app.earlier_marks to helianthus_app;

create table app.feed_consumers (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  actor_id uuid not null,
  kind text not null,
  publisher text not null,
  actor_kind text not null,
  "position" bigint not null,
  since timestamp with time zone not null default now(),
  read_at timestamp with time zone not null default now(),
  constraint feed_consumers_actor_check CHECK ((actor_kind = ANY (ARRAY['person'::text, 'client'::text]))),
  constraint feed_consumers_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint feed_consumers_pkey PRIMARY KEY (tenant_id, actor_id, kind, publisher)
);
alter table app.feed_consumers enable row level security;
alter table app.feed_consumers force row level security;
create policy tenant on app.feed_consumers for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.feed_consumers to helianthus_app;

create table app.goose_db_version (  -- helianthus_owner
  id integer not null generated as identity,
  version_id bigint not null,
  is_applied boolean not null,
  tstamp timestamp without time zone not null default now(),
  constraint goose_db_version_pkey PRIMARY KEY (id)
);

create table app.grants (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  reader uuid not null,
  kinds text[] not null,
  records uuid[] not null,
  purpose text not null,
  created_at timestamp with time zone not null default now(),
  created_by uuid,
  until_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  reason text not null default ''::text,
  settled_at timestamp with time zone,
  constraint grants_purpose_check CHECK ((purpose <> ''::text)),
  constraint grants_reader_check CHECK ((reader <> tenant_id)),
  constraint grants_scope_check CHECK (((cardinality(kinds) + cardinality(records)) > 0)),
  constraint grants_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint grants_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX grants_reader_idx ON app.grants USING btree (reader, tenant_id) WHERE (revoked_at IS NULL);
CREATE INDEX grants_unsettled_idx ON app.grants USING btree (tenant_id, until_at) WHERE (settled_at IS NULL);
alter table app.grants enable row level security;
alter table app.grants force row level security;
create policy both_sides on app.grants for select to helianthus_app using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (reader = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))));
create policy owner_ends on app.grants for update to helianthus_app using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy owner_gives on app.grants for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.grants to helianthus_app;
grant update (revoked_at, reason, settled_at) on app.grants to helianthus_app;

create table app.idempotency_keys (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id bytea not null,
  request bytea not null,
  answer bytea not null,
  until_at timestamp with time zone not null,
  constraint idempotency_keys_id_check CHECK ((length(id) = 32)),
  constraint idempotency_keys_request_check CHECK ((length(request) = 32)),
  constraint idempotency_keys_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint idempotency_keys_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX idempotency_keys_until_idx ON app.idempotency_keys USING btree (tenant_id, until_at);
alter table app.idempotency_keys enable row level security;
alter table app.idempotency_keys force row level security;
create policy tenant on app.idempotency_keys for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.idempotency_keys to helianthus_app;

create table app.import_mappings (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  name text not null,
  mapping jsonb not null,
  headings text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint import_mappings_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint import_mappings_pkey PRIMARY KEY (tenant_id, id),
  constraint import_mappings_name_key UNIQUE (tenant_id, name)
);
CREATE INDEX import_mappings_headings_idx ON app.import_mappings USING btree (tenant_id, md5(headings));
alter table app.import_mappings enable row level security;
alter table app.import_mappings force row level security;
create policy tenant on app.import_mappings for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select, update on app.import_mappings to helianthus_app;

create table app.import_rows (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  import_id uuid not null,
  row_number integer not null,
  fate text not null,
  title text not null default ''::text,
  content jsonb not null,
  problems jsonb not null default '[]'::jsonb,
  registration_id uuid,
  corrected boolean not null default false,
  refused boolean not null default false,
  constraint import_rows_fate_check CHECK ((fate = ANY (ARRAY['new'::text, 'same'::text, 'changed'::text, 'duplicate'::text, 'error'::text]))),
  constraint import_rows_import_fkey FOREIGN KEY (tenant_id, import_id) REFERENCES app.imports(tenant_id, id) ON DELETE CASCADE,
  constraint import_rows_pkey PRIMARY KEY (tenant_id, import_id, row_number)
);
CREATE INDEX import_rows_corrected_idx ON app.import_rows USING btree (tenant_id, import_id, row_number) WHERE corrected;
CREATE INDEX import_rows_fate_idx ON app.import_rows USING btree (tenant_id, import_id, fate, row_number);
alter table app.import_rows enable row level security;
alter table app.import_rows force row level security;
create policy tenant on app.import_rows for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.import_rows to helianthus_app;
grant update (refused) on app.import_rows to helianthus_app;

create table app.imports (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  document_id uuid not null,
  status text not null default 'reading'::text,
  counts jsonb not null default '{}'::jsonb,
  unknown_columns text[] not null default '{}'::text[],
  task_id uuid,
  created_at timestamp with time zone not null default now(),
  source text not null default ''::text,
  mapping jsonb not null default '{}'::jsonb,
  columns jsonb not null default '[]'::jsonb,
  encoding text not null default ''::text,
  target text not null default ''::text,
  options jsonb not null default 'null'::jsonb,
  constraint imports_status_check CHECK ((status = ANY (ARRAY['reading'::text, 'unmapped'::text, 'ready'::text, 'writing'::text, 'done'::text, 'failed'::text, 'cancelled'::text]))),
  constraint imports_target_check CHECK ((target = ANY (ARRAY[''::text, 'earlier-marks'::text, 'members'::text, 'mark-producers'::text]))),
  constraint imports_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint imports_pkey PRIMARY KEY (tenant_id, id)
);
alter table app.imports enable row level security;
alter table app.imports force row level security;
create policy tenant on app.imports for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.imports to helianthus_app;

create table app.instrument_parties (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  instrument_id uuid not null,
  party uuid not null,
  since timestamp with time zone not null default now(),
  constraint instrument_parties_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint instrument_parties_pkey PRIMARY KEY (tenant_id, instrument_id, party)
);
CREATE INDEX instrument_parties_party_idx ON app.instrument_parties USING btree (party);
alter table app.instrument_parties enable row level security;
alter table app.instrument_parties force row level security;
create policy both_sides on app.instrument_parties for select to helianthus_app using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (party = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))));
create policy keeper_adds on app.instrument_parties for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy keeper_removes on app.instrument_parties for delete to helianthus_app using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.instrument_parties to helianthus_app;

create table app.instruments (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  code text not null,
  kind text not null,
  titles jsonb not null,
  parties text[] not null,
  lists jsonb not null default '[]'::jsonb,
  scope jsonb not null default '[]'::jsonb,
  signed_on date,
  in_force_on date,
  ended_on date,
  sources jsonb not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  texts jsonb not null default '[]'::jsonb,
  amendments jsonb not null default '[]'::jsonb,
  constraint instruments_days_check CHECK ((ended_on >= COALESCE(in_force_on, signed_on))),
  constraint instruments_kind_check CHECK ((kind = ANY (ARRAY['treaty'::text, 'agreement'::text, 'pilot'::text, 'memorandum'::text]))),
  constraint instruments_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint instruments_pkey PRIMARY KEY (tenant_id, id),
  constraint instruments_code_key UNIQUE (tenant_id, code)
);
alter table app.instruments enable row level security;
alter table app.instruments force row level security;
create policy tenant on app.instruments for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.instruments to helianthus_app;

create table app.letter_numbers (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  year integer not null,
  last integer not null,
  constraint letter_numbers_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint letter_numbers_pkey PRIMARY KEY (tenant_id, year)
);
alter table app.letter_numbers enable row level security;
alter table app.letter_numbers force row level security;
create policy tenant on app.letter_numbers for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.letter_numbers to helianthus_app;

create table app.letterheads (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  version integer not null default 1,
  content jsonb not null,
  updated_at timestamp with time zone not null default now(),
  constraint letterheads_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint letterheads_pkey PRIMARY KEY (tenant_id)
);
alter table app.letterheads enable row level security;
alter table app.letterheads force row level security;
create policy tenant on app.letterheads for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.letterheads to helianthus_app;

create table app.log_checkpoints (  -- helianthus_owner
  size bigint not null,
  root bytea not null,
  note text not null,
  at timestamp with time zone not null default now(),
  constraint log_checkpoints_root_check CHECK ((length(root) = 32)),
  constraint log_checkpoints_pkey PRIMARY KEY (size)
);
grant delete, insert, select on app.log_checkpoints to helianthus_app;

create table app.log_keys (  -- helianthus_owner
  id uuid not null default uuidv7(),
  kind text not null,
  name text not null,
  verifier text not null,
  sealed bytea,
  created_at timestamp with time zone not null default now(),
  held_as text,
  constraint log_keys_held_check CHECK ((((sealed IS NULL) = (held_as IS NOT NULL)) AND (length(held_as) <= 300))),
  constraint log_keys_kind_check CHECK ((kind = ANY (ARRAY['log'::text, 'witness'::text]))),
  constraint log_keys_pkey PRIMARY KEY (id)
);
grant insert, select on app.log_keys to helianthus_app;
grant update (sealed) on app.log_keys to helianthus_app;

create table app.log_leaves (  -- helianthus_owner
  index bigint not null,
  entry bytea not null,
  publication_id uuid not null,
  event text not null,
  constraint log_leaves_index_check CHECK ((index >= 0)),
  constraint log_leaves_pkey PRIMARY KEY (index)
);
CREATE INDEX log_leaves_publication_idx ON app.log_leaves USING btree (publication_id, index DESC);
grant insert, select on app.log_leaves to helianthus_app;

create table app.log_openings (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  publication_id uuid not null,
  event text not null,
  salt bytea not null,
  entry bytea not null,
  constraint log_openings_salt_check CHECK ((length(salt) = 32)),
  constraint log_openings_publication_fkey FOREIGN KEY (tenant_id, publication_id) REFERENCES app.publications(tenant_id, id),
  constraint log_openings_pkey PRIMARY KEY (tenant_id, publication_id, event)
);
alter table app.log_openings enable row level security;
alter table app.log_openings force row level security;
create policy publisher_adds on app.log_openings for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy readers on app.log_openings for select to helianthus_app using ((EXISTS ( SELECT
   FROM app.publications p
  WHERE ((p.tenant_id = log_openings.tenant_id) AND (p.id = log_openings.publication_id)))));
grant insert, select on app.log_openings to helianthus_app;

create table app.log_queue (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  publication_id uuid not null,
  event text not null,
  entry bytea not null,
  constraint log_queue_entry_check CHECK (((length(entry) >= 1) AND (length(entry) <= 65535))),
  constraint log_queue_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint log_queue_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX log_queue_id_idx ON app.log_queue USING btree (id);
alter table app.log_queue enable row level security;
alter table app.log_queue force row level security;
create policy gate on app.log_queue for all to helianthus_gate using (true) with check (true);
create policy tenant on app.log_queue for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert on app.log_queue to helianthus_app;
grant delete, select on app.log_queue to helianthus_gate;

create table app.log_tiles (  -- helianthus_owner
  level smallint not null,
  n bigint not null,
  data bytea not null,
  constraint log_tiles_data_check CHECK ((((length(data) % 32) = 0) AND ((length(data) >= 32) AND (length(data) <= 8192)))),
  constraint log_tiles_pkey PRIMARY KEY (level, n)
);
grant insert, select, update on app.log_tiles to helianthus_app;
CREATE TRIGGER keep_hashes BEFORE UPDATE ON app.log_tiles FOR EACH ROW EXECUTE FUNCTION app.keep_hashes();

create table app.log_witnessed (  -- helianthus_owner
  origin text not null,
  size bigint not null,
  root bytea not null,
  at timestamp with time zone not null default now(),
  constraint log_witnessed_pkey PRIMARY KEY (origin)
);
grant insert, select, update on app.log_witnessed to helianthus_app;

create table app.log_witnesses (  -- helianthus_owner
  name text not null,
  size bigint not null default 0,
  cosigned text not null default ''::text,
  at timestamp with time zone,
  error text not null default ''::text,
  tried_at timestamp with time zone,
  constraint log_witnesses_pkey PRIMARY KEY (name)
);
grant insert, select, update on app.log_witnesses to helianthus_app;

create table app.mark_alerts (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  kind text not null,
  batch_id uuid,
  number bigint,
  authorisation_id uuid,
  day date not null,
  evidence jsonb not null,
  status text not null default 'open'::text,
  reason text not null default ''::text,
  decided_by uuid,
  decided_name text not null default ''::text,
  decided_at timestamp with time zone,
  raised_at timestamp with time zone not null default now(),
  constraint mark_alerts_kind_check CHECK ((kind = ANY (ARRAY['far-apart'::text, 'burst'::text, 'not-issued'::text, 'void'::text, 'stopped'::text, 'no-lot'::text, 'mass-balance'::text]))),
  constraint mark_alerts_of_check CHECK (
CASE kind
    WHEN 'mass-balance'::text THEN (authorisation_id IS NOT NULL)
    ELSE (batch_id IS NOT NULL)
END),
  constraint mark_alerts_reason_check CHECK (((status = 'open'::text) OR ((reason <> ''::text) AND (decided_at IS NOT NULL)))),
  constraint mark_alerts_status_check CHECK ((status = ANY (ARRAY['open'::text, 'confirmed'::text, 'dismissed'::text]))),
  constraint mark_alerts_authorisation_fkey FOREIGN KEY (tenant_id, authorisation_id) REFERENCES app.mark_authorisations(tenant_id, id),
  constraint mark_alerts_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES app.mark_batches(tenant_id, id),
  constraint mark_alerts_pkey PRIMARY KEY (tenant_id, id),
  constraint mark_alerts_once_key UNIQUE NULLS NOT DISTINCT (tenant_id, kind, batch_id, number, authorisation_id, day)
);
CREATE INDEX mark_alerts_dismissed_idx ON app.mark_alerts USING btree (tenant_id, batch_id, kind, decided_at) WHERE (status = 'dismissed'::text);
CREATE INDEX mark_alerts_holder_idx ON app.mark_alerts USING btree (tenant_id, authorisation_id) WHERE (authorisation_id IS NOT NULL);
alter table app.mark_alerts enable row level security;
alter table app.mark_alerts force row level security;
create policy tenant on app.mark_alerts for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_alerts to helianthus_app;
grant update (version, evidence, status, reason, decided_by, decided_name, decided_at) on app.mark_alerts to helianthus_app;

create table app.mark_application_papers (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  application_id uuid not null,
  place integer not null,
  keeper uuid not null,
  document_id uuid not null,
  number integer not null,
  filename text not null,
  media_type text not null,
  size bigint not null,
  sha256 bytea not null,
  constraint mark_application_papers_application_fkey FOREIGN KEY (tenant_id, application_id) REFERENCES app.mark_applications(tenant_id, id),
  constraint mark_application_papers_version_fkey FOREIGN KEY (tenant_id, document_id, number) REFERENCES app.document_versions(tenant_id, document_id, number),
  constraint mark_application_papers_pkey PRIMARY KEY (tenant_id, application_id, place)
);
alter table app.mark_application_papers enable row level security;
alter table app.mark_application_papers force row level security;
create policy gate on app.mark_application_papers for select to helianthus_gate using (true);
create policy keeper_reads on app.mark_application_papers for select to helianthus_app using (((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM app.mark_applications a
  WHERE ((a.tenant_id = mark_application_papers.tenant_id) AND (a.id = mark_application_papers.application_id) AND (a.keeper = mark_application_papers.keeper) AND (a.number IS NOT NULL) AND (a.status <> 'withdrawn'::text))))));
create policy tenant on app.mark_application_papers for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.mark_application_papers to helianthus_app;
grant select on app.mark_application_papers to helianthus_gate;

create table app.mark_applications (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  keeper uuid not null,
  registration_id uuid not null,
  product text not null,
  status text not null default 'draft'::text,
  content jsonb not null,
  credit_code text not null default ''::text,
  checks jsonb not null default '[]'::jsonb,
  number text,
  submitted_at timestamp with time zone,
  appeal text not null default ''::text,
  asked jsonb not null default '[]'::jsonb,
  complete_until date,
  authorisation_id uuid,
  progress text not null default ''::text,
  decision text not null default ''::text,
  notice text not null default ''::text,
  appeal_until date,
  decided_name text not null default ''::text,
  created_name text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint mark_applications_numbered_check CHECK ((((submitted_at IS NULL) = (number IS NULL)) AND ((status = ANY (ARRAY['draft'::text, 'withdrawn'::text])) OR (number IS NOT NULL)))),
  constraint mark_applications_refused_check CHECK (((status <> ALL (ARRAY['refused'::text, 'appealed'::text])) OR ((decision <> ''::text) AND (appeal_until IS NOT NULL)))),
  constraint mark_applications_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'withdrawn'::text, 'taken'::text, 'refused'::text, 'appealed'::text, 'entered'::text]))),
  constraint mark_applications_taken_check CHECK (((status <> ALL (ARRAY['taken'::text, 'refused'::text, 'appealed'::text, 'entered'::text])) OR (authorisation_id IS NOT NULL))),
  constraint mark_applications_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint mark_applications_pkey PRIMARY KEY (tenant_id, id),
  constraint mark_applications_number_key UNIQUE (tenant_id, number)
);
CREATE INDEX mark_applications_authorisation_idx ON app.mark_applications USING btree (keeper, authorisation_id) WHERE (authorisation_id IS NOT NULL);
CREATE INDEX mark_applications_keeper_idx ON app.mark_applications USING btree (keeper, id DESC) WHERE (number IS NOT NULL);
CREATE UNIQUE INDEX mark_applications_once_key ON app.mark_applications USING btree (tenant_id, keeper, registration_id, credit_code) WHERE ((status = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'taken'::text])) AND (credit_code <> ''::text));
alter table app.mark_applications enable row level security;
alter table app.mark_applications force row level security;
create policy applicant_moves on app.mark_applications as restrictive for update to helianthus_app using (((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (status = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'refused'::text])))) with check (((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (status = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'withdrawn'::text, 'appealed'::text]))));
create policy gate on app.mark_applications for select to helianthus_gate using (true);
create policy keeper_decides on app.mark_applications for update to helianthus_app using (((number IS NOT NULL) AND (keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))) with check (((status = ANY (ARRAY['returned'::text, 'taken'::text, 'refused'::text, 'appealed'::text, 'entered'::text, 'withdrawn'::text])) AND (keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))));
create policy keeper_reads on app.mark_applications for select to helianthus_app using (((number IS NOT NULL) AND (keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))));
create policy tenant on app.mark_applications for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy to_a_registration on app.mark_applications as restrictive for insert to helianthus_app with check (((status = 'draft'::text) AND (EXISTS ( SELECT
   FROM app.publications p
  WHERE ((p.tenant_id = mark_applications.keeper) AND (p.kind = 'registration'::text) AND (p.record_id = mark_applications.registration_id) AND (p.withdrawn_at IS NULL))))));
grant insert, select on app.mark_applications to helianthus_app;
grant select on app.mark_applications to helianthus_gate;
grant update (version, status, content, credit_code, checks, number, submitted_at, appeal, asked, complete_until, authorisation_id, progress, decision, notice, appeal_until, decided_name, updated_at) on app.mark_applications to helianthus_app;
CREATE TRIGGER keep_sides BEFORE UPDATE ON app.mark_applications FOR EACH ROW EXECUTE FUNCTION app.keep_sides('{asked,complete_until,authorisation_id,progress,decision,notice,appeal_until,decided_name}');

create table app.mark_authorisation_events (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  authorisation_id uuid not null,
  seq integer not null,
  after integer generated always as (NULLIF((seq - 1), 0)) stored,
  act text not null,
  from_status text not null,
  to_status text not null,
  happened_on date not null,
  reference text not null default ''::text,
  reason text not null default ''::text,
  ground text not null default ''::text,
  due_on date,
  appeal_until date,
  documents uuid[] not null default '{}'::uuid[],
  recorded_by uuid,
  recorded_name text not null default ''::text,
  recorded_at timestamp with time zone not null default now(),
  constraint mark_authorisation_events_appeal_check CHECK (((act <> 'refuse'::text) OR (appeal_until IS NOT NULL))),
  constraint mark_authorisation_events_first_check CHECK (((seq = 1) = (act = 'apply'::text))),
  constraint mark_authorisation_events_reason_check CHECK (((act <> ALL (ARRAY['refuse'::text, 'withdraw'::text, 'order'::text, 'flag'::text, 'clear'::text, 'end'::text, 'appeal'::text, 'reopen'::text])) OR (reason <> ''::text))),
  constraint mark_authorisation_events_seq_check CHECK ((seq > 0)),
  constraint mark_authorisation_events_authorisation_fkey FOREIGN KEY (tenant_id, authorisation_id) REFERENCES app.mark_authorisations(tenant_id, id),
  constraint mark_authorisation_events_chain_fkey FOREIGN KEY (tenant_id, authorisation_id, after, from_status) REFERENCES app.mark_authorisation_events(tenant_id, authorisation_id, seq, to_status),
  constraint mark_authorisation_events_pkey PRIMARY KEY (tenant_id, authorisation_id, seq),
  constraint mark_authorisation_events_to_key UNIQUE (tenant_id, authorisation_id, seq, to_status)
);
alter table app.mark_authorisation_events enable row level security;
alter table app.mark_authorisation_events force row level security;
create policy tenant on app.mark_authorisation_events for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_authorisation_events to helianthus_app;

create table app.mark_authorisations (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  status text not null,
  registration_id uuid not null,
  kind text not null,
  credit_code text not null,
  names jsonb not null,
  title text not null,
  folded text not null,
  township text not null default ''::text,
  exports boolean not null default false,
  notice text not null default ''::text,
  from_on date,
  ended_on date,
  ground text not null default ''::text,
  due_on date,
  appeal_until date,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  content_g bigint,
  constraint mark_authorisations_content_check CHECK (((content_g >= 1) AND (content_g <= 1000000000))),
  constraint mark_authorisations_due_check CHECK (((status = 'rectifying'::text) = (due_on IS NOT NULL))),
  constraint mark_authorisations_ended_check CHECK (((status = 'ended'::text) = (ended_on IS NOT NULL))),
  constraint mark_authorisations_kind_check CHECK ((kind = ANY (ARRAY['approved-producer'::text, 'collective-member'::text, 'certification-licensee'::text, 'filed-user'::text]))),
  constraint mark_authorisations_status_check CHECK ((status = ANY (ARRAY['applied'::text, 'verified'::text, 'examined'::text, 'announced'::text, 'active'::text, 'rectifying'::text, 'abnormal'::text, 'ended'::text, 'refused'::text, 'withdrawn'::text]))),
  constraint mark_authorisations_last_fkey FOREIGN KEY (tenant_id, id, version, status) REFERENCES app.mark_authorisation_events(tenant_id, authorisation_id, seq, to_status) DEFERRABLE INITIALLY DEFERRED,
  constraint mark_authorisations_registration_fkey FOREIGN KEY (tenant_id, registration_id) REFERENCES app.registrations(tenant_id, id),
  constraint mark_authorisations_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX mark_authorisations_holder_key ON app.mark_authorisations USING btree (tenant_id, registration_id, credit_code) WHERE (status <> ALL (ARRAY['ended'::text, 'refused'::text, 'withdrawn'::text]));
CREATE INDEX mark_authorisations_updated_idx ON app.mark_authorisations USING btree (tenant_id, updated_at DESC, id DESC);
alter table app.mark_authorisations enable row level security;
alter table app.mark_authorisations force row level security;
create policy gate on app.mark_authorisations for select to helianthus_gate using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy tenant on app.mark_authorisations for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_authorisations to helianthus_app;
grant select on app.mark_authorisations to helianthus_gate;
grant update (version, status, kind, names, title, folded, township, exports, notice, from_on, ended_on, ground, due_on, appeal_until, updated_at, content_g) on app.mark_authorisations to helianthus_app;

create table app.mark_batches (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  code integer not null,
  key_version integer not null,
  registration_id uuid not null,
  authorisation_id uuid,
  design text not null,
  document_id uuid,
  printer text not null,
  count bigint not null,
  moves integer not null default 0,
  created_at timestamp with time zone not null default now(),
  created_name text not null default ''::text,
  constraint mark_batches_code_check CHECK (((code >= 0) AND (code <= 16777215))),
  constraint mark_batches_count_check CHECK (((count >= 1) AND (count <= 16777216))),
  constraint mark_batches_authorisation_fkey FOREIGN KEY (tenant_id, authorisation_id) REFERENCES app.mark_authorisations(tenant_id, id),
  constraint mark_batches_key_fkey FOREIGN KEY (tenant_id, key_version) REFERENCES app.mark_keys(tenant_id, version),
  constraint mark_batches_registration_fkey FOREIGN KEY (tenant_id, registration_id) REFERENCES app.registrations(tenant_id, id),
  constraint mark_batches_pkey PRIMARY KEY (tenant_id, id),
  constraint mark_batches_code_key UNIQUE (tenant_id, code)
);
CREATE INDEX mark_batches_code_idx ON app.mark_batches USING btree (code);
alter table app.mark_batches enable row level security;
alter table app.mark_batches force row level security;
create policy gate on app.mark_batches for select to helianthus_gate using (true);
create policy gate_counts on app.mark_batches for update to helianthus_gate using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy tenant on app.mark_batches for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_batches to helianthus_app;
grant select on app.mark_batches to helianthus_gate;
grant update (moves) on app.mark_batches to helianthus_gate;

create table app.mark_complaints (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  authorisation_id uuid not null,
  status text not null default 'open'::text,
  complainant text not null default ''::text,
  text text not null,
  received_on date not null,
  documents uuid[] not null default '{}'::uuid[],
  answer text not null default ''::text,
  decided_name text not null default ''::text,
  decided_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  created_name text not null default ''::text,
  accepted_on date,
  constraint mark_complaints_accepted_check CHECK (((accepted_on IS NOT NULL) OR (status <> 'accepted'::text))),
  constraint mark_complaints_answer_check CHECK ((((status = ANY (ARRAY['open'::text, 'accepted'::text])) = (decided_at IS NULL)) AND ((status = ANY (ARRAY['open'::text, 'accepted'::text])) OR (answer <> ''::text)))),
  constraint mark_complaints_status_check CHECK ((status = ANY (ARRAY['open'::text, 'accepted'::text, 'upheld'::text, 'dismissed'::text]))),
  constraint mark_complaints_text_check CHECK ((text <> ''::text)),
  constraint mark_complaints_authorisation_fkey FOREIGN KEY (tenant_id, authorisation_id) REFERENCES app.mark_authorisations(tenant_id, id),
  constraint mark_complaints_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mark_complaints_holder_idx ON app.mark_complaints USING btree (tenant_id, authorisation_id);
alter table app.mark_complaints enable row level security;
alter table app.mark_complaints force row level security;
create policy tenant on app.mark_complaints for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_complaints to helianthus_app;
grant update (version, status, answer, decided_name, decided_at, accepted_on) on app.mark_complaints to helianthus_app;

create table app.mark_counts (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  batch_id uuid not null,
  place_kind text not null,
  place_of text not null,
  counted_on date not null,
  counted int8multirange not null,
  booked int8multirange not null,
  missing int8multirange generated always as ((booked - counted)) stored,
  surplus int8multirange generated always as ((counted - booked)) stored,
  explanation text not null default ''::text,
  witnesses text[] not null default '{}'::text[],
  recorded_name text not null default ''::text,
  recorded_at timestamp with time zone not null default now(),
  constraint mark_counts_explanation_check CHECK (((booked = counted) OR (explanation <> ''::text))),
  constraint mark_counts_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES app.mark_batches(tenant_id, id),
  constraint mark_counts_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mark_counts_batch_idx ON app.mark_counts USING btree (tenant_id, batch_id, id DESC);
alter table app.mark_counts enable row level security;
alter table app.mark_counts force row level security;
create policy tenant on app.mark_counts for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_counts to helianthus_app;

create table app.mark_holdings (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  batch_id uuid not null,
  numbers int8range not null,
  place_kind text not null,
  place_of text not null,
  constraint mark_holdings_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES app.mark_batches(tenant_id, id),
  constraint mark_holdings_pkey PRIMARY KEY (tenant_id, batch_id, numbers WITHOUT OVERLAPS)
);
CREATE INDEX mark_holdings_place_idx ON app.mark_holdings USING btree (tenant_id, place_kind, place_of);
alter table app.mark_holdings enable row level security;
alter table app.mark_holdings force row level security;
create policy gate on app.mark_holdings for all to helianthus_gate using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy tenant on app.mark_holdings for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select on app.mark_holdings to helianthus_app;
grant delete, insert, select on app.mark_holdings to helianthus_gate;

create table app.mark_images (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  name text not null,
  document_id uuid not null,
  media_type text not null,
  sha256 text not null,
  code_box integer[] not null,
  least_mm numeric(6,1) not null,
  colours text[] not null,
  source text not null,
  retired_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  created_name text not null default ''::text,
  constraint mark_images_box_check CHECK (((cardinality(code_box) = 4) AND (code_box[1] >= 0) AND (code_box[2] >= 0) AND (code_box[3] > 0) AND (code_box[4] > 0) AND ((code_box[1] + code_box[3]) <= 1000) AND ((code_box[2] + code_box[4]) <= 1000))),
  constraint mark_images_colours_check CHECK (((cardinality(colours) >= 1) AND (cardinality(colours) <= 20))),
  constraint mark_images_least_check CHECK (((least_mm >= (1)::numeric) AND (least_mm <= (1000)::numeric))),
  constraint mark_images_name_check CHECK ((name <> ''::text)),
  constraint mark_images_source_check CHECK ((source <> ''::text)),
  constraint mark_images_document_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES app.documents(tenant_id, id),
  constraint mark_images_pkey PRIMARY KEY (tenant_id, id)
);
alter table app.mark_images enable row level security;
alter table app.mark_images force row level security;
create policy tenant on app.mark_images for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_images to helianthus_app;
grant update (version, retired_at) on app.mark_images to helianthus_app;

create table app.mark_keys (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  version integer not null,
  sealed bytea not null,
  created_at timestamp with time zone not null default now(),
  retired_at timestamp with time zone,
  constraint mark_keys_version_check CHECK ((version > 0)),
  constraint mark_keys_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint mark_keys_pkey PRIMARY KEY (tenant_id, version)
);
CREATE UNIQUE INDEX mark_keys_present_key ON app.mark_keys USING btree (tenant_id) WHERE (retired_at IS NULL);
alter table app.mark_keys enable row level security;
alter table app.mark_keys force row level security;
create policy tenant on app.mark_keys for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_keys to helianthus_app;
grant update (sealed, retired_at) on app.mark_keys to helianthus_app;

create table app.mark_lot_versions (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  lot_id uuid not null,
  version integer not null,
  harvest integer not null,
  quantity numeric(11,4) not null,
  unit text not null,
  plots jsonb not null,
  area jsonb,
  declared_by text not null,
  declared_on date not null,
  reason text not null default ''::text,
  recorded_by uuid,
  recorded_name text not null default ''::text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  constraint mark_lot_versions_reason_check CHECK (((version = 1) OR (reason <> ''::text))),
  constraint mark_lot_versions_version_check CHECK ((version > 0)),
  constraint mark_lot_versions_lot_fkey FOREIGN KEY (tenant_id, lot_id) REFERENCES app.mark_lots(tenant_id, id),
  constraint mark_lot_versions_pkey PRIMARY KEY (tenant_id, lot_id, version)
);
alter table app.mark_lot_versions enable row level security;
alter table app.mark_lot_versions force row level security;
create policy tenant on app.mark_lot_versions for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_lot_versions to helianthus_app;

create table app.mark_lots (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  authorisation_id uuid not null,
  number text not null,
  harvest integer not null,
  quantity numeric(11,4) not null,
  unit text not null,
  plots jsonb not null default '[]'::jsonb,
  area jsonb,
  declared_by text not null,
  declared_on date not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  updated_at timestamp with time zone not null default clock_timestamp(),
  constraint mark_lots_declared_check CHECK ((declared_by <> ''::text)),
  constraint mark_lots_harvest_check CHECK (((harvest >= 1900) AND (harvest <= 2200))),
  constraint mark_lots_number_check CHECK ((number <> ''::text)),
  constraint mark_lots_quantity_check CHECK ((quantity >= (0)::numeric)),
  constraint mark_lots_unit_check CHECK ((unit = ANY (ARRAY['kg'::text, 't'::text]))),
  constraint mark_lots_authorisation_fkey FOREIGN KEY (tenant_id, authorisation_id) REFERENCES app.mark_authorisations(tenant_id, id),
  constraint mark_lots_last_fkey FOREIGN KEY (tenant_id, id, version) REFERENCES app.mark_lot_versions(tenant_id, lot_id, version) DEFERRABLE INITIALLY DEFERRED,
  constraint mark_lots_pkey PRIMARY KEY (tenant_id, id),
  constraint mark_lots_number_key UNIQUE (tenant_id, authorisation_id, number)
);
alter table app.mark_lots enable row level security;
alter table app.mark_lots force row level security;
create policy tenant on app.mark_lots for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_lots to helianthus_app;
grant update (version, harvest, quantity, unit, plots, area, declared_by, declared_on, updated_at) on app.mark_lots to helianthus_app;

create table app.mark_moves (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  batch_id uuid not null,
  seq integer not null,
  act text not null,
  numbers int8range not null,
  from_kind text not null,
  from_of text not null,
  to_kind text not null,
  to_of text not null,
  happened_on date not null,
  reference text not null default ''::text,
  reason text not null default ''::text,
  lot text not null default ''::text,
  packages integer,
  weight_g bigint,
  destination text not null default ''::text,
  witnesses text[] not null default '{}'::text[],
  documents uuid[] not null default '{}'::uuid[],
  corrects uuid,
  recorded_by uuid,
  recorded_name text not null default ''::text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  constraint mark_moves_corrects_check CHECK (((act = 'correct'::text) = (corrects IS NOT NULL))),
  constraint mark_moves_kinds_check CHECK ((((act = 'correct'::text) AND (to_kind <> ''::text)) OR (((((((((((((((((((((act = 'order'::text) AND (from_kind = ''::text) AND (to_kind = 'ordered'::text)) OR ((act = 'print'::text) AND (from_kind = 'ordered'::text) AND (to_kind = 'printed'::text))) OR ((act = 'receive'::text) AND (from_kind = 'printed'::text) AND (to_kind = 'stock'::text))) OR ((act = 'transfer'::text) AND (from_kind = 'stock'::text) AND (to_kind = 'stock'::text))) OR ((act = 'issue'::text) AND (from_kind = 'stock'::text) AND (to_kind = 'issued'::text))) OR ((act = 'use'::text) AND (from_kind = 'issued'::text) AND (to_kind = 'used'::text))) OR ((act = 'return'::text) AND (from_kind = 'issued'::text) AND (to_kind = 'stock'::text))) OR ((act = 'void'::text) AND (from_kind = 'ordered'::text) AND (to_kind = 'void'::text))) OR ((act = 'void'::text) AND (from_kind = 'printed'::text) AND (to_kind = 'void'::text))) OR ((act = 'void'::text) AND (from_kind = 'stock'::text) AND (to_kind = 'void'::text))) OR ((act = 'void'::text) AND (from_kind = 'issued'::text) AND (to_kind = 'void'::text))) OR ((act = 'void'::text) AND (from_kind = 'used'::text) AND (to_kind = 'void'::text))) OR ((act = 'lose'::text) AND (from_kind = 'printed'::text) AND (to_kind = 'lost'::text))) OR ((act = 'lose'::text) AND (from_kind = 'stock'::text) AND (to_kind = 'lost'::text))) OR ((act = 'lose'::text) AND (from_kind = 'issued'::text) AND (to_kind = 'lost'::text))) OR ((act = 'find'::text) AND (from_kind = 'lost'::text) AND (to_kind = 'stock'::text))) OR ((act = 'destroy'::text) AND (from_kind = 'printed'::text) AND (to_kind = 'destroyed'::text))) OR ((act = 'destroy'::text) AND (from_kind = 'stock'::text) AND (to_kind = 'destroyed'::text))) OR ((act = 'destroy'::text) AND (from_kind = 'issued'::text) AND (to_kind = 'destroyed'::text))) OR ((act = 'destroy'::text) AND (from_kind = 'void'::text) AND (to_kind = 'destroyed'::text))))),
  constraint mark_moves_lot_check CHECK (((act <> 'use'::text) OR ((lot <> ''::text) AND (to_of = ((from_of || '/'::text) || lot))))),
  constraint mark_moves_numbers_check CHECK (((NOT isempty(numbers)) AND (lower(numbers) >= 0) AND (NOT upper_inf(numbers)))),
  constraint mark_moves_proof_check CHECK (((act <> ALL (ARRAY['print'::text, 'receive'::text])) OR (reference <> ''::text))),
  constraint mark_moves_reason_check CHECK (((act <> ALL (ARRAY['return'::text, 'void'::text, 'lose'::text, 'find'::text, 'destroy'::text, 'correct'::text])) OR (reason <> ''::text))),
  constraint mark_moves_witnesses_check CHECK (((act <> 'destroy'::text) OR (cardinality(witnesses) >= 2))),
  constraint mark_moves_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES app.mark_batches(tenant_id, id),
  constraint mark_moves_corrects_fkey FOREIGN KEY (tenant_id, corrects) REFERENCES app.mark_moves(tenant_id, id),
  constraint mark_moves_pkey PRIMARY KEY (tenant_id, id),
  constraint mark_moves_seq_key UNIQUE (tenant_id, batch_id, seq)
);
CREATE INDEX mark_moves_corrects_idx ON app.mark_moves USING btree (tenant_id, corrects) WHERE (corrects IS NOT NULL);
CREATE INDEX mark_moves_issued_idx ON app.mark_moves USING btree (tenant_id, to_of, happened_on) WHERE (to_kind = 'issued'::text);
CREATE INDEX mark_moves_newest_idx ON app.mark_moves USING btree (tenant_id, recorded_at DESC, id DESC);
CREATE INDEX mark_moves_used_idx ON app.mark_moves USING btree (tenant_id, from_of, happened_on) WHERE (to_kind = 'used'::text);
alter table app.mark_moves enable row level security;
alter table app.mark_moves force row level security;
create policy gate on app.mark_moves for all to helianthus_gate using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy tenant on app.mark_moves for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant select on app.mark_moves to helianthus_app;
grant insert, select on app.mark_moves to helianthus_gate;

create table app.mark_producers (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  registration_id uuid not null,
  credit_code text not null,
  name text not null,
  folded text not null,
  township text not null default ''::text,
  exports boolean not null default false,
  listed_on date not null,
  ended_on date,
  excluded text not null default ''::text,
  source text not null,
  import_id uuid,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  updated_name text not null default ''::text,
  constraint mark_producers_ended_check CHECK ((ended_on > listed_on)),
  constraint mark_producers_registration_fkey FOREIGN KEY (tenant_id, registration_id) REFERENCES app.registrations(tenant_id, id),
  constraint mark_producers_pkey PRIMARY KEY (tenant_id, id),
  constraint mark_producers_code_key UNIQUE (tenant_id, registration_id, credit_code)
);
alter table app.mark_producers enable row level security;
alter table app.mark_producers force row level security;
create policy tenant on app.mark_producers for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_producers to helianthus_app;
grant update (version, name, folded, township, exports, listed_on, ended_on, excluded, source, import_id, updated_at, updated_name) on app.mark_producers to helianthus_app;

create table app.mark_rules (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  version integer not null default 1,
  target_percent integer,
  unused_months integer,
  report_months integer,
  source text not null,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null default ''::text,
  yield_kg_mu numeric(11,4),
  content_g bigint,
  risk_weights jsonb not null default '{}'::jsonb,
  complaint_days jsonb not null default '{}'::jsonb,
  constraint mark_rules_content_check CHECK (((content_g >= 1) AND (content_g <= 1000000000))),
  constraint mark_rules_report_check CHECK (((report_months >= 1) AND (report_months <= 60))),
  constraint mark_rules_source_check CHECK ((source <> ''::text)),
  constraint mark_rules_target_check CHECK (((target_percent >= 1) AND (target_percent <= 100))),
  constraint mark_rules_unused_check CHECK (((unused_months >= 1) AND (unused_months <= 120))),
  constraint mark_rules_yield_check CHECK ((yield_kg_mu > (0)::numeric)),
  constraint mark_rules_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint mark_rules_pkey PRIMARY KEY (tenant_id)
);
alter table app.mark_rules enable row level security;
alter table app.mark_rules force row level security;
create policy tenant on app.mark_rules for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.mark_rules to helianthus_app;

create table app.mark_scans (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  batch_id uuid not null,
  number bigint not null,
  verdict text not null,
  country text not null default ''::text,
  scanned_at timestamp with time zone not null,
  constraint mark_scans_country_check CHECK ((country ~ '^([A-Z]{2})?$'::text)),
  constraint mark_scans_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES app.mark_batches(tenant_id, id),
  constraint mark_scans_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mark_scans_at_idx ON app.mark_scans USING btree (tenant_id, scanned_at);
CREATE INDEX mark_scans_batch_idx ON app.mark_scans USING btree (tenant_id, batch_id, number, scanned_at);
alter table app.mark_scans enable row level security;
alter table app.mark_scans force row level security;
create policy tenant on app.mark_scans for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_scans to helianthus_app;

create table app.mark_usage_figures (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  registration_id uuid not null,
  month date not null,
  seq integer not null,
  target_percent integer,
  figures jsonb not null,
  producers jsonb not null,
  reason text not null default ''::text,
  frozen_by uuid,
  frozen_name text not null default ''::text,
  frozen_at timestamp with time zone not null default clock_timestamp(),
  constraint mark_usage_figures_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
  constraint mark_usage_figures_reason_check CHECK (((seq = 1) OR (reason <> ''::text))),
  constraint mark_usage_figures_seq_check CHECK ((seq > 0)),
  constraint mark_usage_figures_registration_fkey FOREIGN KEY (tenant_id, registration_id) REFERENCES app.registrations(tenant_id, id),
  constraint mark_usage_figures_pkey PRIMARY KEY (tenant_id, id),
  constraint mark_usage_figures_seq_key UNIQUE (tenant_id, registration_id, month, seq)
);
alter table app.mark_usage_figures enable row level security;
alter table app.mark_usage_figures force row level security;
create policy tenant on app.mark_usage_figures for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_usage_figures to helianthus_app;

create table app.mark_visits (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  authorisation_id uuid not null,
  status text not null default 'planned'::text,
  planned_on date not null,
  visitor text not null,
  reason text not null,
  outcome text not null default ''::text,
  visited_on date,
  findings text not null default ''::text,
  documents uuid[] not null default '{}'::uuid[],
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  updated_name text not null default ''::text,
  constraint mark_visits_done_check CHECK ((((status = 'done'::text) = (outcome <> ''::text)) AND ((status = 'done'::text) = (visited_on IS NOT NULL)))),
  constraint mark_visits_findings_check CHECK (((findings <> ''::text) OR (status = 'planned'::text) OR (outcome = 'passed'::text))),
  constraint mark_visits_outcome_check CHECK ((outcome = ANY (ARRAY[''::text, 'passed'::text, 'minor'::text, 'failed'::text]))),
  constraint mark_visits_reason_check CHECK ((reason <> ''::text)),
  constraint mark_visits_status_check CHECK ((status = ANY (ARRAY['planned'::text, 'done'::text, 'cancelled'::text]))),
  constraint mark_visits_visitor_check CHECK ((visitor <> ''::text)),
  constraint mark_visits_authorisation_fkey FOREIGN KEY (tenant_id, authorisation_id) REFERENCES app.mark_authorisations(tenant_id, id),
  constraint mark_visits_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mark_visits_holder_idx ON app.mark_visits USING btree (tenant_id, authorisation_id, visited_on DESC);
CREATE INDEX mark_visits_planned_idx ON app.mark_visits USING btree (tenant_id, planned_on) WHERE (status = 'planned'::text);
alter table app.mark_visits enable row level security;
alter table app.mark_visits force row level security;
create policy tenant on app.mark_visits for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.mark_visits to helianthus_app;
grant update (version, status, outcome, visited_on, findings, documents, updated_at, updated_name) on app.mark_visits to helianthus_app;

create table app.meeting_minutes (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  meeting_id uuid not null,
  seq integer not null,
  body text not null,
  chair text not null,
  sha256 bytea,
  chair_by uuid,
  chair_name text not null default ''::text,
  chair_at timestamp with time zone,
  second_by uuid,
  second_name text not null default ''::text,
  second_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  created_by text not null default ''::text,
  constraint meeting_minutes_body_check CHECK ((body <> ''::text)),
  constraint meeting_minutes_second_check CHECK (((second_by IS DISTINCT FROM chair_by) OR (second_by IS NULL))),
  constraint meeting_minutes_seq_check CHECK ((seq > 0)),
  constraint meeting_minutes_signed_check CHECK ((((chair_by IS NULL) = (chair_at IS NULL)) AND ((second_by IS NULL) = (second_at IS NULL)) AND ((chair_at IS NULL) OR (sha256 IS NOT NULL)) AND ((second_at IS NULL) OR (chair_at IS NOT NULL)))),
  constraint meeting_minutes_meeting_fkey FOREIGN KEY (tenant_id, meeting_id) REFERENCES app.meetings(tenant_id, id),
  constraint meeting_minutes_pkey PRIMARY KEY (tenant_id, id),
  constraint meeting_minutes_seq_key UNIQUE (tenant_id, meeting_id, seq)
);
alter table app.meeting_minutes enable row level security;
alter table app.meeting_minutes force row level security;
create policy tenant on app.meeting_minutes for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.meeting_minutes to helianthus_app;
grant update (body, chair, sha256, chair_by, chair_name, chair_at, second_by, second_name, second_at) on app.meeting_minutes to helianthus_app;
CREATE TRIGGER meeting_minutes_hold BEFORE INSERT OR UPDATE ON app.meeting_minutes FOR EACH ROW EXECUTE FUNCTION app.meeting_minutes_hold();

create table app.meeting_motions (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  meeting_id uuid not null,
  number integer not null,
  title text not null,
  body text not null default ''::text,
  secret boolean not null,
  majority_numerator integer not null,
  majority_denominator integer not null,
  majority_more boolean not null,
  majority_base text not null,
  decided_at timestamp with time zone,
  votes_for integer not null default 0,
  votes_against integer not null default 0,
  votes_abstain integer not null default 0,
  present integer,
  voters integer,
  created_at timestamp with time zone not null default now(),
  recorded_by text not null default ''::text,
  constraint meeting_motions_abstain_check CHECK ((votes_abstain >= 0)),
  constraint meeting_motions_against_check CHECK ((votes_against >= 0)),
  constraint meeting_motions_base_check CHECK ((majority_base = ANY (ARRAY['for-and-against'::text, 'given'::text, 'present'::text, 'voters'::text]))),
  constraint meeting_motions_count_check CHECK (((decided_at IS NULL) OR COALESCE(((((votes_for)::bigint + votes_against) + votes_abstain) <= present), false))),
  constraint meeting_motions_denominator_check CHECK (((majority_denominator >= 1) AND (majority_denominator <= 1000))),
  constraint meeting_motions_for_check CHECK ((votes_for >= 0)),
  constraint meeting_motions_number_check CHECK ((number > 0)),
  constraint meeting_motions_numerator_check CHECK (((majority_numerator >= 0) AND (majority_numerator <= 1000))),
  constraint meeting_motions_share_check CHECK ((majority_numerator <= majority_denominator)),
  constraint meeting_motions_meeting_fkey FOREIGN KEY (tenant_id, meeting_id) REFERENCES app.meetings(tenant_id, id),
  constraint meeting_motions_pkey PRIMARY KEY (tenant_id, id),
  constraint meeting_motions_number_key UNIQUE (tenant_id, meeting_id, number)
);
alter table app.meeting_motions enable row level security;
alter table app.meeting_motions force row level security;
create policy tenant on app.meeting_motions for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.meeting_motions to helianthus_app;
grant update (decided_at, votes_for, votes_against, votes_abstain, present, voters, recorded_by) on app.meeting_motions to helianthus_app;
CREATE TRIGGER meeting_motion_decides BEFORE INSERT OR UPDATE ON app.meeting_motions FOR EACH ROW EXECUTE FUNCTION app.meeting_motion_decides();

create table app.meeting_roll (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  meeting_id uuid not null,
  member_id uuid not null,
  no_vote text not null default ''::text,
  attendance text not null default 'absent'::text,
  proxy_id uuid,
  answer text not null default ''::text,
  answered_at timestamp with time zone,
  recorded_by text not null default ''::text,
  constraint meeting_roll_answer_check CHECK ((answer = ANY (ARRAY[''::text, 'coming'::text, 'not-coming'::text]))),
  constraint meeting_roll_attendance_check CHECK ((attendance = ANY (ARRAY['absent'::text, 'here'::text, 'proxy'::text]))),
  constraint meeting_roll_proxy_check CHECK ((((attendance = 'proxy'::text) = (proxy_id IS NOT NULL)) AND (proxy_id IS DISTINCT FROM member_id) AND ((proxy_id IS NULL) OR (no_vote = ''::text)))),
  constraint meeting_roll_vote_check CHECK ((no_vote = ANY (ARRAY[''::text, 'suspended'::text, 'over'::text, 'overdue'::text]))),
  constraint meeting_roll_holder_fkey FOREIGN KEY (tenant_id, meeting_id, proxy_id) REFERENCES app.meeting_roll(tenant_id, meeting_id, member_id),
  constraint meeting_roll_meeting_fkey FOREIGN KEY (tenant_id, meeting_id) REFERENCES app.meetings(tenant_id, id),
  constraint meeting_roll_member_fkey FOREIGN KEY (tenant_id, member_id) REFERENCES app.members(tenant_id, id),
  constraint meeting_roll_pkey PRIMARY KEY (tenant_id, meeting_id, member_id)
);
CREATE INDEX meeting_roll_holder_idx ON app.meeting_roll USING btree (tenant_id, meeting_id, proxy_id) WHERE (proxy_id IS NOT NULL);
CREATE INDEX meeting_roll_member_idx ON app.meeting_roll USING btree (tenant_id, member_id);
alter table app.meeting_roll enable row level security;
alter table app.meeting_roll force row level security;
create policy tenant on app.meeting_roll for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.meeting_roll to helianthus_app;
grant update (no_vote, attendance, proxy_id, answer, answered_at, recorded_by) on app.meeting_roll to helianthus_app;
CREATE TRIGGER meeting_roll_changes BEFORE INSERT OR UPDATE ON app.meeting_roll FOR EACH ROW EXECUTE FUNCTION app.meeting_roll_changes();

create table app.meeting_rules (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  kind text not null,
  version integer not null default 1,
  notice_days integer not null,
  quorum_numerator integer not null,
  quorum_denominator integer not null,
  quorum_more boolean not null,
  quorum_base text not null,
  proxies integer not null,
  overdue_votes boolean not null,
  source text not null,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null default ''::text,
  constraint meeting_rules_base_check CHECK ((quorum_base = ANY (ARRAY['voters'::text, 'roll'::text]))),
  constraint meeting_rules_denominator_check CHECK (((quorum_denominator >= 1) AND (quorum_denominator <= 1000))),
  constraint meeting_rules_kind_check CHECK ((kind = ANY (ARRAY['general'::text, 'council'::text, 'other'::text]))),
  constraint meeting_rules_notice_check CHECK (((notice_days >= 0) AND (notice_days <= 180))),
  constraint meeting_rules_numerator_check CHECK (((quorum_numerator >= 0) AND (quorum_numerator <= 1000))),
  constraint meeting_rules_proxies_check CHECK (((proxies >= 0) AND (proxies <= 100))),
  constraint meeting_rules_share_check CHECK ((quorum_numerator <= quorum_denominator)),
  constraint meeting_rules_source_check CHECK ((source <> ''::text)),
  constraint meeting_rules_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint meeting_rules_pkey PRIMARY KEY (tenant_id, kind)
);
alter table app.meeting_rules enable row level security;
alter table app.meeting_rules force row level security;
create policy tenant on app.meeting_rules for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.meeting_rules to helianthus_app;

create table app.meeting_votes (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  motion_id uuid not null,
  meeting_id uuid not null,
  member_id uuid not null,
  choice text not null,
  cast_by uuid not null,
  recorded_at timestamp with time zone not null default now(),
  recorded_by text not null default ''::text,
  constraint meeting_votes_choice_check CHECK ((choice = ANY (ARRAY['for'::text, 'against'::text, 'abstain'::text]))),
  constraint meeting_votes_member_fkey FOREIGN KEY (tenant_id, meeting_id, member_id) REFERENCES app.meeting_roll(tenant_id, meeting_id, member_id),
  constraint meeting_votes_motion_fkey FOREIGN KEY (tenant_id, motion_id) REFERENCES app.meeting_motions(tenant_id, id),
  constraint meeting_votes_pkey PRIMARY KEY (tenant_id, motion_id, member_id)
);
CREATE INDEX meeting_votes_member_idx ON app.meeting_votes USING btree (tenant_id, member_id);
alter table app.meeting_votes enable row level security;
alter table app.meeting_votes force row level security;
create policy tenant on app.meeting_votes for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.meeting_votes to helianthus_app;
CREATE TRIGGER meeting_vote_counts BEFORE INSERT ON app.meeting_votes FOR EACH ROW EXECUTE FUNCTION app.meeting_vote_counts();

create table app.meetings (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  kind text not null,
  status text not null default 'draft'::text,
  title text not null,
  place text not null default ''::text,
  link text not null default ''::text,
  begins_at timestamp with time zone not null,
  time_zone text not null,
  begins_on date not null generated always as (((begins_at AT TIME ZONE time_zone))::date) stored,
  agenda jsonb not null default '[]'::jsonb,
  called_on date,
  called_at timestamp with time zone,
  notice_days integer,
  quorum_numerator integer,
  quorum_denominator integer,
  quorum_more boolean,
  quorum_base text,
  proxies integer,
  overdue_votes boolean,
  source text,
  opened_at timestamp with time zone,
  counted integer,
  present integer,
  closed_at timestamp with time zone,
  reason text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  created_by text not null default ''::text,
  updated_at timestamp with time zone not null default now(),
  constraint meetings_called_check CHECK ((((called_on IS NULL) = (status = 'draft'::text)) OR (status = 'cancelled'::text))),
  constraint meetings_kind_check CHECK ((kind = ANY (ARRAY['general'::text, 'council'::text, 'other'::text]))),
  constraint meetings_notice_check CHECK (((called_on IS NULL) OR ((begins_on - called_on) >= notice_days))),
  constraint meetings_quorum_check CHECK (((status <> ALL (ARRAY['open'::text, 'closed'::text])) OR COALESCE(((present > 0) AND
CASE
    WHEN quorum_more THEN (((present)::bigint * quorum_denominator) > ((counted)::bigint * quorum_numerator))
    ELSE (((present)::bigint * quorum_denominator) >= ((counted)::bigint * quorum_numerator))
END), false))),
  constraint meetings_rule_check CHECK (((called_on IS NULL) OR ((notice_days IS NOT NULL) AND (quorum_numerator IS NOT NULL) AND (quorum_denominator IS NOT NULL) AND (quorum_more IS NOT NULL) AND (quorum_base IS NOT NULL) AND (proxies IS NOT NULL) AND (overdue_votes IS NOT NULL) AND (source IS NOT NULL)))),
  constraint meetings_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'called'::text, 'open'::text, 'closed'::text, 'cancelled'::text]))),
  constraint meetings_where_check CHECK (((place <> ''::text) OR (link <> ''::text))),
  constraint meetings_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint meetings_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX meetings_begins_idx ON app.meetings USING btree (tenant_id, begins_at DESC, id DESC);
alter table app.meetings enable row level security;
alter table app.meetings force row level security;
create policy tenant on app.meetings for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.meetings to helianthus_app;
CREATE TRIGGER meeting_goes_on BEFORE UPDATE ON app.meetings FOR EACH ROW EXECUTE FUNCTION app.meeting_goes_on();

create table app.member_changes (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  member_id uuid not null,
  status text not null default 'proposed'::text,
  fields text[] not null,
  sealed bytea not null,
  reason text not null default ''::text,
  by_member boolean not null,
  proposed_by uuid not null,
  proposed_name text not null default ''::text,
  proposed_at timestamp with time zone not null default now(),
  decided_by uuid,
  decided_name text not null default ''::text,
  decided_at timestamp with time zone,
  decision text not null default ''::text,
  constraint member_changes_decided_check CHECK ((((status = 'proposed'::text) = (decided_at IS NULL)) AND ((decided_at IS NULL) = (decided_by IS NULL)))),
  constraint member_changes_fields_check CHECK ((cardinality(fields) > 0)),
  constraint member_changes_second_check CHECK (((status <> ALL (ARRAY['accepted'::text, 'refused'::text])) OR (decided_by <> proposed_by))),
  constraint member_changes_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'accepted'::text, 'refused'::text, 'withdrawn'::text]))),
  constraint member_changes_member_fkey FOREIGN KEY (tenant_id, member_id) REFERENCES app.members(tenant_id, id),
  constraint member_changes_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX member_changes_member_idx ON app.member_changes USING btree (tenant_id, member_id);
CREATE UNIQUE INDEX member_changes_open_key ON app.member_changes USING btree (tenant_id, member_id) WHERE (status = 'proposed'::text);
alter table app.member_changes enable row level security;
alter table app.member_changes force row level security;
create policy tenant on app.member_changes for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.member_changes to helianthus_app;
grant update (status, sealed, decided_by, decided_name, decided_at, decision) on app.member_changes to helianthus_app;

create table app.member_consents (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  member_id uuid not null,
  grant_id uuid not null,
  given_on date not null,
  document_id uuid,
  recorded_at timestamp with time zone not null default now(),
  recorded_by text not null default ''::text,
  constraint member_consents_member_fkey FOREIGN KEY (tenant_id, member_id) REFERENCES app.members(tenant_id, id),
  constraint member_consents_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX member_consents_member_idx ON app.member_consents USING btree (tenant_id, member_id);
alter table app.member_consents enable row level security;
alter table app.member_consents force row level security;
create policy tenant on app.member_consents for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.member_consents to helianthus_app;

create table app.member_drafts (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  key uuid not null,
  sealed bytea not null,
  documents jsonb not null default '[]'::jsonb,
  expires_at timestamp with time zone not null,
  constraint member_drafts_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint member_drafts_pkey PRIMARY KEY (tenant_id, id),
  constraint member_drafts_key_key UNIQUE (tenant_id, key)
);
CREATE INDEX member_drafts_expires_idx ON app.member_drafts USING btree (tenant_id, expires_at);
alter table app.member_drafts enable row level security;
alter table app.member_drafts force row level security;
create policy tenant on app.member_drafts for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.member_drafts to helianthus_app;
grant update (sealed, documents, expires_at) on app.member_drafts to helianthus_app;

create table app.member_events (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  member_id uuid not null,
  seq integer not null,
  act text not null,
  status text not null,
  happened_on date not null,
  reason text not null default ''::text,
  reference text not null default ''::text,
  document_id uuid,
  changed text[] not null default '{}'::text[],
  recorded_at timestamp with time zone not null default now(),
  recorded_by text not null default ''::text,
  constraint member_events_seq_check CHECK ((seq > 0)),
  constraint member_events_member_fkey FOREIGN KEY (tenant_id, member_id) REFERENCES app.members(tenant_id, id),
  constraint member_events_pkey PRIMARY KEY (tenant_id, member_id, seq)
);
alter table app.member_events enable row level security;
alter table app.member_events force row level security;
create policy tenant on app.member_events for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.member_events to helianthus_app;

create table app.member_keys (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  key uuid not null,
  member_id uuid not null,
  kind text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint member_keys_kind_check CHECK ((kind = ANY (ARRAY['link'::text, 'session'::text]))),
  constraint member_keys_member_fkey FOREIGN KEY (tenant_id, member_id) REFERENCES app.members(tenant_id, id),
  constraint member_keys_pkey PRIMARY KEY (tenant_id, id),
  constraint member_keys_key_key UNIQUE (tenant_id, key)
);
CREATE INDEX member_keys_member_idx ON app.member_keys USING btree (tenant_id, member_id);
alter table app.member_keys enable row level security;
alter table app.member_keys force row level security;
create policy tenant on app.member_keys for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.member_keys to helianthus_app;

create table app.member_letters (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  member_id uuid not null,
  kind text not null,
  about text not null,
  status text not null default 'queued'::text,
  address text not null default ''::text,
  tries integer not null default 0,
  answer text not null default ''::text,
  tried_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  created_by text not null default ''::text,
  constraint member_letters_kind_check CHECK ((kind = ANY (ARRAY['meeting'::text, 'licence'::text, 'portal'::text]))),
  constraint member_letters_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'refused'::text, 'failed'::text, 'no-address'::text]))),
  constraint member_letters_member_fkey FOREIGN KEY (tenant_id, member_id) REFERENCES app.members(tenant_id, id),
  constraint member_letters_pkey PRIMARY KEY (tenant_id, id),
  constraint member_letters_about_key UNIQUE (tenant_id, kind, about, member_id)
);
CREATE INDEX member_letters_member_idx ON app.member_letters USING btree (tenant_id, member_id);
CREATE INDEX member_letters_open_idx ON app.member_letters USING btree (tenant_id, id) WHERE (status = ANY (ARRAY['queued'::text, 'sending'::text]));
alter table app.member_letters enable row level security;
alter table app.member_letters force row level security;
create policy tenant on app.member_letters for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.member_letters to helianthus_app;
grant update (status, address, tries, answer, tried_at) on app.member_letters to helianthus_app;

create table app.member_rules (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  version integer not null default 1,
  publisher uuid,
  registration_id uuid,
  retention_years integer not null,
  purpose text not null default ''::text,
  numbered bigint not null default 0,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null default ''::text,
  licence_days integer[] not null default '{60,14}'::integer[],
  constraint member_rules_licence_check CHECK (((cardinality(licence_days) <= 5) AND (0 < ALL (licence_days)) AND (366 > ALL (licence_days)))),
  constraint member_rules_retention_check CHECK (((retention_years >= 1) AND (retention_years <= 30))),
  constraint member_rules_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint member_rules_pkey PRIMARY KEY (tenant_id)
);
alter table app.member_rules enable row level security;
alter table app.member_rules force row level security;
create policy tenant on app.member_rules for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.member_rules to helianthus_app;

create table app.members (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  number text,
  category text not null,
  name text not null,
  name_key text not null,
  credit_code text,
  status text not null,
  content jsonb not null,
  sealed bytea not null,
  applied_on date not null,
  admitted_on date,
  ended_on date,
  erased_at timestamp with time zone,
  import_id uuid,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint members_category_check CHECK ((category = ANY (ARRAY['enterprise'::text, 'cooperative'::text, 'grower'::text, 'expert'::text]))),
  constraint members_ended_check CHECK (((status = ANY (ARRAY['left'::text, 'excluded'::text, 'refused'::text])) = (ended_on IS NOT NULL))),
  constraint members_status_check CHECK ((status = ANY (ARRAY['applied'::text, 'examined'::text, 'admitted'::text, 'suspended'::text, 'left'::text, 'excluded'::text, 'refused'::text]))),
  constraint members_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint members_pkey PRIMARY KEY (tenant_id, id),
  constraint members_credit_code_key UNIQUE (tenant_id, credit_code),
  constraint members_number_key UNIQUE (tenant_id, number)
);
CREATE INDEX members_ended_idx ON app.members USING btree (tenant_id, ended_on) WHERE (erased_at IS NULL);
CREATE INDEX members_name_idx ON app.members USING btree (tenant_id, name_key);
CREATE INDEX members_order_idx ON app.members USING btree (tenant_id, COALESCE(number, ''::text) COLLATE "C", id);
alter table app.members enable row level security;
alter table app.members force row level security;
create policy tenant on app.members for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.members to helianthus_app;

create table app.opposition_contacts (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  opposition_id uuid not null,
  address text not null,
  email text not null,
  constraint opposition_contacts_opposition_fkey FOREIGN KEY (tenant_id, opposition_id) REFERENCES app.oppositions(tenant_id, id) ON DELETE CASCADE,
  constraint opposition_contacts_pkey PRIMARY KEY (tenant_id, opposition_id)
);
alter table app.opposition_contacts enable row level security;
alter table app.opposition_contacts force row level security;
create policy opponent on app.opposition_contacts for select to helianthus_app using (((( SELECT NULLIF(current_setting('app.tenant'::text, true), ''::text) AS "nullif") IS NULL) AND (EXISTS ( SELECT
   FROM app.oppositions o
  WHERE ((o.tenant_id = opposition_contacts.tenant_id) AND (o.id = opposition_contacts.opposition_id))))));
create policy tenant on app.opposition_contacts for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.opposition_contacts to helianthus_app;

create table app.opposition_entries (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  opposition_id uuid not null,
  seq integer not null,
  kind text not null,
  side text not null,
  recorder uuid,
  ground text not null default ''::text,
  text text not null default ''::text,
  outcome text not null default ''::text,
  documents jsonb not null default '[]'::jsonb,
  happened_on date not null,
  recorded_at timestamp with time zone not null default now(),
  constraint opposition_entries_seq_check CHECK ((seq > 0)),
  constraint opposition_entries_side_check CHECK ((side = ANY (ARRAY['opponent'::text, 'origin'::text, 'destination'::text]))),
  constraint opposition_entries_opposition_fkey FOREIGN KEY (tenant_id, opposition_id) REFERENCES app.oppositions(tenant_id, id) ON DELETE CASCADE,
  constraint opposition_entries_pkey PRIMARY KEY (tenant_id, opposition_id, seq)
);
alter table app.opposition_entries enable row level security;
alter table app.opposition_entries force row level security;
create policy origin_answers on app.opposition_entries for insert to helianthus_app with check (((side = 'origin'::text) AND (kind = 'answer'::text) AND (recorder = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM app.oppositions o
  WHERE ((o.tenant_id = opposition_entries.tenant_id) AND (o.id = opposition_entries.opposition_id) AND (o.origin = opposition_entries.recorder))))));
create policy readers on app.opposition_entries for select to helianthus_app using ((EXISTS ( SELECT
   FROM app.oppositions o
  WHERE ((o.tenant_id = opposition_entries.tenant_id) AND (o.id = opposition_entries.opposition_id)))));
create policy tenant on app.opposition_entries for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.opposition_entries to helianthus_app;

create table app.opposition_numbers (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  year integer not null,
  last integer not null,
  constraint opposition_numbers_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint opposition_numbers_pkey PRIMARY KEY (tenant_id, year)
);
alter table app.opposition_numbers enable row level security;
alter table app.opposition_numbers force row level security;
create policy tenant on app.opposition_numbers for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.opposition_numbers to helianthus_app;
grant update (last) on app.opposition_numbers to helianthus_app;

create table app.oppositions (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  state text not null,
  keeper uuid not null,
  case_id uuid not null,
  origin uuid,
  shared boolean not null default false,
  opponent_key uuid,
  number text,
  name text not null,
  market text not null,
  language text not null,
  opponent text not null default ''::text,
  capacity text not null default ''::text,
  received_on date,
  expires_at timestamp with time zone,
  begun_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint oppositions_numbered_check CHECK (((state = 'begun'::text) = (number IS NULL))),
  constraint oppositions_state_check CHECK ((state = ANY (ARRAY['begun'::text, 'filed'::text, 'admitted'::text, 'inadmissible'::text, 'decided'::text, 'settled'::text, 'withdrawn'::text]))),
  constraint oppositions_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint oppositions_pkey PRIMARY KEY (tenant_id, id),
  constraint oppositions_number_key UNIQUE (tenant_id, number)
);
CREATE INDEX oppositions_case_idx ON app.oppositions USING btree (case_id, id);
CREATE INDEX oppositions_opponent_idx ON app.oppositions USING btree (opponent_key);
CREATE INDEX oppositions_origin_idx ON app.oppositions USING btree (origin, id DESC) WHERE shared;
alter table app.oppositions enable row level security;
alter table app.oppositions force row level security;
create policy only_begun on app.oppositions as restrictive for delete to helianthus_app using ((state = 'begun'::text));
create policy opponent on app.oppositions for select to helianthus_app using (((( SELECT NULLIF(current_setting('app.tenant'::text, true), ''::text) AS "nullif") IS NULL) AND (opponent_key = ( SELECT (NULLIF(current_setting('app.actor'::text, true), ''::text))::uuid AS "nullif"))));
create policy origin_answers on app.oppositions for update to helianthus_app using ((shared AND (origin = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))) with check ((shared AND (origin = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))));
create policy origin_reads on app.oppositions for select to helianthus_app using ((shared AND (origin = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))));
create policy own_case on app.oppositions as restrictive for insert to helianthus_app with check ((EXISTS ( SELECT
   FROM app.recognition_cases c
  WHERE ((c.tenant_id = oppositions.keeper) AND (c.id = oppositions.case_id) AND (COALESCE(c.destination, c.tenant_id) = oppositions.tenant_id)))));
create policy tenant on app.oppositions for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.oppositions to helianthus_app;
grant update (version, state, shared, number, language, opponent, capacity, received_on, expires_at, updated_at) on app.oppositions to helianthus_app;

create table app.partner_houses (  -- helianthus_owner
  name text not null,
  url text not null,
  state jsonb,
  "position" bigint not null default 0,
  checked_at timestamp with time zone,
  tried_at timestamp with time zone,
  error text not null default ''::text,
  id uuid not null default gen_random_uuid(),
  version integer not null default 1,
  key text not null default ''::text,
  suspended_at timestamp with time zone,
  suspended_why text not null default ''::text,
  constraint partner_houses_pkey PRIMARY KEY (name),
  constraint partner_houses_id_key UNIQUE (id)
);
grant delete, insert, select on app.partner_houses to helianthus_app;
grant update (url, state, "position", checked_at, tried_at, error, version, key, suspended_at, suspended_why) on app.partner_houses to helianthus_app;

create table app.partner_keys (  -- helianthus_owner
  house text not null,
  key_id text not null,
  publisher text not null,
  public_key bytea not null,
  retired_at timestamp with time zone,
  seen_at timestamp with time zone not null,
  constraint partner_keys_public_key_check CHECK ((length(public_key) = 32)),
  constraint partner_keys_house_fkey FOREIGN KEY (house) REFERENCES app.partner_houses(name),
  constraint partner_keys_pkey PRIMARY KEY (house, key_id)
);
grant delete, insert, select on app.partner_keys to helianthus_app;
grant update (retired_at, seen_at) on app.partner_keys to helianthus_app;

create table app.people (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  email text not null,
  name text not null,
  locale text not null default ''::text,
  password_hash text not null default ''::text,
  roles text[] not null default '{}'::text[],
  units text[] not null default '{}'::text[],
  disabled_at timestamp with time zone,
  last_seen_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint people_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint people_pkey PRIMARY KEY (tenant_id, id),
  constraint people_email_key UNIQUE (tenant_id, email)
);
CREATE INDEX people_email_idx ON app.people USING btree (email);
alter table app.people enable row level security;
alter table app.people force row level security;
create policy gate on app.people for select to helianthus_gate using (true);
create policy tenant on app.people for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.people to helianthus_app;
grant select on app.people to helianthus_gate;

create table app.procedures (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  instrument_id uuid not null,
  version integer not null,
  instrument jsonb not null,
  content jsonb not null,
  adopted_by uuid,
  adopted_at timestamp with time zone not null default now(),
  constraint procedures_instrument_fkey FOREIGN KEY (tenant_id, instrument_id) REFERENCES app.instruments(tenant_id, id),
  constraint procedures_pkey PRIMARY KEY (tenant_id, instrument_id, version)
);
CREATE INDEX procedures_instrument_idx ON app.procedures USING btree (instrument_id, version DESC);
alter table app.procedures enable row level security;
alter table app.procedures force row level security;
create policy both_sides on app.procedures for select to helianthus_app using ((EXISTS ( SELECT
   FROM app.recognition_cases c
  WHERE ((c.tenant_id = procedures.tenant_id) AND (c.instrument_id = procedures.instrument_id) AND (c.procedure_version = procedures.version)))));
create policy keeper on app.procedures for all to helianthus_app using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.procedures to helianthus_app;

create table app.promotion_applications (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  keeper uuid not null,
  programme_id uuid not null,
  status text not null default 'draft'::text,
  content jsonb not null,
  credit_code text not null default ''::text,
  number text,
  submitted_at timestamp with time zone,
  eligible bigint not null default 0,
  support bigint not null default 0,
  asked jsonb not null default '[]'::jsonb,
  complete_until timestamp with time zone,
  asked_name text not null default ''::text,
  created_name text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint promotion_applications_numbered_check CHECK ((((submitted_at IS NULL) = (number IS NULL)) AND ((status = ANY (ARRAY['draft'::text, 'withdrawn'::text])) OR (number IS NOT NULL)))),
  constraint promotion_applications_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'withdrawn'::text]))),
  constraint promotion_applications_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint promotion_applications_pkey PRIMARY KEY (tenant_id, id),
  constraint promotion_applications_number_key UNIQUE (tenant_id, number)
);
CREATE INDEX promotion_applications_changed_idx ON app.promotion_applications USING btree (keeper, updated_at DESC, id DESC) WHERE (number IS NOT NULL);
CREATE INDEX promotion_applications_keeper_idx ON app.promotion_applications USING btree (keeper, programme_id, submitted_at DESC, id DESC) INCLUDE (tenant_id, number, status, credit_code) WHERE (number IS NOT NULL);
CREATE UNIQUE INDEX promotion_applications_once_key ON app.promotion_applications USING btree (tenant_id, keeper, programme_id, credit_code) WHERE (status <> 'withdrawn'::text);
CREATE INDEX promotion_applications_own_idx ON app.promotion_applications USING btree (tenant_id, updated_at DESC, id DESC);
alter table app.promotion_applications enable row level security;
alter table app.promotion_applications force row level security;
create policy gate on app.promotion_applications for select to helianthus_gate using (true);
create policy keeper_reads on app.promotion_applications for select to helianthus_app using (((number IS NOT NULL) AND (keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))));
create policy keeper_returns on app.promotion_applications for update to helianthus_app using (((status = 'submitted'::text) AND (keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))) with check (((status = 'returned'::text) AND (keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))));
create policy tenant on app.promotion_applications for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy to_a_call on app.promotion_applications as restrictive for insert to helianthus_app with check ((EXISTS ( SELECT
   FROM app.promotion_programmes p
  WHERE ((p.tenant_id = promotion_applications.keeper) AND (p.id = promotion_applications.programme_id) AND (p.status = 'open'::text) AND (p.mirror IS NULL)))));
grant insert, select on app.promotion_applications to helianthus_app;
grant select on app.promotion_applications to helianthus_gate;
grant update (version, status, content, credit_code, number, submitted_at, eligible, support, asked, complete_until, asked_name, updated_at) on app.promotion_applications to helianthus_app;
CREATE TRIGGER keep_sides BEFORE UPDATE ON app.promotion_applications FOR EACH ROW EXECUTE FUNCTION app.keep_sides('{asked,complete_until,asked_name}');

create table app.promotion_awards (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  programme_id uuid not null,
  applicant uuid not null,
  application_id uuid not null,
  outcome text not null,
  "position" integer,
  amount bigint not null,
  paid bigint not null default 0,
  reason text not null,
  decided_name text not null default ''::text,
  decided_at timestamp with time zone not null default now(),
  published_at timestamp with time zone,
  objection_until timestamp with time zone,
  updated_at timestamp with time zone not null default now(),
  constraint promotion_awards_amount_check CHECK (((amount >= 0) AND ((outcome <> ALL (ARRAY['awarded'::text, 'waiting'::text])) OR (amount > 0)))),
  constraint promotion_awards_outcome_check CHECK ((outcome = ANY (ARRAY['awarded'::text, 'waiting'::text, 'rejected'::text, 'withdrawn'::text]))),
  constraint promotion_awards_paid_check CHECK (((paid >= 0) AND (paid <= amount))),
  constraint promotion_awards_position_check CHECK (("position" > 0)),
  constraint promotion_awards_reason_check CHECK ((reason <> ''::text)),
  constraint promotion_awards_programme_fkey FOREIGN KEY (tenant_id, programme_id) REFERENCES app.promotion_programmes(tenant_id, id),
  constraint promotion_awards_pkey PRIMARY KEY (tenant_id, id),
  constraint promotion_awards_application_key UNIQUE (tenant_id, application_id)
);
CREATE INDEX promotion_awards_applicant_idx ON app.promotion_awards USING btree (applicant, id DESC) WHERE (published_at IS NOT NULL);
CREATE INDEX promotion_awards_programme_idx ON app.promotion_awards USING btree (tenant_id, programme_id, "position");
alter table app.promotion_awards enable row level security;
alter table app.promotion_awards force row level security;
create policy applicant_reads on app.promotion_awards for select to helianthus_app using (((published_at IS NOT NULL) AND (applicant = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))));
create policy gate on app.promotion_awards for select to helianthus_gate using (true);
create policy tenant on app.promotion_awards for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.promotion_awards to helianthus_app;
grant select on app.promotion_awards to helianthus_gate;
grant update (version, outcome, amount, paid, reason, decided_name, decided_at, published_at, objection_until, updated_at) on app.promotion_awards to helianthus_app;

create table app.promotion_budgets (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  programme_id uuid not null,
  source text not null,
  amount bigint not null,
  committed bigint not null default 0,
  paid bigint not null default 0,
  constraint promotion_budgets_amount_check CHECK ((amount > 0)),
  constraint promotion_budgets_committed_check CHECK (((committed >= 0) AND (committed <= amount))),
  constraint promotion_budgets_paid_check CHECK (((paid >= 0) AND (paid <= committed))),
  constraint promotion_budgets_source_check CHECK ((source = ANY (ARRAY['county'::text, 'league-city'::text, 'region'::text, 'state'::text]))),
  constraint promotion_budgets_programme_fkey FOREIGN KEY (tenant_id, programme_id) REFERENCES app.promotion_programmes(tenant_id, id),
  constraint promotion_budgets_pkey PRIMARY KEY (tenant_id, programme_id, source)
);
alter table app.promotion_budgets enable row level security;
alter table app.promotion_budgets force row level security;
create policy tenant on app.promotion_budgets for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.promotion_budgets to helianthus_app;
grant update (committed, paid) on app.promotion_budgets to helianthus_app;

create table app.promotion_claims (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  keeper uuid not null,
  programme_id uuid not null,
  award_id uuid not null,
  status text not null default 'submitted'::text,
  amount bigint not null,
  currency text not null,
  receipts jsonb not null,
  note text not null default ''::text,
  decision text not null default ''::text,
  decided_name text not null default ''::text,
  decided_at timestamp with time zone,
  created_name text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint promotion_claims_amount_check CHECK ((amount > 0)),
  constraint promotion_claims_decision_check CHECK (((status <> 'refused'::text) OR (decision <> ''::text))),
  constraint promotion_claims_status_check CHECK ((status = ANY (ARRAY['submitted'::text, 'part-paid'::text, 'paid'::text, 'refused'::text]))),
  constraint promotion_claims_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint promotion_claims_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX promotion_claims_award_idx ON app.promotion_claims USING btree (award_id);
CREATE INDEX promotion_claims_keeper_idx ON app.promotion_claims USING btree (keeper, id DESC);
alter table app.promotion_claims enable row level security;
alter table app.promotion_claims force row level security;
create policy gate on app.promotion_claims for select to helianthus_gate using (true);
create policy keeper_decides on app.promotion_claims for update to helianthus_app using ((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy keeper_reads on app.promotion_claims for select to helianthus_app using ((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy tenant on app.promotion_claims for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy under_an_award on app.promotion_claims as restrictive for insert to helianthus_app with check ((EXISTS ( SELECT
   FROM app.promotion_awards w
  WHERE ((w.tenant_id = promotion_claims.keeper) AND (w.id = promotion_claims.award_id) AND (w.programme_id = promotion_claims.programme_id) AND (w.outcome = 'awarded'::text)))));
grant insert, select on app.promotion_claims to helianthus_app;
grant select on app.promotion_claims to helianthus_gate;
grant update (version, status, decision, decided_name, decided_at, updated_at) on app.promotion_claims to helianthus_app;
CREATE TRIGGER keep_sides BEFORE UPDATE ON app.promotion_claims FOR EACH ROW EXECUTE FUNCTION app.keep_sides('{status,decision,decided_name,decided_at}');

create table app.promotion_commitments (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  programme_id uuid not null,
  award_id uuid not null,
  source text not null,
  amount bigint not null,
  reason text not null default ''::text,
  recorded_name text not null default ''::text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  constraint promotion_commitments_amount_check CHECK ((amount <> 0)),
  constraint promotion_commitments_award_fkey FOREIGN KEY (tenant_id, award_id) REFERENCES app.promotion_awards(tenant_id, id),
  constraint promotion_commitments_budget_fkey FOREIGN KEY (tenant_id, programme_id, source) REFERENCES app.promotion_budgets(tenant_id, programme_id, source),
  constraint promotion_commitments_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX promotion_commitments_award_idx ON app.promotion_commitments USING btree (tenant_id, award_id);
CREATE INDEX promotion_commitments_newest_idx ON app.promotion_commitments USING btree (tenant_id, id DESC);
alter table app.promotion_commitments enable row level security;
alter table app.promotion_commitments force row level security;
create policy tenant on app.promotion_commitments for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.promotion_commitments to helianthus_app;
CREATE TRIGGER commit_budget AFTER INSERT ON app.promotion_commitments FOR EACH ROW EXECUTE FUNCTION app.commit_budget();

create table app.promotion_committee (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  programme_id uuid not null,
  person_id uuid not null,
  added_at timestamp with time zone not null default now(),
  constraint promotion_committee_person_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES app.people(tenant_id, id),
  constraint promotion_committee_programme_fkey FOREIGN KEY (tenant_id, programme_id) REFERENCES app.promotion_programmes(tenant_id, id),
  constraint promotion_committee_pkey PRIMARY KEY (tenant_id, programme_id, person_id)
);
alter table app.promotion_committee enable row level security;
alter table app.promotion_committee force row level security;
create policy tenant on app.promotion_committee for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.promotion_committee to helianthus_app;

create table app.promotion_conflicts (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  application_id uuid not null,
  person_id uuid not null,
  programme_id uuid not null,
  reason text not null,
  declared_at timestamp with time zone not null default now(),
  constraint promotion_conflicts_reason_check CHECK ((reason <> ''::text)),
  constraint promotion_conflicts_member_fkey FOREIGN KEY (tenant_id, programme_id, person_id) REFERENCES app.promotion_committee(tenant_id, programme_id, person_id),
  constraint promotion_conflicts_pkey PRIMARY KEY (tenant_id, application_id, person_id)
);
alter table app.promotion_conflicts enable row level security;
alter table app.promotion_conflicts force row level security;
create policy tenant on app.promotion_conflicts for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.promotion_conflicts to helianthus_app;

create table app.promotion_events (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  object_id uuid not null,
  version integer not null,
  act text not null,
  from_status text not null default ''::text,
  to_status text not null,
  reason text not null default ''::text,
  recorded_by uuid,
  recorded_name text not null default ''::text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  constraint promotion_events_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint promotion_events_pkey PRIMARY KEY (tenant_id, id),
  constraint promotion_events_version_key UNIQUE (tenant_id, object_id, version)
);
CREATE INDEX promotion_events_object_idx ON app.promotion_events USING btree (object_id, version);
alter table app.promotion_events enable row level security;
alter table app.promotion_events force row level security;
create policy both_sides on app.promotion_events for select to helianthus_app using ((EXISTS ( SELECT
   FROM app.promotion_applications a
  WHERE (a.id = promotion_events.object_id))));
create policy tenant on app.promotion_events for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.promotion_events to helianthus_app;

create table app.promotion_objections (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  keeper uuid not null,
  programme_id uuid not null,
  award_id uuid not null,
  status text not null default 'filed'::text,
  text text not null,
  answer text not null default ''::text,
  answered_name text not null default ''::text,
  answered_at timestamp with time zone,
  filed_name text not null default ''::text,
  filed_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint promotion_objections_answer_check CHECK (((status = 'filed'::text) = (answer = ''::text))),
  constraint promotion_objections_status_check CHECK ((status = ANY (ARRAY['filed'::text, 'upheld'::text, 'dismissed'::text]))),
  constraint promotion_objections_text_check CHECK ((text <> ''::text)),
  constraint promotion_objections_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint promotion_objections_pkey PRIMARY KEY (tenant_id, id),
  constraint promotion_objections_once_key UNIQUE (tenant_id, award_id)
);
CREATE INDEX promotion_objections_keeper_idx ON app.promotion_objections USING btree (keeper, id DESC);
alter table app.promotion_objections enable row level security;
alter table app.promotion_objections force row level security;
create policy keeper_answers on app.promotion_objections for update to helianthus_app using ((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy keeper_reads on app.promotion_objections for select to helianthus_app using ((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy tenant on app.promotion_objections for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy to_a_decision on app.promotion_objections as restrictive for insert to helianthus_app with check ((EXISTS ( SELECT
   FROM app.promotion_awards w
  WHERE ((w.tenant_id = promotion_objections.keeper) AND (w.id = promotion_objections.award_id) AND (w.programme_id = promotion_objections.programme_id) AND (w.objection_until IS NOT NULL)))));
grant insert, select on app.promotion_objections to helianthus_app;
grant update (version, status, answer, answered_name, answered_at, updated_at) on app.promotion_objections to helianthus_app;
CREATE TRIGGER keep_sides BEFORE UPDATE ON app.promotion_objections FOR EACH ROW EXECUTE FUNCTION app.keep_sides('{status,answer,answered_name,answered_at}');

create table app.promotion_papers (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  object_id uuid not null,
  place integer not null,
  keeper uuid not null,
  code text not null default ''::text,
  document_id uuid not null,
  number integer not null,
  filename text not null,
  media_type text not null,
  size bigint not null,
  sha256 bytea not null,
  constraint promotion_papers_version_fkey FOREIGN KEY (tenant_id, document_id, number) REFERENCES app.document_versions(tenant_id, document_id, number),
  constraint promotion_papers_pkey PRIMARY KEY (tenant_id, object_id, place)
);
alter table app.promotion_papers enable row level security;
alter table app.promotion_papers force row level security;
create policy gate on app.promotion_papers for select to helianthus_gate using (true);
create policy keeper_reads on app.promotion_papers for select to helianthus_app using (((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND ((EXISTS ( SELECT
   FROM app.promotion_applications a
  WHERE ((a.tenant_id = promotion_papers.tenant_id) AND (a.id = promotion_papers.object_id) AND (a.keeper = promotion_papers.keeper) AND (a.number IS NOT NULL) AND (a.status <> 'withdrawn'::text)))) OR (EXISTS ( SELECT
   FROM app.promotion_claims c
  WHERE ((c.tenant_id = promotion_papers.tenant_id) AND (c.id = promotion_papers.object_id) AND (c.keeper = promotion_papers.keeper)))) OR (EXISTS ( SELECT
   FROM app.promotion_results r
  WHERE ((r.tenant_id = promotion_papers.tenant_id) AND (r.id = promotion_papers.object_id) AND (r.keeper = promotion_papers.keeper)))))));
create policy tenant on app.promotion_papers for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.promotion_papers to helianthus_app;
grant select on app.promotion_papers to helianthus_gate;

create table app.promotion_payments (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  programme_id uuid not null,
  award_id uuid not null,
  applicant uuid not null,
  claim_id uuid not null,
  source text not null,
  amount bigint not null,
  paid_on date not null,
  reference text not null default ''::text,
  reverses uuid,
  reason text not null default ''::text,
  recorded_name text not null default ''::text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  constraint promotion_payments_sign_check CHECK (((amount <> 0) AND ((amount < 0) = (reverses IS NOT NULL)))),
  constraint promotion_payments_award_fkey FOREIGN KEY (tenant_id, award_id) REFERENCES app.promotion_awards(tenant_id, id),
  constraint promotion_payments_budget_fkey FOREIGN KEY (tenant_id, programme_id, source) REFERENCES app.promotion_budgets(tenant_id, programme_id, source),
  constraint promotion_payments_reverses_fkey FOREIGN KEY (tenant_id, reverses) REFERENCES app.promotion_payments(tenant_id, id),
  constraint promotion_payments_pkey PRIMARY KEY (tenant_id, id),
  constraint promotion_payments_reverses_key UNIQUE (tenant_id, reverses)
);
CREATE INDEX promotion_payments_applicant_idx ON app.promotion_payments USING btree (applicant, id DESC);
CREATE INDEX promotion_payments_claim_idx ON app.promotion_payments USING btree (claim_id) INCLUDE (amount);
alter table app.promotion_payments enable row level security;
alter table app.promotion_payments force row level security;
create policy applicant_reads on app.promotion_payments for select to helianthus_app using ((applicant = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy tenant on app.promotion_payments for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.promotion_payments to helianthus_app;
CREATE TRIGGER pay_budget AFTER INSERT ON app.promotion_payments FOR EACH ROW EXECUTE FUNCTION app.pay_budget();

create table app.promotion_platforms (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  status text not null default 'active'::text,
  level text not null,
  names jsonb not null,
  folded text not null,
  region text not null default ''::text,
  address text not null default ''::text,
  website text not null default ''::text,
  contact text not null default ''::text,
  partner uuid,
  recorded_name text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint promotion_platforms_level_check CHECK ((level = ANY (ARRAY['national'::text, 'regional'::text, 'municipal'::text]))),
  constraint promotion_platforms_other_check CHECK ((partner <> tenant_id)),
  constraint promotion_platforms_status_check CHECK ((status = ANY (ARRAY['active'::text, 'archived'::text]))),
  constraint promotion_platforms_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint promotion_platforms_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX promotion_platforms_newest_idx ON app.promotion_platforms USING btree (tenant_id, id DESC);
CREATE UNIQUE INDEX promotion_platforms_partner_key ON app.promotion_platforms USING btree (tenant_id, partner) WHERE (status = 'active'::text);
alter table app.promotion_platforms enable row level security;
alter table app.promotion_platforms force row level security;
create policy tenant on app.promotion_platforms for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.promotion_platforms to helianthus_app;
grant update (version, status, level, names, folded, region, address, website, contact, partner, recorded_name, updated_at) on app.promotion_platforms to helianthus_app;

create table app.promotion_programmes (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  status text not null default 'draft'::text,
  content jsonb not null,
  kind text not null,
  countries text[] not null,
  folded text not null,
  opens_at timestamp with time zone not null,
  closes_at timestamp with time zone not null,
  places integer not null,
  taken integer not null default 0,
  published_at timestamp with time zone,
  sandbox uuid default app.sandbox(),
  drafted_by uuid not null,
  drafted_name text not null default ''::text,
  reviewed_by uuid,
  reviewed_name text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  topics text[] not null default '{}'::text[],
  mirror jsonb,
  original uuid,
  constraint promotion_programmes_original_check CHECK (((original IS NULL) OR (mirror IS NOT NULL))),
  constraint promotion_programmes_places_check CHECK (((places >= 1) AND (places <= 100000))),
  constraint promotion_programmes_reviewed_check CHECK (((published_at IS NULL) OR (reviewed_by IS NOT NULL))),
  constraint promotion_programmes_second_check CHECK ((reviewed_by <> drafted_by)),
  constraint promotion_programmes_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'reviewed'::text, 'open'::text, 'closed'::text, 'decided'::text, 'running'::text, 'settled'::text, 'cancelled'::text]))),
  constraint promotion_programmes_taken_check CHECK (((taken >= 0) AND (taken <= places))),
  constraint promotion_programmes_window_check CHECK ((closes_at > opens_at)),
  constraint promotion_programmes_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint promotion_programmes_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX promotion_programmes_id_idx ON app.promotion_programmes USING btree (id);
CREATE UNIQUE INDEX promotion_programmes_mirrored_key ON app.promotion_programmes USING btree (tenant_id, original) WHERE (status <> 'cancelled'::text);
CREATE INDEX promotion_programmes_published_idx ON app.promotion_programmes USING btree (updated_at DESC, id DESC) WHERE (published_at IS NOT NULL);
CREATE INDEX promotion_programmes_updated_idx ON app.promotion_programmes USING btree (tenant_id, updated_at DESC, id DESC);
alter table app.promotion_programmes enable row level security;
alter table app.promotion_programmes force row level security;
create policy gate on app.promotion_programmes for select to helianthus_gate using (true);
create policy readers on app.promotion_programmes for select to helianthus_app using ((published_at IS NOT NULL));
create policy side on app.promotion_programmes as restrictive for select to helianthus_app using (COALESCE((NOT (sandbox IS DISTINCT FROM ( SELECT m.sandbox
   FROM app.sandbox_tenants m
  WHERE (m.member = app.tenant())))), false));
create policy tenant on app.promotion_programmes for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.promotion_programmes to helianthus_app;
grant select on app.promotion_programmes to helianthus_gate;
CREATE TRIGGER keep_call BEFORE UPDATE ON app.promotion_programmes FOR EACH ROW EXECUTE FUNCTION app.keep_call();

create table app.promotion_results (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  keeper uuid not null,
  programme_id uuid not null,
  award_id uuid not null,
  happened_on date not null,
  contacts integer not null,
  inquiries integer not null,
  samples integer not null,
  contracts integer not null,
  exports jsonb not null default '[]'::jsonb,
  note text not null default ''::text,
  recorded_name text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  follow_up_on date,
  follow_up_what text not null default ''::text,
  follows uuid,
  followed_at timestamp with time zone,
  dossiers jsonb not null default '[]'::jsonb,
  cases jsonb not null default '[]'::jsonb,
  constraint promotion_results_counts_check CHECK ((LEAST(contacts, inquiries, samples, contracts) >= 0)),
  constraint promotion_results_follow_up_check CHECK (((follow_up_what = ''::text) OR (follow_up_on IS NOT NULL))),
  constraint promotion_results_follows_fkey FOREIGN KEY (tenant_id, follows) REFERENCES app.promotion_results(tenant_id, id),
  constraint promotion_results_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint promotion_results_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX promotion_results_due_idx ON app.promotion_results USING btree (tenant_id, follow_up_on) WHERE ((follow_up_on IS NOT NULL) AND (followed_at IS NULL));
CREATE UNIQUE INDEX promotion_results_follows_key ON app.promotion_results USING btree (tenant_id, follows);
CREATE INDEX promotion_results_keeper_idx ON app.promotion_results USING btree (keeper, id DESC);
alter table app.promotion_results enable row level security;
alter table app.promotion_results force row level security;
create policy gate on app.promotion_results for select to helianthus_gate using (true);
create policy keeper_links on app.promotion_results for update to helianthus_app using ((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy keeper_reads on app.promotion_results for select to helianthus_app using ((keeper = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy tenant on app.promotion_results for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy under_an_award on app.promotion_results as restrictive for insert to helianthus_app with check ((EXISTS ( SELECT
   FROM app.promotion_awards w
  WHERE ((w.tenant_id = promotion_results.keeper) AND (w.id = promotion_results.award_id) AND (w.programme_id = promotion_results.programme_id) AND (w.outcome = 'awarded'::text)))));
grant insert, select on app.promotion_results to helianthus_app;
grant select on app.promotion_results to helianthus_gate;
grant update (version, happened_on, contacts, inquiries, samples, contracts, exports, note, recorded_name, updated_at, followed_at, cases) on app.promotion_results to helianthus_app;
CREATE TRIGGER keep_sides BEFORE UPDATE ON app.promotion_results FOR EACH ROW EXECUTE FUNCTION app.keep_sides('{cases}');

create table app.promotion_scores (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  programme_id uuid not null,
  application_id uuid not null,
  person_id uuid not null,
  points jsonb,
  note text not null default ''::text,
  scored_at timestamp with time zone not null default now(),
  constraint promotion_scores_abstention_check CHECK (((points IS NOT NULL) OR (note <> ''::text))),
  constraint promotion_scores_member_fkey FOREIGN KEY (tenant_id, programme_id, person_id) REFERENCES app.promotion_committee(tenant_id, programme_id, person_id),
  constraint promotion_scores_pkey PRIMARY KEY (tenant_id, id),
  constraint promotion_scores_once_key UNIQUE (tenant_id, application_id, person_id)
);
CREATE INDEX promotion_scores_programme_idx ON app.promotion_scores USING btree (tenant_id, programme_id, application_id);
alter table app.promotion_scores enable row level security;
alter table app.promotion_scores force row level security;
create policy own_name_adds on app.promotion_scores as restrictive for insert to helianthus_app with check (((person_id = ( SELECT (NULLIF(current_setting('app.actor'::text, true), ''::text))::uuid AS "nullif")) AND (NOT (EXISTS ( SELECT
   FROM app.promotion_conflicts c
  WHERE ((c.tenant_id = promotion_scores.tenant_id) AND (c.application_id = promotion_scores.application_id) AND (c.person_id = promotion_scores.person_id)))))));
create policy own_name_changes on app.promotion_scores as restrictive for update to helianthus_app using ((person_id = ( SELECT (NULLIF(current_setting('app.actor'::text, true), ''::text))::uuid AS "nullif"))) with check (((person_id = ( SELECT (NULLIF(current_setting('app.actor'::text, true), ''::text))::uuid AS "nullif")) AND (NOT (EXISTS ( SELECT
   FROM app.promotion_conflicts c
  WHERE ((c.tenant_id = promotion_scores.tenant_id) AND (c.application_id = promotion_scores.application_id) AND (c.person_id = promotion_scores.person_id)))))));
create policy tenant on app.promotion_scores for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.promotion_scores to helianthus_app;
grant update (version, points, note, scored_at) on app.promotion_scores to helianthus_app;

create table app.public_keys (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id text not null,
  public_key bytea not null,
  created_at timestamp with time zone not null default now(),
  retired_at timestamp with time zone,
  algorithm text not null default 'EdDSA'::text,
  expires_at timestamp with time zone not null default (now() + '2 years'::interval),
  retired_why text not null default ''::text,
  constraint public_keys_algorithm_check CHECK ((algorithm = ANY (ARRAY['EdDSA'::text, 'ES256'::text]))),
  constraint public_keys_key_fkey FOREIGN KEY (tenant_id, id) REFERENCES app.signing_keys(tenant_id, id),
  constraint public_keys_pkey PRIMARY KEY (tenant_id, id)
);
alter table app.public_keys enable row level security;
alter table app.public_keys force row level security;
create policy publisher_adds on app.public_keys for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy publisher_changes on app.public_keys for update to helianthus_app using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy readers on app.public_keys for select to helianthus_app using (true);
grant insert, select on app.public_keys to helianthus_app;
grant update (retired_at, retired_why) on app.public_keys to helianthus_app;
CREATE TRIGGER keep_retired BEFORE UPDATE ON app.public_keys FOR EACH ROW EXECUTE FUNCTION app.keep_retired();

create table app.publications (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  kind text not null,
  record_id uuid not null,
  version integer not null,
  audience text not null default 'public'::text,
  reader uuid,
  content jsonb not null,
  sha256 bytea not null,
  published_at timestamp with time zone not null default now(),
  withdrawn_at timestamp with time zone,
  superseded_at timestamp with time zone,
  said jsonb generated always as (app.said(kind, content)) stored,
  about uuid generated always as (
CASE kind
    WHEN 'recognition'::text THEN COALESCE(((content #>> '{registration,recordId}'::text[]))::uuid, record_id)
    ELSE record_id
END) stored,
  market text generated always as (
CASE kind
    WHEN 'recognition'::text THEN (content ->> 'market'::text)
    ELSE NULL::text
END) stored,
  instrument_id uuid generated always as (
CASE kind
    WHEN 'recognition'::text THEN ((content #>> '{instrument,recordId}'::text[]))::uuid
    ELSE NULL::uuid
END) stored,
  parties_of uuid,
  audience_since timestamp with time zone not null default now(),
  names jsonb not null default '[]'::jsonb,
  root uuid not null,
  corrects integer,
  reason text not null default ''::text,
  withdrawal_reason text not null default ''::text,
  sandbox uuid default app.sandbox(),
  holder_code text generated always as (
CASE kind
    WHEN 'mark-authorisation'::text THEN (content ->> 'creditCode'::text)
    ELSE NULL::text
END) stored,
  constraint publications_audience_check CHECK ((audience = ANY (ARRAY['public'::text, 'parties'::text, 'tenant'::text]))),
  constraint publications_correction_check CHECK (((corrects IS NULL) = (reason = ''::text))),
  constraint publications_parties_check CHECK (((audience = 'parties'::text) = (parties_of IS NOT NULL))),
  constraint publications_reader_check CHECK (((audience = 'tenant'::text) = (reader IS NOT NULL))),
  constraint publications_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint publications_pkey PRIMARY KEY (tenant_id, id),
  constraint publications_version_key UNIQUE (tenant_id, kind, record_id, version)
);
CREATE INDEX publications_about_idx ON app.publications USING btree (about) WHERE ((superseded_at IS NULL) AND (withdrawn_at IS NULL) AND (kind = ANY (ARRAY['registration'::text, 'recognition'::text])) AND (audience = 'public'::text));
CREATE UNIQUE INDEX publications_current_key ON app.publications USING btree (tenant_id, kind, record_id) WHERE ((withdrawn_at IS NULL) AND (superseded_at IS NULL));
CREATE INDEX publications_holder_code_idx ON app.publications USING btree (holder_code) WHERE ((holder_code IS NOT NULL) AND (superseded_at IS NULL) AND (withdrawn_at IS NULL) AND (audience = 'public'::text));
CREATE INDEX publications_kind_idx ON app.publications USING btree (kind, root DESC) WHERE ((withdrawn_at IS NULL) AND (superseded_at IS NULL));
CREATE INDEX publications_own_idx ON app.publications USING btree (tenant_id, root DESC);
CREATE INDEX publications_record_idx ON app.publications USING btree (kind, record_id, version DESC);
CREATE INDEX publications_root_idx ON app.publications USING btree (root DESC) WHERE ((withdrawn_at IS NULL) AND (superseded_at IS NULL));
alter table app.publications enable row level security;
alter table app.publications force row level security;
create policy gate on app.publications for select to helianthus_gate using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND (kind = 'membership'::text) AND (withdrawn_at IS NOT NULL)));
create policy gate_blanks on app.publications for update to helianthus_gate using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND (kind = 'membership'::text) AND (withdrawn_at IS NOT NULL))) with check (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND (content = '{}'::jsonb)));
create policy publisher_adds on app.publications for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy publisher_changes on app.publications for update to helianthus_app using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy readers on app.publications for select to helianthus_app using (((audience = 'public'::text) OR (tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (reader = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR ((audience = 'parties'::text) AND (EXISTS ( SELECT
   FROM app.instrument_parties i
  WHERE ((i.tenant_id = publications.tenant_id) AND (i.instrument_id = publications.parties_of) AND (i.party = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))))) OR (EXISTS ( SELECT
   FROM app.grants g
  WHERE ((g.reader = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND (g.tenant_id = publications.tenant_id) AND (g.revoked_at IS NULL) AND (g.until_at > now()) AND ((publications.kind = ANY (g.kinds)) OR (publications.record_id = ANY (g.records))))))));
create policy side on app.publications as restrictive for all to helianthus_app using (COALESCE((NOT (sandbox IS DISTINCT FROM ( SELECT m.sandbox
   FROM app.sandbox_tenants m
  WHERE (m.member = app.tenant())))), false)) with check ((NOT (sandbox IS DISTINCT FROM ( SELECT m.sandbox
   FROM app.sandbox_tenants m
  WHERE (m.member = app.tenant())))));
grant insert, select on app.publications to helianthus_app;
grant select on app.publications to helianthus_gate;
grant update (audience, reader, withdrawn_at, superseded_at, parties_of, audience_since, withdrawal_reason) on app.publications to helianthus_app;
grant update (content) on app.publications to helianthus_gate;
CREATE TRIGGER credentials_follow_version AFTER INSERT ON app.publications FOR EACH ROW EXECUTE FUNCTION app.revoke_credentials_of();
CREATE TRIGGER credentials_follow_withdrawal AFTER UPDATE OF withdrawn_at ON app.publications FOR EACH ROW WHEN (((old.withdrawn_at IS NULL) AND (new.withdrawn_at IS NOT NULL))) EXECUTE FUNCTION app.revoke_credentials_of();

create table app.published_names (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  publication_id uuid not null,
  name_key text not null,
  name text not null,
  language text not null,
  kind text not null,
  constraint published_names_publication_fkey FOREIGN KEY (tenant_id, publication_id) REFERENCES app.publications(tenant_id, id) ON DELETE CASCADE,
  constraint published_names_pkey PRIMARY KEY (tenant_id, publication_id, name_key, name, language, kind)
);
CREATE INDEX published_names_key_idx ON app.published_names USING btree (name_key);
alter table app.published_names enable row level security;
alter table app.published_names force row level security;
create policy publisher_adds on app.published_names for insert to helianthus_app with check (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND (EXISTS ( SELECT
   FROM app.publications p
  WHERE ((p.tenant_id = published_names.tenant_id) AND (p.id = published_names.publication_id) AND (p.audience = 'public'::text))))));
create policy publisher_removes on app.published_names for delete to helianthus_app using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy readers on app.published_names for select to helianthus_app using (true);
grant delete, insert, select on app.published_names to helianthus_app;

create table app.published_packages (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  publication_id uuid not null,
  sha256 bytea not null,
  constraint published_packages_sha256_check CHECK ((length(sha256) = 32)),
  constraint published_packages_publication_fkey FOREIGN KEY (tenant_id, publication_id) REFERENCES app.publications(tenant_id, id),
  constraint published_packages_pkey PRIMARY KEY (tenant_id, publication_id)
);
CREATE INDEX published_packages_sha256_idx ON app.published_packages USING btree (sha256);
alter table app.published_packages enable row level security;
alter table app.published_packages force row level security;
create policy publisher_adds on app.published_packages for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy readers on app.published_packages for select to helianthus_app using (true);
grant insert, select on app.published_packages to helianthus_app;

create table app.receipts (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  owner uuid not null,
  reader uuid not null,
  act text not null,
  at timestamp with time zone not null default now(),
  count integer not null,
  publications uuid[] not null,
  items jsonb not null,
  statement text not null,
  key_id text,
  signature bytea,
  constraint receipts_act_check CHECK ((act = ANY (ARRAY['read'::text, 'publish'::text, 'withdraw'::text, 'share'::text, 'grant'::text, 'revoke'::text, 'act'::text, 'open'::text]))),
  constraint receipts_sides_check CHECK (((owner <> reader) AND ((tenant_id = owner) OR (tenant_id = reader)))),
  constraint receipts_signature_check CHECK (((key_id IS NULL) = (signature IS NULL))),
  constraint receipts_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint receipts_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX receipts_owner_idx ON app.receipts USING btree (owner, id DESC);
CREATE INDEX receipts_pair_idx ON app.receipts USING btree (owner, reader, id DESC);
CREATE INDEX receipts_reader_idx ON app.receipts USING btree (reader, id DESC);
CREATE INDEX receipts_unsigned_idx ON app.receipts USING btree (tenant_id, id) WHERE (signature IS NULL);
alter table app.receipts enable row level security;
alter table app.receipts force row level security;
create policy actor_adds on app.receipts for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy actor_signs on app.receipts for update to helianthus_app using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) AND (signature IS NULL))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy both_sides on app.receipts for select to helianthus_app using (((owner = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (reader = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))));
grant insert, select on app.receipts to helianthus_app;
grant update (key_id, signature) on app.receipts to helianthus_app;

create table app.received (  -- helianthus_owner
  house text not null,
  seq bigint not null,
  publication_id uuid not null,
  publisher_id uuid not null,
  publisher text not null,
  publisher_names jsonb not null,
  demo boolean not null,
  kind text not null,
  record_id uuid not null,
  version integer not null,
  content jsonb not null,
  sha256 bytea not null,
  published_at timestamp with time zone not null,
  received_at timestamp with time zone not null default now(),
  ended_seq bigint,
  ended_at timestamp with time zone,
  about uuid,
  market text not null default ''::text,
  instrument_id uuid,
  proof text not null default ''::text,
  constraint received_end_check CHECK ((((ended_seq IS NULL) = (ended_at IS NULL)) AND (ended_seq > seq))),
  constraint received_house_fkey FOREIGN KEY (house) REFERENCES app.partner_houses(name),
  constraint received_pkey PRIMARY KEY (house, seq)
);
CREATE INDEX received_about_idx ON app.received USING btree (about) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX received_current_key ON app.received USING btree (house, publisher_id, kind, record_id) WHERE (ended_at IS NULL);
CREATE INDEX received_holder_code_idx ON app.received USING btree (((content ->> 'creditCode'::text))) WHERE ((kind = 'mark-authorisation'::text) AND (ended_at IS NULL));
CREATE INDEX received_publication_idx ON app.received USING btree (publication_id);
CREATE INDEX received_received_idx ON app.received USING btree (received_at DESC, house DESC, seq DESC);
CREATE INDEX received_unproved_idx ON app.received USING btree (house, seq) WHERE ((ended_at IS NULL) AND (proof = ''::text));
grant delete, insert, select on app.received to helianthus_app;
grant update (ended_seq, ended_at, proof) on app.received to helianthus_app;

create table app.received_names (  -- helianthus_owner
  house text not null,
  seq bigint not null,
  name_key text not null,
  name text not null,
  language text not null,
  kind text not null,
  constraint received_names_received_fkey FOREIGN KEY (house, seq) REFERENCES app.received(house, seq),
  constraint received_names_pkey PRIMARY KEY (house, seq, name_key, name, language)
);
CREATE INDEX received_names_key_idx ON app.received_names USING btree (name_key);
grant delete, insert, select on app.received_names to helianthus_app;

create table app.recognition_cases (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null,
  state text not null,
  since date not null,
  origin uuid,
  destination uuid,
  shared boolean not null default false,
  origin_office text not null,
  market text not null,
  name text not null,
  language text not null,
  forms jsonb not null default '[]'::jsonb,
  form_keys text not null,
  registration_publisher uuid,
  registration_id uuid,
  instrument_id uuid not null,
  procedure_version integer not null,
  list text not null default ''::text,
  opened_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint recognition_cases_keeper_check CHECK (((tenant_id = origin) OR (tenant_id = destination))),
  constraint recognition_cases_market_check CHECK ((market ~ '^[A-Z]{2}$'::text)),
  constraint recognition_cases_origin_office_check CHECK ((origin_office ~ '^[A-Z]{2}$'::text)),
  constraint recognition_cases_registration_check CHECK (((registration_publisher IS NULL) = (registration_id IS NULL))),
  constraint recognition_cases_sides_check CHECK ((origin <> destination)),
  constraint recognition_cases_procedure_fkey FOREIGN KEY (tenant_id, instrument_id, procedure_version) REFERENCES app.procedures(tenant_id, instrument_id, version),
  constraint recognition_cases_state_fkey FOREIGN KEY (tenant_id, id, version, state) REFERENCES app.case_events(tenant_id, case_id, seq, to_state) DEFERRABLE INITIALLY DEFERRED,
  constraint recognition_cases_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint recognition_cases_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX recognition_cases_destination_idx ON app.recognition_cases USING btree (destination, id DESC);
CREATE INDEX recognition_cases_id_idx ON app.recognition_cases USING btree (id DESC);
CREATE INDEX recognition_cases_origin_idx ON app.recognition_cases USING btree (origin, id DESC);
alter table app.recognition_cases enable row level security;
alter table app.recognition_cases force row level security;
create policy both_act on app.recognition_cases for update to helianthus_app using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (shared AND ((origin = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (destination = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")))))) with check (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (shared AND ((origin = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (destination = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))))));
create policy both_sides on app.recognition_cases for select to helianthus_app using (((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (shared AND ((origin = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")) OR (destination = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))))));
create policy gate on app.recognition_cases for select to helianthus_gate using (true);
create policy keeper_opens on app.recognition_cases for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.recognition_cases to helianthus_app;
grant select on app.recognition_cases to helianthus_gate;
grant update (version, state, since, shared, updated_at) on app.recognition_cases to helianthus_app;
CREATE TRIGGER case_goes_on BEFORE UPDATE ON app.recognition_cases FOR EACH ROW EXECUTE FUNCTION app.case_goes_on();

create table app.recognitions (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null,
  version integer not null,
  known_from timestamp with time zone not null default now(),
  known_until timestamp with time zone,
  market text not null,
  origin_office text not null,
  name text not null,
  name_key text not null,
  language text not null,
  forms jsonb not null default '[]'::jsonb,
  form_keys text not null default ''::text,
  instrument_id uuid,
  list text not null default ''::text,
  "position" text not null default ''::text,
  protection text not null,
  limits jsonb not null default '{}'::jsonb,
  phase_out_until date,
  valid_from date not null,
  valid_until date,
  valid daterange not null generated always as (daterange(valid_from, valid_until, '[)'::text)) stored,
  registration_publisher uuid,
  registration_id uuid,
  sources jsonb not null,
  reason text not null default ''::text,
  recorded_by uuid,
  constraint recognitions_days_check CHECK ((valid_until > valid_from)),
  constraint recognitions_known_check CHECK ((known_until >= known_from)),
  constraint recognitions_market_check CHECK ((market ~ '^[A-Z]{2}$'::text)),
  constraint recognitions_origin_check CHECK ((origin_office ~ '^[A-Z]{2}$'::text)),
  constraint recognitions_protection_check CHECK ((protection = ANY (ARRAY['protected'::text, 'protected-limited'::text, 'refused'::text]))),
  constraint recognitions_registration_check CHECK (((registration_publisher IS NULL) = (registration_id IS NULL))),
  constraint recognitions_instrument_fkey FOREIGN KEY (tenant_id, instrument_id) REFERENCES app.instruments(tenant_id, id),
  constraint recognitions_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint recognitions_pkey PRIMARY KEY (tenant_id, id, version),
  constraint recognitions_contradiction EXCLUDE USING gist (tenant_id WITH =, market WITH =, origin_office WITH =, name_key WITH =, COALESCE(registration_id, '00000000-0000-0000-0000-000000000000'::uuid) WITH =, COALESCE(instrument_id, '00000000-0000-0000-0000-000000000000'::uuid) WITH =, valid WITH &&) WHERE ((known_until IS NULL))
);
CREATE UNIQUE INDEX recognitions_current_key ON app.recognitions USING btree (tenant_id, id) WHERE (known_until IS NULL);
CREATE INDEX recognitions_instrument_idx ON app.recognitions USING btree (tenant_id, instrument_id) WHERE (known_until IS NULL);
CREATE INDEX recognitions_registration_idx ON app.recognitions USING btree (tenant_id, registration_id) WHERE (known_until IS NULL);
alter table app.recognitions enable row level security;
alter table app.recognitions force row level security;
create policy tenant on app.recognitions for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.recognitions to helianthus_app;
grant update (known_until) on app.recognitions to helianthus_app;

create table app.registration_events (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  registration_id uuid not null,
  seq integer not null,
  act text not null,
  effective_on date not null,
  received_on date,
  national_code text not null default ''::text,
  national_text text not null default ''::text,
  reason text not null default ''::text,
  document_id uuid,
  corrects uuid,
  void boolean not null default false,
  recorded_by uuid,
  recorded_name text not null default ''::text,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  constraint registration_events_corrects_fkey FOREIGN KEY (tenant_id, corrects) REFERENCES app.registration_events(tenant_id, id),
  constraint registration_events_registration_fkey FOREIGN KEY (tenant_id, registration_id) REFERENCES app.registrations(tenant_id, id),
  constraint registration_events_pkey PRIMARY KEY (tenant_id, id),
  constraint registration_events_corrects_key UNIQUE (tenant_id, corrects),
  constraint registration_events_seq_key UNIQUE (tenant_id, registration_id, seq)
);
alter table app.registration_events enable row level security;
alter table app.registration_events force row level security;
create policy tenant on app.registration_events for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.registration_events to helianthus_app;

create table app.registration_numbers (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  basis_key text not null,
  registration_id uuid not null,
  constraint registration_numbers_registration_fkey FOREIGN KEY (tenant_id, registration_id) REFERENCES app.registrations(tenant_id, id),
  constraint registration_numbers_pkey PRIMARY KEY (tenant_id, basis_key)
);
CREATE INDEX registration_numbers_registration_idx ON app.registration_numbers USING btree (tenant_id, registration_id);
alter table app.registration_numbers enable row level security;
alter table app.registration_numbers force row level security;
create policy tenant on app.registration_numbers for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.registration_numbers to helianthus_app;

create table app.registration_versions (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  registration_id uuid not null,
  version integer not null,
  content jsonb not null,
  recorded_by uuid,
  recorded_name text not null default ''::text,
  recorded_at timestamp with time zone not null default now(),
  constraint registration_versions_registration_fkey FOREIGN KEY (tenant_id, registration_id) REFERENCES app.registrations(tenant_id, id),
  constraint registration_versions_pkey PRIMARY KEY (tenant_id, registration_id, version)
);
alter table app.registration_versions enable row level security;
alter table app.registration_versions force row level security;
create policy tenant on app.registration_versions for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.registration_versions to helianthus_app;

create table app.registrations (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  status text not null,
  office text not null,
  title text not null,
  number text not null default ''::text,
  basis_keys text[] not null default '{}'::text[],
  classes text[] not null default '{}'::text[],
  hs_codes text[] not null default '{}'::text[],
  content jsonb not null,
  folded text not null,
  grams text[] not null,
  created_by uuid,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint registrations_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint registrations_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX registrations_basis_idx ON app.registrations USING gin (tenant_id, basis_keys);
CREATE INDEX registrations_grams_idx ON app.registrations USING gin (app.tenant_grams(tenant_id, grams));
CREATE INDEX registrations_title_idx ON app.registrations USING btree (tenant_id, title, id);
CREATE INDEX registrations_updated_idx ON app.registrations USING btree (tenant_id, updated_at DESC, id DESC);
alter table app.registrations enable row level security;
alter table app.registrations force row level security;
create policy gate on app.registrations for select to helianthus_gate using (true);
create policy tenant on app.registrations for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.registrations to helianthus_app;
grant select on app.registrations to helianthus_gate;

create table app.reminder_choices (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  person_id uuid not null,
  mail boolean not null,
  constraint reminder_choices_person_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES app.people(tenant_id, id),
  constraint reminder_choices_pkey PRIMARY KEY (tenant_id, person_id)
);
alter table app.reminder_choices enable row level security;
alter table app.reminder_choices force row level security;
create policy tenant on app.reminder_choices for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.reminder_choices to helianthus_app;
grant update (mail) on app.reminder_choices to helianthus_app;

create table app.reminder_rules (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  version integer not null default 1,
  days integer[] not null,
  channels text[] not null,
  updated_at timestamp with time zone not null default now(),
  constraint reminder_rules_channels_check CHECK ((channels <@ '{in-app,e-mail,webhook}'::text[])),
  constraint reminder_rules_days_check CHECK (((cardinality(days) <= 10) AND (0 <= ALL (days)) AND (365 >= ALL (days)))),
  constraint reminder_rules_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint reminder_rules_pkey PRIMARY KEY (tenant_id)
);
alter table app.reminder_rules enable row level security;
alter table app.reminder_rules force row level security;
create policy tenant on app.reminder_rules for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.reminder_rules to helianthus_app;
grant update (version, days, channels, updated_at) on app.reminder_rules to helianthus_app;

create table app.reminders (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  case_id uuid not null,
  code text not null,
  start_seq integer not null,
  ends_on date not null,
  days integer not null,
  told_on date not null,
  channel text not null,
  person_id uuid,
  status text not null default 'queued'::text,
  tries integer not null default 0,
  answer text not null default ''::text,
  tried_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint reminders_channel_check CHECK (((channel = ANY (ARRAY['e-mail'::text, 'webhook'::text])) AND ((channel = 'e-mail'::text) = (person_id IS NOT NULL)))),
  constraint reminders_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'refused'::text, 'failed'::text]))),
  constraint reminders_person_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES app.people(tenant_id, id),
  constraint reminders_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint reminders_pkey PRIMARY KEY (tenant_id, id),
  constraint reminders_day_key UNIQUE NULLS NOT DISTINCT (tenant_id, case_id, code, start_seq, channel, person_id, told_on),
  constraint reminders_step_key UNIQUE NULLS NOT DISTINCT (tenant_id, case_id, code, start_seq, channel, person_id, ends_on, days)
);
CREATE INDEX reminders_open_idx ON app.reminders USING btree (tenant_id, person_id) WHERE (status = ANY (ARRAY['queued'::text, 'sending'::text]));
alter table app.reminders enable row level security;
alter table app.reminders force row level security;
create policy tenant on app.reminders for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.reminders to helianthus_app;
grant update (status, tries, answer, tried_at) on app.reminders to helianthus_app;

create table app.retired_calls (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  operation text not null,
  actor_id uuid not null,
  actor_kind text not null,
  first_at timestamp with time zone not null default now(),
  last_at timestamp with time zone not null default now(),
  constraint retired_calls_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint retired_calls_pkey PRIMARY KEY (tenant_id, operation, actor_id)
);
alter table app.retired_calls enable row level security;
alter table app.retired_calls force row level security;
create policy tenant on app.retired_calls for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.retired_calls to helianthus_app;

create table app.roles (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  slug text not null,
  title text not null,
  permissions text[] not null,
  created_at timestamp with time zone not null default now(),
  constraint roles_slug_check CHECK ((slug ~ '^[a-z][a-z0-9-]{1,40}$'::text)),
  constraint roles_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint roles_pkey PRIMARY KEY (tenant_id, id),
  constraint roles_slug_key UNIQUE (tenant_id, slug)
);
alter table app.roles enable row level security;
alter table app.roles force row level security;
create policy tenant on app.roles for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select, update on app.roles to helianthus_app;

create table app.sandbox_tenants (  -- helianthus_owner
  member uuid not null,
  sandbox uuid not null,
  until_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint sandbox_tenants_pkey PRIMARY KEY (member)
);
CREATE INDEX sandbox_tenants_sandbox_idx ON app.sandbox_tenants USING btree (sandbox);
grant select on app.sandbox_tenants to helianthus_app;
grant insert, select on app.sandbox_tenants to helianthus_gate;

create table app.sessions (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  person_id uuid not null,
  token_hash bytea not null,
  unit text not null default ''::text,
  user_agent text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  last_seen_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  constraint sessions_person_fkey FOREIGN KEY (tenant_id, person_id) REFERENCES app.people(tenant_id, id),
  constraint sessions_pkey PRIMARY KEY (tenant_id, id),
  constraint sessions_token_key UNIQUE (tenant_id, token_hash)
);
CREATE INDEX sessions_person_idx ON app.sessions USING btree (tenant_id, person_id);
CREATE INDEX sessions_token_idx ON app.sessions USING btree (token_hash);
alter table app.sessions enable row level security;
alter table app.sessions force row level security;
create policy gate on app.sessions for select to helianthus_gate using (true);
create policy tenant on app.sessions for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select, update on app.sessions to helianthus_app;
grant select on app.sessions to helianthus_gate;

create table app.sign_in_failures (  -- helianthus_owner
  name_hash bytea not null,
  failures integer not null,
  last_at timestamp with time zone not null,
  constraint sign_in_failures_pkey PRIMARY KEY (name_hash)
);
CREATE INDEX sign_in_failures_last_idx ON app.sign_in_failures USING btree (last_at);
grant delete, insert, select, update on app.sign_in_failures to helianthus_gate;

create table app.signature_nonces (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  client_id uuid not null,
  nonce bytea not null,
  until_at timestamp with time zone not null,
  constraint signature_nonces_nonce_check CHECK ((length(nonce) = 32)),
  constraint signature_nonces_client_fkey FOREIGN KEY (tenant_id, client_id) REFERENCES app.api_clients(tenant_id, id),
  constraint signature_nonces_pkey PRIMARY KEY (tenant_id, client_id, nonce)
);
CREATE INDEX signature_nonces_until_idx ON app.signature_nonces USING btree (tenant_id, until_at);
alter table app.signature_nonces enable row level security;
alter table app.signature_nonces force row level security;
create policy tenant on app.signature_nonces for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.signature_nonces to helianthus_app;

create table app.signing_keys (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id text not null,
  public_key bytea not null,
  sealed bytea,
  created_at timestamp with time zone not null default now(),
  retired_at timestamp with time zone,
  algorithm text not null default 'EdDSA'::text,
  expires_at timestamp with time zone not null default (now() + '2 years'::interval),
  retired_why text not null default ''::text,
  held_as text,
  constraint signing_keys_algorithm_check CHECK ((algorithm = ANY (ARRAY['EdDSA'::text, 'ES256'::text]))),
  constraint signing_keys_held_check CHECK ((((sealed IS NULL) = (held_as IS NOT NULL)) AND (length(held_as) <= 300))),
  constraint signing_keys_id_check CHECK ((id ~ '^[0-9a-f]{16}$'::text)),
  constraint signing_keys_public_check CHECK ((length(public_key) =
CASE algorithm
    WHEN 'EdDSA'::text THEN 32
    ELSE 65
END)),
  constraint signing_keys_retired_why_check CHECK (((retired_why = ANY (ARRAY[''::text, 'routine'::text, 'compromised'::text, 'expired'::text])) AND ((retired_at IS NULL) = (retired_why = ''::text)))),
  constraint signing_keys_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint signing_keys_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX signing_keys_current_key ON app.signing_keys USING btree (tenant_id, algorithm) WHERE (retired_at IS NULL);
alter table app.signing_keys enable row level security;
alter table app.signing_keys force row level security;
create policy tenant on app.signing_keys for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.signing_keys to helianthus_app;
grant update (sealed, retired_at, retired_why) on app.signing_keys to helianthus_app;
CREATE TRIGGER keep_retired BEFORE UPDATE ON app.signing_keys FOR EACH ROW EXECUTE FUNCTION app.keep_retired();

create table app.tasks (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  kind text not null,
  object_id uuid,
  status text not null default 'queued'::text,
  done bigint not null default 0,
  total bigint not null default 0,
  step text not null default ''::text,
  problem jsonb,
  cancel_asked_at timestamp with time zone,
  created_by uuid,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  job_id bigint,
  attempt integer not null default 0,
  actor_kind text not null default 'system'::text,
  actor_name text not null default ''::text,
  unit text not null default ''::text,
  constraint tasks_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text]))),
  constraint tasks_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint tasks_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX tasks_created_idx ON app.tasks USING btree (tenant_id, created_at DESC, id DESC);
CREATE INDEX tasks_object_idx ON app.tasks USING btree (tenant_id, object_id);
alter table app.tasks enable row level security;
alter table app.tasks force row level security;
create policy tenant on app.tasks for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.tasks to helianthus_app;
CREATE TRIGGER tell_task AFTER INSERT OR UPDATE ON app.tasks FOR EACH ROW EXECUTE FUNCTION app.tell_task();

create table app.tenants (  -- helianthus_owner
  id uuid not null default uuidv7(),
  slug text not null,
  kind text not null,
  names jsonb not null,
  office text not null default ''::text,
  time_zone text not null default 'UTC'::text,
  demo boolean not null default false,
  public_key bytea,
  suspended_at timestamp with time zone,
  settings jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  constraint tenants_kind_check CHECK ((kind = ANY (ARRAY['operator'::text, 'county'::text, 'association'::text, 'jurisdiction'::text, 'trader'::text, 'laboratory'::text]))),
  constraint tenants_slug_check CHECK ((slug ~ '^[a-z][a-z0-9-]{1,40}$'::text)),
  constraint tenants_pkey PRIMARY KEY (id),
  constraint tenants_slug_key UNIQUE (slug)
);
alter table app.tenants enable row level security;
alter table app.tenants force row level security;
create policy directory on app.tenants for select to helianthus_app using (COALESCE((NOT (( SELECT m.sandbox
   FROM app.sandbox_tenants m
  WHERE (m.member = tenants.id)) IS DISTINCT FROM ( SELECT m.sandbox
   FROM app.sandbox_tenants m
  WHERE (m.member = app.tenant())))), false));
create policy gate on app.tenants for all to helianthus_gate using (true) with check (true);
create policy owner on app.tenants for all to helianthus_owner using (true) with check (true);
grant select on app.tenants to helianthus_app;
grant insert, select on app.tenants to helianthus_gate;
grant update (suspended_at) on app.tenants to helianthus_gate;

create table app.translations (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  dossier_id uuid not null,
  segment text not null,
  language text not null,
  text text not null,
  state text not null,
  source_sha256 bytea not null,
  means text not null,
  translated_by text not null default ''::text,
  reviewed_by text not null default ''::text,
  certified_by text not null default ''::text,
  updated_at timestamp with time zone not null default now(),
  constraint translations_state_check CHECK ((state = ANY (ARRAY['machine'::text, 'drafted'::text, 'reviewed'::text, 'certified'::text]))),
  constraint translations_dossier_fkey FOREIGN KEY (tenant_id, dossier_id) REFERENCES app.dossiers(tenant_id, id),
  constraint translations_pkey PRIMARY KEY (tenant_id, dossier_id, segment, language)
);
alter table app.translations enable row level security;
alter table app.translations force row level security;
create policy tenant on app.translations for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select, update on app.translations to helianthus_app;

create table app.units (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  slug text not null,
  names jsonb not null,
  "position" integer not null default 0,
  constraint units_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint units_pkey PRIMARY KEY (tenant_id, id),
  constraint units_slug_key UNIQUE (tenant_id, slug)
);
alter table app.units enable row level security;
alter table app.units force row level security;
create policy tenant on app.units for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select, update on app.units to helianthus_app;

create table app.wave_cases (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  wave_id uuid not null,
  case_id uuid not null,
  "position" integer not null,
  exception text not null default ''::text,
  constraint wave_cases_wave_fkey FOREIGN KEY (tenant_id, wave_id) REFERENCES app.waves(tenant_id, id),
  constraint wave_cases_pkey PRIMARY KEY (tenant_id, wave_id, case_id)
);
alter table app.wave_cases enable row level security;
alter table app.wave_cases force row level security;
create policy tenant on app.wave_cases for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.wave_cases to helianthus_app;
grant update (exception) on app.wave_cases to helianthus_app;

create table app.waves (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  title text not null,
  opened_at timestamp with time zone not null default now(),
  constraint waves_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint waves_pkey PRIMARY KEY (tenant_id, id)
);
alter table app.waves enable row level security;
alter table app.waves force row level security;
create policy tenant on app.waves for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.waves to helianthus_app;
grant update (version) on app.waves to helianthus_app;

create table app.webhook_deliveries (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  webhook_id uuid not null,
  message_id text not null,
  type text not null,
  seq bigint,
  status text not null default 'queued'::text,
  tries integer not null default 0,
  next_at timestamp with time zone not null default now(),
  created_at timestamp with time zone not null default now(),
  delivered_at timestamp with time zone,
  about text not null default ''::text,
  constraint webhook_deliveries_about_check CHECK (((length(about) <= 100) AND ((about = ''::text) OR (seq IS NULL)))),
  constraint webhook_deliveries_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'delivered'::text, 'given-up'::text, 'concealed'::text]))),
  constraint webhook_deliveries_webhook_fkey FOREIGN KEY (tenant_id, webhook_id) REFERENCES app.webhooks(tenant_id, id) ON DELETE CASCADE,
  constraint webhook_deliveries_pkey PRIMARY KEY (tenant_id, id),
  constraint webhook_deliveries_message_key UNIQUE (tenant_id, webhook_id, message_id)
);
CREATE INDEX webhook_deliveries_due_idx ON app.webhook_deliveries USING btree (tenant_id, webhook_id, next_at) WHERE (status = 'queued'::text);
CREATE INDEX webhook_deliveries_queue_idx ON app.webhook_deliveries USING btree (next_at) WHERE (status = 'queued'::text);
alter table app.webhook_deliveries enable row level security;
alter table app.webhook_deliveries force row level security;
create policy gate on app.webhook_deliveries for select to helianthus_gate using (true);
create policy tenant on app.webhook_deliveries for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select, update on app.webhook_deliveries to helianthus_app;
grant select on app.webhook_deliveries to helianthus_gate;

create table app.webhook_secrets (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  webhook_id uuid not null,
  sealed bytea not null,
  created_at timestamp with time zone not null default now(),
  until_at timestamp with time zone,
  constraint webhook_secrets_webhook_fkey FOREIGN KEY (tenant_id, webhook_id) REFERENCES app.webhooks(tenant_id, id) ON DELETE CASCADE,
  constraint webhook_secrets_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX webhook_secrets_webhook_idx ON app.webhook_secrets USING btree (tenant_id, webhook_id);
alter table app.webhook_secrets enable row level security;
alter table app.webhook_secrets force row level security;
create policy tenant on app.webhook_secrets for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select on app.webhook_secrets to helianthus_app;
grant update (sealed, until_at) on app.webhook_secrets to helianthus_app;

create table app.webhook_tries (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  delivery_id uuid not null,
  id uuid not null default uuidv7(),
  at timestamp with time zone not null,
  took_ms integer not null,
  response integer,
  error text not null default ''::text,
  constraint webhook_tries_delivery_fkey FOREIGN KEY (tenant_id, delivery_id) REFERENCES app.webhook_deliveries(tenant_id, id) ON DELETE CASCADE,
  constraint webhook_tries_pkey PRIMARY KEY (tenant_id, delivery_id, id)
);
alter table app.webhook_tries enable row level security;
alter table app.webhook_tries force row level security;
create policy tenant on app.webhook_tries for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant insert, select on app.webhook_tries to helianthus_app;

create table app.webhooks (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  id uuid not null default uuidv7(),
  version integer not null default 1,
  url text not null,
  description text not null default ''::text,
  kinds text[] not null default '{}'::text[],
  status text not null default 'active'::text,
  disabled_at timestamp with time zone,
  disabled_why text not null default ''::text,
  "position" bigint not null default 0,
  failing_since timestamp with time zone,
  created_by uuid,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint webhooks_disabled_check CHECK (((status = 'disabled'::text) = (disabled_at IS NOT NULL))),
  constraint webhooks_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text]))),
  constraint webhooks_url_check CHECK (starts_with(url, 'https://'::text)),
  constraint webhooks_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint webhooks_pkey PRIMARY KEY (tenant_id, id)
);
alter table app.webhooks enable row level security;
alter table app.webhooks force row level security;
create policy gate on app.webhooks for select to helianthus_gate using (true);
create policy tenant on app.webhooks for all to helianthus_app, helianthus_owner using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
grant delete, insert, select, update on app.webhooks to helianthus_app;
grant select on app.webhooks to helianthus_gate;

create table app.withdrawn_package_lists (  -- helianthus_owner
  tenant_id uuid not null default (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid,
  statement text not null,
  packages integer not null,
  key_id text not null,
  signature bytea not null,
  signed_at timestamp with time zone not null,
  constraint withdrawn_package_lists_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES app.tenants(id),
  constraint withdrawn_package_lists_pkey PRIMARY KEY (tenant_id)
);
alter table app.withdrawn_package_lists enable row level security;
alter table app.withdrawn_package_lists force row level security;
create policy publisher_adds on app.withdrawn_package_lists for insert to helianthus_app with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy publisher_changes on app.withdrawn_package_lists for update to helianthus_app using ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif"))) with check ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS "nullif")));
create policy readers on app.withdrawn_package_lists for select to helianthus_app using (true);
grant insert, select on app.withdrawn_package_lists to helianthus_app;
grant update (statement, packages, key_id, signature, signed_at) on app.withdrawn_package_lists to helianthus_app;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.blank_membership(member uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
declare
  n integer;
begin
  update app.publications set content = '{}'
    where tenant_id = nullif(current_setting('app.tenant', true), '')::uuid and kind = 'membership' and record_id = member and withdrawn_at is not null and content <> '{}';
  get diagnostics n = row_count;
  return n;
end $function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.busy_webhooks(head bigint)
 RETURNS TABLE(id uuid, slug text, kind text, demo boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select t.id, t.slug, t.kind, t.demo from app.tenants t
  where t.suspended_at is null and exists (
    select from app.webhooks w where w.tenant_id = t.id and w.status = 'active' and (w.position < head or exists (
      select from app.webhook_deliveries d where d.tenant_id = w.tenant_id and d.webhook_id = w.id and d.status = 'queued' and d.next_at <= now())))
$function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.case_goes_on()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'app', 'pg_temp'
AS $function$
begin
  if new.version <> old.version + 1 or old.shared and not new.shared then
    raise exception 'case % does not go on from event % to %', old.id, old.version, new.version using errcode = 'check_violation', constraint = 'recognition_cases_version_check';
  end if;
  return new;
end $function$;

-- helianthus_owner; called by helianthus_owner
CREATE OR REPLACE FUNCTION app.commit_budget()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'app', 'pg_temp'
AS $function$
begin
  update app.promotion_budgets b set committed = b.committed + new.amount where b.tenant_id = new.tenant_id and b.programme_id = new.programme_id and b.source = new.source;
  return null;
end $function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.credential_turned()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update app.credential_status_lists l set changed_at = clock_timestamp() from app.credentials c
  where c.tenant_id = new.tenant_id and c.id = new.credential_id and l.tenant_id = c.tenant_id and l.number = c.list_number;
  return null;
end $function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_attempt(name bytea)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
declare
  f app.sign_in_failures;
  rest integer;
begin
  insert into app.sign_in_failures (name_hash, failures, last_at) values (name, 0, now()) on conflict (name_hash) do nothing;
  select * into f from app.sign_in_failures g where g.name_hash = name for update;
  rest := case when f.failures < 5 then 0
    else ceil(extract(epoch from f.last_at - clock_timestamp()) + least(900, 2 ^ least(f.failures - 5, 20))) end;
  if rest > 0 then
    return rest;
  end if;
  update app.sign_in_failures g set failures = f.failures + 1, last_at = clock_timestamp() where g.name_hash = name;
  delete from app.sign_in_failures where name_hash in (
    select g.name_hash from app.sign_in_failures g where g.last_at < now() - interval '1 day' order by g.last_at limit 20 for update skip locked);
  return 0;
end
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_calendar(token bytea)
 RETURNS TABLE(tenant_id uuid, slug text, kind text, demo boolean, person_id uuid, name text, locale text, roles text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select t.id, t.slug, t.kind, t.demo, p.id, p.name, p.locale, p.roles
  from app.calendar_feeds f
  join app.people p on p.tenant_id = f.tenant_id and p.id = f.person_id
  join app.tenants t on t.id = f.tenant_id
  where f.token_hash = token and f.revoked_at is null and p.disabled_at is null and t.suspended_at is null
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_case_document(document uuid)
 RETURNS TABLE(object_key text, filename text, media_type text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select v.object_key, v.filename, v.media_type
  from app.case_documents d
  join app.recognition_cases c on c.tenant_id = d.tenant_id and c.id = d.case_id
  join app.document_versions v on v.tenant_id = d.owner and v.document_id = d.document_id and v.number = d.number
  where d.id = document and v.status = 'ready'
    and (d.owner = nullif(current_setting('app.tenant', true), '')::uuid
      or c.shared and nullif(current_setting('app.tenant', true), '')::uuid in (c.tenant_id, c.origin, c.destination))
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_client(client uuid)
 RETURNS TABLE(tenant_id uuid, slug text, kind text, demo boolean, name text, secret_hash bytea, scopes text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select t.id, t.slug, t.kind, t.demo, c.name, c.secret_hash, c.scopes
  from app.api_clients c join app.tenants t on t.id = c.tenant_id
  where c.id = client and c.revoked_at is null and c.expires_at > now() and t.suspended_at is null
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_machine(client uuid)
 RETURNS TABLE(tenant_id uuid, slug text, kind text, demo boolean, name text, secret_hash bytea, scopes text[], required text[], keys jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select t.id, t.slug, t.kind, t.demo, c.name, c.secret_hash, c.scopes, c.required, coalesce((
    select jsonb_agg(jsonb_build_object('id', k.id, 'kind', k.kind, 'der', encode(k.der, 'base64'), 'expiresAt', k.expires_at))
    from app.api_client_keys k
    where k.tenant_id = c.tenant_id and k.client_id = c.id and k.revoked_at is null and coalesce(k.expires_at > now(), true)), '[]')
  from app.api_clients c join app.tenants t on t.id = c.tenant_id
  where c.id = client and c.revoked_at is null and c.expires_at > now() and t.suspended_at is null
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_mark_batches(wanted integer)
 RETURNS TABLE(tenant_id uuid, slug text, kind text, demo boolean, batch_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select t.id, t.slug, t.kind, t.demo, b.id from app.mark_batches b join app.tenants t on t.id = b.tenant_id
  where b.code = wanted and t.suspended_at is null order by b.id limit 8
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_mark_document(application uuid, document uuid)
 RETURNS TABLE(object_key text, filename text, media_type text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select v.object_key, v.filename, v.media_type
  from app.mark_application_papers d
  join app.document_versions v on v.tenant_id = d.tenant_id and v.document_id = d.document_id and v.number = d.number
  where d.application_id = application and d.document_id = document and v.status = 'ready'
    and (d.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid
      or d.keeper = nullif(current_setting('app.tenant', true), '')::uuid
        and exists (select from app.mark_applications a where a.tenant_id = d.tenant_id and a.id = d.application_id and a.keeper = d.keeper and a.number is not null and a.status <> 'withdrawn'))
  limit 1
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_people(sign_in_name text)
 RETURNS TABLE(tenant_id uuid, slug text, kind text, demo boolean, person_id uuid, name text, password_hash text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select t.id, t.slug, t.kind, t.demo, p.id, p.name, p.password_hash
  from app.people p join app.tenants t on t.id = p.tenant_id
  where p.email = sign_in_name and p.disabled_at is null and t.suspended_at is null and p.password_hash <> ''
  order by t.slug limit 20
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_promotion_document(object uuid, document uuid)
 RETURNS TABLE(object_key text, filename text, media_type text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select v.object_key, v.filename, v.media_type
  from app.promotion_papers d
  join app.document_versions v on v.tenant_id = d.tenant_id and v.document_id = d.document_id and v.number = d.number
  where d.object_id = object and d.document_id = document and v.status = 'ready'
    and (d.tenant_id = nullif(current_setting('app.tenant', true), '')::uuid
      or d.keeper = nullif(current_setting('app.tenant', true), '')::uuid
        and (exists (select from app.promotion_applications a where a.tenant_id = d.tenant_id and a.id = d.object_id and a.keeper = d.keeper and a.number is not null and a.status <> 'withdrawn')
          or exists (select from app.promotion_claims c where c.tenant_id = d.tenant_id and c.id = d.object_id and c.keeper = d.keeper)
          or exists (select from app.promotion_results r where r.tenant_id = d.tenant_id and r.id = d.object_id and r.keeper = d.keeper)))
  limit 1
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_promotion_results(programme uuid)
 RETURNS TABLE(number text, name text, amount bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select a.number, a.content ->> 'name', w.amount
  from app.promotion_programmes p
  join app.promotion_awards w on w.tenant_id = p.tenant_id and w.programme_id = p.id
  join app.promotion_applications a on a.tenant_id = w.applicant and a.id = w.application_id
  where p.id = programme and p.published_at is not null and p.status in ('decided', 'running', 'settled')
    and p.sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = nullif(current_setting('app.tenant', true), '')::uuid)
    and w.published_at is not null and w.outcome = 'awarded' and a.status <> 'withdrawn'
  order by w.position nulls last, a.number limit 1000
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_sandbox(name text, county_names jsonb, office_names jsonb, office_code text, most integer, until timestamp with time zone)
 RETURNS TABLE(county uuid, office uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
declare
  made uuid := uuidv7();
  spare uuid;
begin
  perform pg_advisory_xact_lock(5200);
  update app.tenants t set suspended_at = now() from app.sandbox_tenants m
    where m.member = t.id and m.until_at <= now() and t.suspended_at is null;
  if (select count(distinct m.sandbox) from app.sandbox_tenants m join app.tenants t on t.id = m.member where t.suspended_at is null) >= most then
    select m.sandbox into spare from app.sandbox_tenants m join app.tenants t on t.id = m.member left join app.api_clients c on c.tenant_id = m.member
      where t.suspended_at is null group by m.sandbox
      having max(coalesce(c.last_used_at, m.created_at)) < now() - interval '1 day'
      order by max(coalesce(c.last_used_at, m.created_at)) limit 1;
    if spare is null then
      return;
    end if;
    update app.tenants t set suspended_at = now() from app.sandbox_tenants m where m.member = t.id and m.sandbox = spare;
  end if;
  insert into app.tenants (slug, kind, names, office, demo) values ('test-county-' || name, 'county', county_names, 'XT', true) returning id into county;
  insert into app.tenants (slug, kind, names, office, demo) values ('test-office-' || name, 'jurisdiction', office_names, office_code, true) returning id into office;
  insert into app.sandbox_tenants (member, sandbox, until_at) values (county, made, until), (office, made, until);
  return next;
end $function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_session(token bytea)
 RETURNS TABLE(tenant_id uuid, slug text, kind text, demo boolean, session_id uuid, person_id uuid, name text, email text, locale text, roles text[], units text[], unit text, expires_at timestamp with time zone, last_seen_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select t.id, t.slug, t.kind, t.demo, s.id, p.id, p.name, p.email, p.locale, p.roles, p.units,
    case when s.unit = any (p.units) then s.unit else coalesce(p.units[1], '') end, s.expires_at, s.last_seen_at
  from app.sessions s
  join app.people p on p.tenant_id = s.tenant_id and p.id = s.person_id
  join app.tenants t on t.id = s.tenant_id
  where s.token_hash = token and s.expires_at > now() and s.last_seen_at > now() - interval '30 minutes'
    and p.disabled_at is null and t.suspended_at is null
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_succeeded(name bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  delete from app.sign_in_failures where name_hash = name
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.gate_tenants()
 RETURNS TABLE(id uuid, slug text, kind text, demo boolean, suspended boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select t.id, t.slug, t.kind, t.demo, t.suspended_at is not null from app.tenants t order by t.id
$function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE PROCEDURE app.isolate(IN t regclass)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant on %s to helianthus_app, helianthus_owner
    using (tenant_id = (select nullif(current_setting(''app.tenant'', true), '''')::uuid))
    with check (tenant_id = (select nullif(current_setting(''app.tenant'', true), '''')::uuid))', t);
end $procedure$;

-- helianthus_owner; called by helianthus_owner
CREATE OR REPLACE FUNCTION app.keep_call()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'app', 'pg_temp'
AS $function$
begin
  if old.published_at is not null and (new.content, new.kind, new.countries, new.opens_at, new.closes_at, new.places, new.published_at, new.reviewed_by, new.topics)
      is distinct from (old.content, old.kind, old.countries, old.opens_at, old.closes_at, old.places, old.published_at, old.reviewed_by, old.topics) then
    raise exception 'programme % is published', old.id using errcode = 'check_violation', constraint = 'promotion_programmes_frozen_check';
  end if;
  if (new.mirror, new.original) is distinct from (old.mirror, old.original) then
    raise exception 'whose call % is does not change', old.id using errcode = 'check_violation', constraint = 'promotion_programmes_frozen_check';
  end if;
  return new;
end $function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.keep_hashes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if length(new.data) < length(old.data) or substring(new.data for length(old.data)) <> old.data then
    raise exception 'a tile of the log keeps the hashes that it has';
  end if;
  return new;
end $function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.keep_required()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not new.required @> old.required then
    raise exception 'what is required of a machine only grows' using errcode = 'check_violation', constraint = 'api_clients_required_grows';
  end if;
  return new;
end $function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.keep_retired()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.retired_at is not null and (new.retired_at is distinct from old.retired_at or new.retired_why <> old.retired_why) then
    raise exception 'a key that is retired stays retired';
  end if;
  return new;
end $function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.keep_revoked()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status = 'revoked' and new.status <> 'revoked' then
    raise exception 'a revoked credential stays revoked' using errcode = 'check_violation', constraint = 'credential_statuses_revoked_check';
  end if;
  return new;
end $function$;

-- helianthus_owner; called by helianthus_owner
CREATE OR REPLACE FUNCTION app.keep_sides()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'app', 'pg_temp'
AS $function$
declare
  mine text[] := tg_argv[0]::text[];
  shared text[] := array['version', 'status', 'updated_at'];
begin
  if old.tenant_id = old.keeper then
    return new; -- it is its own applicant
  end if;
  if app.tenant() = old.tenant_id then
    if exists (select from unnest(mine) c where to_jsonb(new) -> c is distinct from to_jsonb(old) -> c) then
      raise exception 'what the keeper said is the keeper''s' using errcode = 'insufficient_privilege';
    end if;
  elsif to_jsonb(new) - mine - shared is distinct from to_jsonb(old) - mine - shared then
    raise exception 'what the applicant said is the applicant''s' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.meeting_goes_on()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'app', 'pg_temp'
AS $function$
begin
  if old.called_on is not null and (new.kind, new.title, new.place, new.link, new.begins_at, new.time_zone, new.agenda, new.called_on, new.called_at, new.notice_days, new.quorum_numerator, new.quorum_denominator, new.quorum_more,
      new.quorum_base, new.proxies, new.overdue_votes, new.source) is distinct from (old.kind, old.title, old.place, old.link, old.begins_at, old.time_zone, old.agenda, old.called_on, old.called_at, old.notice_days,
      old.quorum_numerator, old.quorum_denominator, old.quorum_more, old.quorum_base, old.proxies, old.overdue_votes, old.source) or old.status in ('closed', 'cancelled') then
    raise exception 'what was called stays as it was called' using errcode = 'check_violation', constraint = 'meetings_fixed_check';
  end if;
  if new.status = 'open' and old.status <> 'open' then
    new.present = app.meeting_present(new.id);
    select count(*) filter (where new.quorum_base = 'roll' or r.no_vote = '') into new.counted from app.meeting_roll r where r.meeting_id = new.id;
  elsif (new.present, new.counted) is distinct from (old.present, old.counted) then
    raise exception 'what was counted stays' using errcode = 'check_violation', constraint = 'meetings_fixed_check';
  end if;
  return new;
end $function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.meeting_minutes_hold()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'app', 'pg_temp'
AS $function$
begin
  if tg_op = 'INSERT' then
    if not exists (select from app.meetings where id = new.meeting_id and status = 'closed')
        or exists (select from app.meeting_minutes where meeting_id = new.meeting_id and second_at is null)
        or new.seq <> (select count(*) + 1 from app.meeting_minutes where meeting_id = new.meeting_id) then
      raise exception 'the meeting goes on, or its minutes are not signed' using errcode = 'check_violation', constraint = 'meeting_minutes_next_check';
    end if;
    return new;
  end if;
  if old.chair_at is not null and (new.body, new.chair, new.sha256, new.chair_by, new.chair_name, new.chair_at) is distinct from (old.body, old.chair, old.sha256, old.chair_by, old.chair_name, old.chair_at)
      or old.second_at is not null then
    raise exception 'what was signed stays' using errcode = 'check_violation', constraint = 'meeting_minutes_fixed_check';
  end if;
  return new;
end $function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.meeting_motion_decides()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'app', 'pg_temp'
AS $function$
declare
  g app.meetings;
  called integer;
begin
  select * into g from app.meetings where id = new.meeting_id for share;
  if tg_op = 'INSERT' then
    if g.status in ('closed', 'cancelled') or new.decided_at is not null then
      raise exception 'the meeting is over' using errcode = 'check_violation', constraint = 'meetings_fixed_check';
    end if;
    return new;
  end if;
  if old.decided_at is not null then
    raise exception 'what was decided stays' using errcode = 'check_violation', constraint = 'meeting_motions_decided_check';
  end if;
  if new.decided_at is null then
    return new;
  end if;
  select count(*) filter (where r.no_vote = ''), count(*) filter (where g.quorum_base = 'roll' or r.no_vote = '') into new.voters, called from app.meeting_roll r where r.meeting_id = new.meeting_id;
  new.present = app.meeting_present(new.meeting_id);
  if g.status <> 'open' or not coalesce(new.present > 0 and case when g.quorum_more then new.present::bigint * g.quorum_denominator > called::bigint * g.quorum_numerator
      else new.present::bigint * g.quorum_denominator >= called::bigint * g.quorum_numerator end, false) then
    raise exception 'no quorum' using errcode = 'check_violation', constraint = 'meeting_motions_quorum_check';
  end if;
  if not new.secret then
    select count(*) filter (where choice = 'for'), count(*) filter (where choice = 'against'), count(*) filter (where choice = 'abstain')
      into new.votes_for, new.votes_against, new.votes_abstain from app.meeting_votes where motion_id = new.id;
    new.present = greatest(new.present, new.votes_for + new.votes_against + new.votes_abstain); -- whoever voted was there, also if it left since
  end if;
  return new;
end $function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.meeting_present(meeting uuid)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select count(*)::integer from app.meeting_roll r where r.meeting_id = meeting and r.no_vote = '' and r.attendance <> 'absent'
$function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.meeting_roll_changes()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'app', 'pg_temp'
AS $function$
declare
  stands text;
  most integer;
begin
  select status, proxies into stands, most from app.meetings where id = new.meeting_id for share;
  if stands in ('closed', 'cancelled') then
    raise exception 'the meeting is over' using errcode = 'check_violation', constraint = 'meetings_fixed_check';
  end if;
  if new.proxy_id is not null then
    perform from app.meeting_roll where meeting_id = new.meeting_id and member_id = new.proxy_id and attendance = 'here' and no_vote = '' for update;
    if not found then
      raise exception 'who stands for another is here and has a vote' using errcode = 'check_violation', constraint = 'meeting_roll_holder_check';
    end if;
    if (select count(*) from app.meeting_roll where meeting_id = new.meeting_id and proxy_id = new.proxy_id and member_id <> new.member_id) >= most then
      raise exception 'more proxies than the rule lets one hold' using errcode = 'check_violation', constraint = 'meeting_roll_proxies_check';
    end if;
  end if;
  if tg_op = 'UPDATE' and (new.attendance <> 'here' or new.no_vote <> '') and exists (select from app.meeting_roll where meeting_id = new.meeting_id and proxy_id = new.member_id) then
    raise exception 'it stands for others' using errcode = 'check_violation', constraint = 'meeting_roll_stands_check';
  end if;
  return new;
end $function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.meeting_vote_counts()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'app', 'pg_temp'
AS $function$
begin
  perform from app.meeting_motions m join app.meetings g on g.id = m.meeting_id
    where m.id = new.motion_id and m.meeting_id = new.meeting_id and not m.secret and m.decided_at is null and g.status = 'open' for share;
  if not found then
    raise exception 'the motion takes no votes' using errcode = 'check_violation', constraint = 'meeting_votes_open_check';
  end if;
  perform from app.meeting_roll r where r.meeting_id = new.meeting_id and r.member_id = new.member_id and r.no_vote = ''
    and (r.attendance = 'here' and new.cast_by = r.member_id or r.attendance = 'proxy' and new.cast_by = r.proxy_id) for share;
  if not found then
    raise exception 'not there, or no vote' using errcode = 'check_violation', constraint = 'meeting_votes_there_check';
  end if;
  return new;
end $function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.move_marks(batch uuid, doing text, wanted int8range, out_kind text, out_of text, in_kind text, in_of text, on_day date, facts jsonb, actor uuid, actor_name text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
declare
  mine uuid := nullif(current_setting('app.tenant', true), '')::uuid;
  b record;
  made uuid;
  rest int8multirange;
  joined int8multirange := int8multirange(wanted);
begin
  update app.mark_batches m set moves = m.moves + 1 where m.id = batch and m.tenant_id = mine returning m.moves, m.count, m.registration_id, m.authorisation_id into b;
  if not found then
    raise exception 'no batch %', batch using errcode = 'foreign_key_violation', constraint = 'mark_moves_batch_fkey';
  end if;
  if not int8range(0, b.count) @> wanted then
    raise exception 'batch % has no numbers %', batch, wanted using errcode = 'check_violation', constraint = 'mark_moves_range_check';
  end if;
  if doing = 'issue' and not exists (select from app.mark_authorisations a where a.tenant_id = mine and a.id::text = in_of and a.status = 'active'
      and a.registration_id = b.registration_id and a.id = coalesce(b.authorisation_id, a.id)) then
    raise exception 'no authorisation in force %', in_of using errcode = 'check_violation', constraint = 'mark_moves_holder_check';
  end if;
  if doing = 'correct' and not exists (select from app.mark_moves m where m.tenant_id = mine and m.id = (facts ->> 'corrects')::uuid and m.batch_id = batch
      and m.numbers @> wanted and m.to_kind = out_kind and m.to_of = out_of and m.from_kind = in_kind and m.from_of = in_of) then
    raise exception 'no move to correct' using errcode = 'check_violation', constraint = 'mark_moves_reverse_check';
  end if;
  if out_kind <> '' then
    select coalesce(range_agg(h.numbers), '{}') into rest from app.mark_holdings h
    where h.tenant_id = mine and h.batch_id = batch and h.numbers && wanted and h.place_kind = out_kind and h.place_of = out_of;
    if not rest @> wanted then
      raise exception 'batch %: % are not all in % %', batch, wanted, out_kind, out_of using errcode = 'check_violation', constraint = 'mark_moves_from_check';
    end if;
    delete from app.mark_holdings h where h.tenant_id = mine and h.batch_id = batch and h.numbers && wanted;
    insert into app.mark_holdings (batch_id, numbers, place_kind, place_of) select batch, r, out_kind, out_of from unnest(rest - int8multirange(wanted)) r;
  end if;
  -- What lies beside it in the same place becomes one range with it.
  with gone as (delete from app.mark_holdings h where h.tenant_id = mine and h.batch_id = batch and h.place_kind = in_kind and h.place_of = in_of and h.numbers -|- wanted returning h.numbers)
  select joined + coalesce(range_agg(numbers), '{}') into joined from gone;
  insert into app.mark_holdings (batch_id, numbers, place_kind, place_of) select batch, r, in_kind, in_of from unnest(joined) r;
  insert into app.mark_moves (batch_id, seq, act, numbers, from_kind, from_of, to_kind, to_of, happened_on, reference, reason, lot, packages, weight_g, destination, witnesses, documents, corrects, recorded_by, recorded_name)
  select batch, b.moves, doing, wanted, out_kind, out_of, in_kind, in_of, on_day, coalesce(f.reference, ''), coalesce(f.reason, ''), coalesce(f.lot, ''), f.packages, f."weightG", coalesce(f.destination, ''),
    coalesce(f.witnesses, '{}'), coalesce(f.documents, '{}'), f.corrects, actor, actor_name
  from jsonb_to_record(facts) f (reference text, reason text, lot text, packages integer, "weightG" bigint, destination text, witnesses text[], documents uuid[], corrects uuid)
  returning id into made;
  return made;
end $function$;

-- helianthus_owner; called by helianthus_owner
CREATE OR REPLACE FUNCTION app.pay_budget()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'app', 'pg_temp'
AS $function$
begin
  update app.promotion_awards w set paid = w.paid + new.amount where w.tenant_id = new.tenant_id and w.id = new.award_id;
  update app.promotion_budgets b set paid = b.paid + new.amount where b.tenant_id = new.tenant_id and b.programme_id = new.programme_id and b.source = new.source;
  return null;
end $function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.revoke_credentials_of()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  with ended as (
    update app.credential_statuses s set status = 'revoked', since = now(),
      cause = case when new.withdrawn_at is not null then 'withdrawn' when new.corrects is not null then 'corrected' else 'superseded' end,
      reason = case when new.withdrawn_at is not null then new.withdrawal_reason else new.reason end
    from app.credentials c
    where c.tenant_id = new.tenant_id and c.kind = new.kind and c.record_id = new.record_id
      and s.tenant_id = c.tenant_id and s.credential_id = c.id and s.status <> 'revoked'
      and (new.withdrawn_at is not null or c.publication_id <> new.id)
    returning s.tenant_id, s.credential_id, s.status, s.cause, s.reason)
  insert into app.credential_events (tenant_id, credential_id, status, cause, reason) select * from ended;
  return null;
end $function$;

-- helianthus_owner; called by helianthus_app, helianthus_owner, public
CREATE OR REPLACE FUNCTION app.said(kind text, content jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
RETURN CASE kind WHEN 'registration'::text THEN (SELECT jsonb_object_agg(jsonb_each.key, jsonb_each.value) AS jsonb_object_agg FROM jsonb_each(said.content) jsonb_each(key, value) WHERE (jsonb_each.key = ANY (ARRAY['office'::text, 'names'::text, 'bases'::text, 'holder'::text, 'status'::text, 'periods'::text, 'sources'::text]))) WHEN 'recognition'::text THEN content WHEN 'instrument'::text THEN content ELSE NULL::jsonb END;

-- helianthus_owner; called by helianthus_app, helianthus_owner
CREATE OR REPLACE FUNCTION app.sandbox()
 RETURNS uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'app', 'pg_temp'
AS $function$
  select m.sandbox from app.sandbox_tenants m where m.member = app.tenant()
$function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.search_registrations(wanted text[], word text, in_status text, in_office text, in_class text, in_hs text, skip integer, most integer)
 RETURNS TABLE(id uuid, rank integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
declare mine uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  return query
  select c.id, c.rank from (
    (select r.id, r.title, 0 as rank
    from app.registrations r
    where r.tenant_id = mine and app.tenant_grams(r.tenant_id, r.grams) @> app.tenant_grams(mine, array['=' || word])
      and (in_status = '' or r.status = in_status) and (in_office = '' or r.office = in_office)
      and (in_class = '' or in_class = any (r.classes))
      and (in_hs = '' or exists (select from unnest(r.hs_codes) h where starts_with(h, in_hs)))
    limit 1000)
    union all
    (select r.id, r.title, case when E'\n' || r.folded like '%' || E'\n' || word || '%' then 1 else 2 end
    from app.registrations r
    where r.tenant_id = mine and app.tenant_grams(r.tenant_id, r.grams) @> app.tenant_grams(mine, wanted)
      and strpos(r.folded, word) > 0 and not r.grams @> array['=' || word]
      and (in_status = '' or r.status = in_status) and (in_office = '' or r.office = in_office)
      and (in_class = '' or in_class = any (r.classes))
      and (in_hs = '' or exists (select from unnest(r.hs_codes) h where starts_with(h, in_hs)))
    limit 1000)) c
  order by c.rank, length(c.title), c.title, c.id
  offset skip limit most;
end $function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.sequence_changes()
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
declare head bigint;
begin
  if exists (select from app.changes where seq is null) then
    perform pg_advisory_xact_lock(5100);
    select coalesce(max(seq), 0) into head from app.changes where seq is not null;
    with next as (
      select c.tenant_id, c.id, row_number() over (order by c.id) as n
      from (select tenant_id, id from app.changes where seq is null order by id limit 20000) c)
    update app.changes c set seq = head + next.n from next where c.tenant_id = next.tenant_id and c.id = next.id;
  end if;
  select coalesce(max(seq), 0) into head from app.changes where seq is not null;
  return head;
end $function$;

-- helianthus_gate; called by helianthus_app, helianthus_gate
CREATE OR REPLACE FUNCTION app.take_log_queue(most integer)
 RETURNS TABLE(publication_id uuid, event text, entry bytea)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'app', 'pg_temp'
AS $function$
  with next as (select q.tenant_id, q.id from app.log_queue q order by q.id limit most),
  taken as (delete from app.log_queue q using next where q.tenant_id = next.tenant_id and q.id = next.id returning q.id, q.publication_id, q.event, q.entry)
  select taken.publication_id, taken.event, taken.entry from taken order by taken.id
$function$;

-- helianthus_owner; called by helianthus_owner, public
CREATE OR REPLACE FUNCTION app.tell_task()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('tasks', new.id::text);
  return null;
end $function$;

-- helianthus_owner; called by helianthus_app, helianthus_owner, public
CREATE OR REPLACE FUNCTION app.tenant()
 RETURNS uuid
 LANGUAGE sql
 STABLE
RETURN (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid;

-- helianthus_owner; called by helianthus_app, helianthus_gate, helianthus_owner
CREATE OR REPLACE FUNCTION app.tenant_grams(tenant uuid, grams text[])
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select case when grams = '{}' then grams else pg_catalog.string_to_array(
    pg_catalog."right"(tenant::text, 6) || pg_catalog.array_to_string(grams, E'\x1f' || pg_catalog."right"(tenant::text, 6)), E'\x1f') end
$function$;
