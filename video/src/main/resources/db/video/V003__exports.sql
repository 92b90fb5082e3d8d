-- Evidence taken out: what was asked for, how far it is, and what holds keep its originals meanwhile.
create table video.export (
  id              uuid primary key,                    -- version 7: order of asking
  organisation_id text not null,                       -- whose export it is; the second wall stands on this
  subject         text not null,                       -- who asked
  subject_name    text not null,
  grant_id        uuid not null,                       -- purpose grant it stands under
  case_id         text not null,
  reason          text not null,                       -- concerns persons
  at              timestamptz not null,                -- asked
  parts           text not null,                       -- JSON: cameras, spans, holds
  state           text not null check (state in ('queued', 'running', 'ready', 'failed', 'expired')),
  percent         smallint not null check (percent between 0 and 100),
  detail          text not null,                       -- why it failed; else empty
  size_bytes      bigint not null,
  sha256          text not null,                       -- of the bundle, in hex; empty until it is ready
  finished_at     timestamptz);
create index export_list on video.export (organisation_id, id desc);                              -- serves ExportStore.list
create index export_open on video.export (id) where state in ('queued', 'running');               -- serves ExportStore.next
create index export_old on video.export (finished_at) where state = 'ready';                      -- serves ExportStore.old

alter table video.export enable row level security;
alter table video.export force row level security;
create policy owners on video.export to conurb_application using (organisation_id = any(store.owners()));
create policy system on video.export to conurb_system using (true);
grant select, insert, update on video.export to conurb_application;
grant select, update on video.export to conurb_system;
