-- What other houses publish has pages: a version is read by its publication's id, and the list goes through what came when.
--
-- +goose Up
create index received_publication_idx on app.received (publication_id);
create index received_received_idx on app.received (received_at desc, house desc, seq desc);

-- +goose Down
drop index app.received_publication_idx;
drop index app.received_received_idx;
