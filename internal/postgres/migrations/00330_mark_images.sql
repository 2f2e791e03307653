-- The official images of the special mark, as the authority uploaded them, and how the credit code is put into each.
--
-- +goose Up
create table app.mark_images (
  tenant_id    uuid not null default nullif(current_setting('app.tenant', true), '')::uuid,
  id           uuid not null default uuidv7(),
  version      integer not null default 1,
  name         text not null constraint mark_images_name_check check (name <> ''),
  document_id  uuid not null,
  media_type   text not null,
  sha256       text not null,                       -- of the file that the layout is for
  code_box     integer[] not null,                  -- left, top, width and height of the credit code, in thousandths of the image's
  least_mm     numeric(6,1) not null,               -- the least width of the image
  colours      text[] not null constraint mark_images_colours_check check (cardinality(colours) between 1 and 20), -- of the code, #RRGGBB
  source       text not null constraint mark_images_source_check check (source <> ''),                            -- the rule that says so
  retired_at   timestamptz,
  created_at   timestamptz not null default now(),
  created_name text not null default '',
  primary key (tenant_id, id),
  constraint mark_images_box_check check (cardinality(code_box) = 4 and code_box[1] >= 0 and code_box[2] >= 0 and code_box[3] > 0 and code_box[4] > 0
    and code_box[1] + code_box[3] <= 1000 and code_box[2] + code_box[4] <= 1000),
  constraint mark_images_least_check check (least_mm between 1 and 1000),
  constraint mark_images_document_fkey foreign key (tenant_id, document_id) references app.documents (tenant_id, id)
);
call app.isolate('app.mark_images');
grant select, insert on app.mark_images to helianthus_app;
grant update (version, retired_at) on app.mark_images to helianthus_app;

-- +goose Down
drop table app.mark_images;
