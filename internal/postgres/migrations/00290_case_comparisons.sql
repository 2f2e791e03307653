-- How the last view of a case that another house gave stands to the tenant's own file: what follows from it is found without reading
-- both again.
--
-- +goose Up
create table app.case_comparisons (
  tenant_id   uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  case_id     uuid not null,                   -- of any keeper: a reference by value, as in case_views
  house       text not null,
  relation    text not null constraint case_comparisons_relation_check check (relation in ('same', 'ahead', 'behind', 'differs')),
  common      integer not null constraint case_comparisons_common_check check (common >= 0), -- steps that are the same in both
  settled     boolean not null,                -- they parted, and what holds of both is the same again
  compared_at timestamptz not null default now(),
  primary key (tenant_id, case_id, house),
  constraint case_comparisons_tenant_fkey foreign key (tenant_id) references app.tenants (id)
);
call app.isolate('app.case_comparisons');
create index case_comparisons_differs_idx on app.case_comparisons (tenant_id, case_id) where relation = 'differs' and not settled;
grant select, insert, update (relation, common, settled, compared_at) on app.case_comparisons to helianthus_app;

-- +goose Down
drop table app.case_comparisons;
