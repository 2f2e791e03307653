-- A dossier may present the goods of one producer, who then has to be let use the mark.
--
-- +goose Up
alter table app.dossiers add column producer_code text not null default ''; -- unified social credit code; empty: of nobody in particular

-- +goose Down
alter table app.dossiers drop column producer_code;
