-- Publications of one kind: the public list of users of the special mark is one.
--
-- +goose Up
create index publications_kind_idx on app.publications (kind, root desc) where withdrawn_at is null and superseded_at is null;

-- +goose Down
drop index app.publications_kind_idx;
