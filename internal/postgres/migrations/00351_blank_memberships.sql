-- What a member agreed to publish is a version of a publication: nobody reads it once it is withdrawn, and the application may not change it.
-- When what is personal of the member is erased, its content goes too. Fact, hash and reason stay, and the log, which has commitments to the
-- hash only, stays provable.
--
-- +goose Up
create policy gate on app.publications for select to helianthus_gate
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid) and kind = 'membership' and withdrawn_at is not null);
create policy gate_blanks on app.publications for update to helianthus_gate
  using (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid) and kind = 'membership' and withdrawn_at is not null)
  with check (tenant_id = (select nullif(current_setting('app.tenant', true), '')::uuid) and content = '{}');
grant select, update (content) on app.publications to helianthus_gate;

-- +goose StatementBegin
create function app.blank_membership(member uuid) returns integer language plpgsql volatile security definer set search_path = app, pg_temp as $$
declare
  n integer;
begin
  update app.publications set content = '{}'
    where tenant_id = nullif(current_setting('app.tenant', true), '')::uuid and kind = 'membership' and record_id = member and withdrawn_at is not null and content <> '{}';
  get diagnostics n = row_count;
  return n;
end $$;
-- +goose StatementEnd
revoke execute on function app.blank_membership from public;
grant execute on function app.blank_membership to helianthus_app;
alter function app.blank_membership owner to helianthus_gate;

-- +goose Down
set local role helianthus_gate;
drop function app.blank_membership;
reset role;
revoke select, update (content) on app.publications from helianthus_gate;
drop policy gate_blanks on app.publications;
drop policy gate on app.publications;
