-- Receipts of what one tenant does in a matter that it shares with another, and of documents that one opens of the other.
--
-- +goose Up
alter table app.receipts drop constraint receipts_act_check;
alter table app.receipts add constraint receipts_act_check check (act in ('read', 'publish', 'withdraw', 'share', 'grant', 'revoke', 'act', 'open'));

-- +goose Down
delete from app.receipts where act in ('act', 'open');
alter table app.receipts drop constraint receipts_act_check;
alter table app.receipts add constraint receipts_act_check check (act in ('read', 'publish', 'withdraw', 'share', 'grant', 'revoke'));
