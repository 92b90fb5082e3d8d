-- Stands for any list of a module: the columns that policies and predicates name, and a text.
create table trial.thing (
  id              uuid primary key default gen_random_uuid(),
  organisation_id text not null,
  kind            text not null,
  cell            bigint not null,
  at              timestamptz not null,
  note            text not null default '');
create index thing_list on trial.thing (organisation_id, kind, cell, at);
alter table trial.thing enable row level security;
alter table trial.thing force row level security;
create policy callers on trial.thing to conurb_application
  using (organisation_id = any (store.owners()));
create policy system on trial.thing to conurb_system using (true);
grant select, insert, update, delete on trial.thing to conurb_application, conurb_system;
