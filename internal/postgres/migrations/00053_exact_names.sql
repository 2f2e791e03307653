-- The search finds whole names first. A frequent word has more matches than are ranked; whoever types a whole name must
-- find it all the same, so each name and number is in the index as a whole too, after a sign that no name has.
--
-- +goose Up
alter table app.registrations no force row level security;
update app.registrations set grams = grams || array(select distinct '=' || l from unnest(string_to_array(folded, E'\n')) l where l <> '');
alter table app.registrations force row level security;

set local role helianthus_gate;
drop function app.search_registrations;
reset role;
-- +goose StatementBegin
create function app.search_registrations(wanted text[], word text, in_status text, in_office text, in_class text, in_hs text, skip integer, most integer)
returns table (id uuid, rank integer)
language plpgsql stable security definer set search_path = app, pg_temp as $$
declare mine uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  return query
  select c.id, c.rank from (
    (select r.id, r.title, 0 as rank
    from app.registrations r
    where r.tenant_id = mine and r.grams @> array['=' || word]
      and (in_status = '' or r.status = in_status) and (in_office = '' or r.office = in_office)
      and (in_class = '' or in_class = any (r.classes))
      and (in_hs = '' or exists (select from unnest(r.hs_codes) h where starts_with(h, in_hs)))
    limit 1000)
    union all
    (select r.id, r.title, case when E'\n' || r.folded like '%' || E'\n' || word || '%' then 1 else 2 end
    from app.registrations r
    where r.tenant_id = mine and r.grams @> wanted and strpos(r.folded, word) > 0 and not r.grams @> array['=' || word]
      and (in_status = '' or r.status = in_status) and (in_office = '' or r.office = in_office)
      and (in_class = '' or in_class = any (r.classes))
      and (in_hs = '' or exists (select from unnest(r.hs_codes) h where starts_with(h, in_hs)))
    limit 1000)) c
  order by c.rank, length(c.title), c.title, c.id
  offset skip limit most;
end $$;
-- +goose StatementEnd
revoke execute on function app.search_registrations from public;
grant execute on function app.search_registrations to helianthus_app;
alter function app.search_registrations owner to helianthus_gate;

-- +goose Down
alter table app.registrations no force row level security;
update app.registrations set grams = array(select g from unnest(grams) g where not starts_with(g, '='));
alter table app.registrations force row level security;
set local role helianthus_gate;
drop function app.search_registrations;
reset role;
-- +goose StatementBegin
create function app.search_registrations(wanted text[], word text, in_status text, in_office text, in_class text, in_hs text, skip integer, most integer)
returns table (id uuid, rank integer)
language plpgsql stable security definer set search_path = app, pg_temp as $$
declare mine uuid := nullif(current_setting('app.tenant', true), '')::uuid;
begin
  return query
  select c.id, c.rank from (
    select r.id, r.title, case
        when E'\n' || r.folded || E'\n' like '%' || E'\n' || word || E'\n' || '%' then 0
        when E'\n' || r.folded like '%' || E'\n' || word || '%' then 1
        else 2 end as rank
    from app.registrations r
    where r.tenant_id = mine and r.grams @> wanted and strpos(r.folded, word) > 0
      and (in_status = '' or r.status = in_status) and (in_office = '' or r.office = in_office)
      and (in_class = '' or in_class = any (r.classes))
      and (in_hs = '' or exists (select from unnest(r.hs_codes) h where starts_with(h, in_hs)))
    limit 1000) c
  order by c.rank, length(c.title), c.title, c.id
  offset skip limit most;
end $$;
-- +goose StatementEnd
revoke execute on function app.search_registrations from public;
grant execute on function app.search_registrations to helianthus_app;
alter function app.search_registrations owner to helianthus_gate;
