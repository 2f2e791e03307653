-- A complaint is accepted before it is decided; the law gives days for both.
--
-- +goose Up
alter table app.mark_complaints add column accepted_on date;
alter table app.mark_complaints drop constraint mark_complaints_status_check;
alter table app.mark_complaints add constraint mark_complaints_status_check check (status in ('open', 'accepted', 'upheld', 'dismissed'));
alter table app.mark_complaints drop constraint mark_complaints_answer_check;
alter table app.mark_complaints add constraint mark_complaints_answer_check check ((status in ('open', 'accepted')) = (decided_at is null) and (status in ('open', 'accepted') or answer <> ''));
alter table app.mark_complaints add constraint mark_complaints_accepted_check check (accepted_on is not null or status <> 'accepted');
grant update (accepted_on) on app.mark_complaints to helianthus_app;
alter table app.mark_rules add column complaint_days jsonb not null default '{}'; -- working days by step, where they are others than the house's

-- +goose Down
alter table app.mark_rules drop column complaint_days;
alter table app.mark_complaints drop constraint mark_complaints_accepted_check;
alter table app.mark_complaints drop constraint mark_complaints_answer_check;
alter table app.mark_complaints drop constraint mark_complaints_status_check;
alter table app.mark_complaints no force row level security;
update app.mark_complaints set status = 'open' where status = 'accepted';
alter table app.mark_complaints force row level security;
alter table app.mark_complaints drop column accepted_on;
alter table app.mark_complaints add constraint mark_complaints_status_check check (status in ('open', 'upheld', 'dismissed'));
alter table app.mark_complaints add constraint mark_complaints_answer_check check ((status = 'open') = (decided_at is null) and (status = 'open' or answer <> ''));
