-- +goose Up
-- A list in the order of titles, and a page of it behind a title.
create index registrations_title_idx on app.registrations (tenant_id, title, id);
