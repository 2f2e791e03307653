-- The ranking of a call and the figures of promotion read every application, and of each a few short columns: from the index alone, past
-- the forms, which are a hundred times as long.
--
-- +goose Up
drop index app.promotion_applications_keeper_idx;
create index promotion_applications_keeper_idx on app.promotion_applications (keeper, programme_id, submitted_at desc, id desc) include (tenant_id, number, status, credit_code) where number is not null;

-- +goose Down
drop index app.promotion_applications_keeper_idx;
create index promotion_applications_keeper_idx on app.promotion_applications (keeper, programme_id, submitted_at desc, id desc) where number is not null;
