-- Keys come and go: a signing key has an end, is retired for a reason, and is sealed anew when the house's secret changes.
--
-- +goose Up
alter table app.signing_keys add column expires_at timestamptz not null default now() + interval '2 years';
alter table app.signing_keys add column retired_why text not null default '' constraint signing_keys_retired_why_check
  check (retired_why in ('', 'routine', 'compromised', 'expired') and (retired_at is null) = (retired_why = ''));
alter table app.public_keys add column expires_at timestamptz not null default now() + interval '2 years';
alter table app.public_keys add column retired_why text not null default '';
grant update (retired_at, retired_why, sealed) on app.signing_keys to helianthus_app;
grant update (retired_at, retired_why) on app.public_keys to helianthus_app;
create policy publisher_changes on app.public_keys for update to helianthus_app
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid))
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid));
-- A key that is retired signs no more, and nothing brings it back.
-- +goose StatementBegin
create function app.keep_retired() returns trigger language plpgsql as $$
begin
  if old.retired_at is not null and (new.retired_at is distinct from old.retired_at or new.retired_why <> old.retired_why) then
    raise exception 'a key that is retired stays retired';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger keep_retired before update on app.signing_keys for each row execute function app.keep_retired();
create trigger keep_retired before update on app.public_keys for each row execute function app.keep_retired();
-- Secrets of webhooks and keys of the log are sealed anew too.
grant update (sealed) on app.webhook_secrets to helianthus_app;
grant update (sealed) on app.log_keys to helianthus_app;

-- +goose Down
revoke update (sealed) on app.log_keys from helianthus_app;
revoke update (sealed) on app.webhook_secrets from helianthus_app;
drop trigger keep_retired on app.public_keys;
drop trigger keep_retired on app.signing_keys;
drop function app.keep_retired();
drop policy publisher_changes on app.public_keys;
revoke update on app.public_keys from helianthus_app;
revoke update on app.signing_keys from helianthus_app;
alter table app.public_keys drop column retired_why;
alter table app.public_keys drop column expires_at;
alter table app.signing_keys drop column retired_why;
alter table app.signing_keys drop column expires_at;
