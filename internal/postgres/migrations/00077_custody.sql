-- Private keys may be held outside the database: then it has what they are called there, and nothing of the key.
--
-- +goose Up
alter table app.signing_keys alter column sealed drop not null;
alter table app.signing_keys add column held_as text constraint signing_keys_held_check
  check ((sealed is null) = (held_as is not null) and length(held_as) <= 300);
alter table app.log_keys alter column sealed drop not null;
alter table app.log_keys add column held_as text constraint log_keys_held_check
  check ((sealed is null) = (held_as is not null) and length(held_as) <= 300);

-- +goose Down
delete from app.log_keys where sealed is null;
delete from app.public_keys p using app.signing_keys k where k.tenant_id = p.tenant_id and k.id = p.id and k.sealed is null;
delete from app.signing_keys where sealed is null;
alter table app.log_keys drop column held_as;
alter table app.log_keys alter column sealed set not null;
alter table app.signing_keys drop column held_as;
alter table app.signing_keys alter column sealed set not null;
