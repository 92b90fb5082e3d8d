-- Import of tables and features: runs, what each can undo, and what was wrong with rows.

create table hub.import_run (
  id              uuid primary key,                                 -- ordered by time; its file has this name
  tenant          text not null,
  organisation_id text not null,                                    -- for which it runs
  caller          text not null,                                    -- on whose behalf, as JSON; of an undoing, who asked for it
  name            text not null check (length(name) <= 200),        -- of the file, for people
  dialect         text not null,                                    -- as JSON
  columns         text not null,                                    -- their names, as a JSON list
  bytes           bigint not null,
  rows            bigint not null,
  mapping         text,                                             -- as JSON, once started
  state           text not null check (state in ('ready', 'running', 'done', 'stopped', 'undoing', 'undone')),
  at              timestamptz not null,                             -- when the file came
  started_at      timestamptz,
  ended_at        timestamptz,
  read            bigint not null default 0,                        -- rows done with; whoever goes on begins behind them
  created         bigint not null default 0,
  updated         bigint not null default 0,
  unchanged       bigint not null default 0,
  refused         bigint not null default 0,
  reverted        bigint not null default 0,                        -- entities that an undoing gave back or took away
  kept            bigint not null default 0,                        -- entities that it left, as others changed them since
  fault           text);                                            -- why it stopped
create index import_run_owner on hub.import_run (tenant, organisation_id, id);              -- serves lists
create index import_run_work on hub.import_run (started_at) where state in ('running', 'undoing');
create index import_run_ended on hub.import_run (ended_at) where ended_at is not null;      -- serves retention

create table hub.import_entity (
  run             uuid not null references hub.import_run on delete cascade,
  tenant          text not null,
  organisation_id text not null,
  entity_id       text not null,
  version         bigint not null,                                  -- of the entity's row, as the run left it
  before          text,                                             -- its document before the run; null for one that the run made
  primary key (run, entity_id));

create table hub.import_fault (
  run             uuid not null references hub.import_run on delete cascade,
  n               bigint generated always as identity,
  tenant          text not null,
  organisation_id text not null,
  row             bigint,                                           -- counts data from 1; null for what an undoing left
  line            bigint,
  name            text,                                             -- column
  entity_id       text,
  reason          text not null,
  primary key (run, n));

create trigger hold_tenant before insert on hub.import_run
  for each row when (new.tenant <> '') execute function hub.hold_tenant();

do $$
declare
  named text;
begin
  foreach named in array array['import_run', 'import_entity', 'import_fault'] loop
    execute format('alter table hub.%I enable row level security', named);
    execute format('alter table hub.%I force row level security', named);
    execute format('create policy wall on hub.%I to conurb_application
        using (organisation_id = any ((select store.owners())::text[]) and tenant = (select store.tenant()))
        with check (organisation_id = any ((select store.owners())::text[]) and tenant = (select store.tenant()))', named);
    execute format('create policy parts on hub.%I to conurb_system using (true) with check (true)', named);
    execute format('grant select, insert, update, delete on hub.%I to conurb_application, conurb_system', named);
  end loop;
end $$;
