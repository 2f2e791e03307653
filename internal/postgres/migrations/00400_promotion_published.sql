-- The published result of a call: who is supported, with how much. Awards are the keeper's and each applicant's; this says of those that are
-- published what a public notice says, and nothing of those that were refused or wait.
--
-- +goose Up
create policy gate on app.promotion_programmes for select to helianthus_gate using (true);
create policy gate on app.promotion_applications for select to helianthus_gate using (true);
create policy gate on app.promotion_awards for select to helianthus_gate using (true);
grant select on app.promotion_programmes, app.promotion_applications, app.promotion_awards to helianthus_gate;
-- +goose StatementBegin
create function app.gate_promotion_results(programme uuid) returns table (number text, name text, amount bigint)
language sql stable security definer set search_path = app, pg_temp as $$
  select a.number, a.content ->> 'name', w.amount
  from app.promotion_programmes p
  join app.promotion_awards w on w.tenant_id = p.tenant_id and w.programme_id = p.id
  join app.promotion_applications a on a.tenant_id = w.applicant and a.id = w.application_id
  where p.id = programme and p.published_at is not null and p.status in ('decided', 'running', 'settled')
    and p.sandbox is not distinct from (select m.sandbox from app.sandbox_tenants m where m.member = nullif(current_setting('app.tenant', true), '')::uuid)
    and w.published_at is not null and w.outcome = 'awarded' and a.status <> 'withdrawn'
  order by w.position nulls last, a.number limit 1000
$$;
-- +goose StatementEnd
revoke execute on function app.gate_promotion_results(uuid) from public;
grant execute on function app.gate_promotion_results(uuid) to helianthus_app;
alter function app.gate_promotion_results(uuid) owner to helianthus_gate;

-- +goose Down
drop function app.gate_promotion_results(uuid);
revoke select on app.promotion_programmes, app.promotion_applications, app.promotion_awards from helianthus_gate;
drop policy gate on app.promotion_programmes;
drop policy gate on app.promotion_applications;
drop policy gate on app.promotion_awards;
