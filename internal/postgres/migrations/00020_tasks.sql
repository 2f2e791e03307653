-- Tasks follow their River job: which one, which attempt, who started it.
--
-- +goose Up
alter table app.tasks
  add column job_id     bigint,                    -- river.river_job
  add column attempt    integer not null default 0, -- the attempt that may still write; an older one has been taken over
  add column actor_kind text not null default 'system',
  add column actor_name text not null default '',
  add column unit       text not null default '';

-- Whoever listens hears that a task changed, and nothing else of it: channels know no tenants.
-- +goose StatementBegin
create function app.tell_task() returns trigger language plpgsql as $$
begin
  perform pg_notify('tasks', new.id::text);
  return null;
end $$;
-- +goose StatementEnd
create trigger tell_task after insert or update on app.tasks for each row execute function app.tell_task();

-- +goose Down
drop trigger tell_task on app.tasks;
drop function app.tell_task();
alter table app.tasks drop column job_id, drop column attempt, drop column actor_kind, drop column actor_name, drop column unit;
