-- Linked entities, what q and georel ask of them, their history, and the one stream of changes.
-- No foreign keys to entity: EntityRows alone writes these tables, and a check for each row would cost more than the row.
-- Names are short in the NGSI-LD default vocabulary and core context, full IRIs elsewhere. A tenant is '' until tenants come.

-- One row an entity, for ever: a deleted one keeps its row (and its history) with an empty document.
create table hub.entity (
  iid             bigint generated always as identity primary key,  -- the order of every list and its cursor
  tenant          text not null default '',
  id              text not null check (length(id) <= 1000),         -- the URI
  organisation_id text not null,                                    -- owner
  kind            text not null,                                    -- its first type; all of them in entity_type
  cell            bigint,                                           -- a cell that holds its location
  at              timestamptz not null,                             -- modified
  created_at      timestamptz not null,
  deleted_at      timestamptz,
  expires_at      timestamptz,
  version         bigint not null,
  scopes          text[] not null default '{}',
  document        text not null,                                    -- normalized NGSI-LD as sent under the core context; '' when deleted
  unique (tenant, id)) with (fillfactor = 85);
create index entity_owner on hub.entity (tenant, organisation_id, iid);          -- serves lists without a type

create table hub.entity_type (
  tenant          text not null,
  kind            text not null,
  organisation_id text not null,
  iid             bigint not null,
  primary key (tenant, kind, organisation_id, iid));                -- serves lists by type: each owner's next rows, merged
create index entity_type_iid on hub.entity_type (iid);

-- One row for each value that q may compare; q is decided on the document, rows only narrow down.
create table hub.attribute (
  iid             bigint not null,
  tenant          text not null,
  organisation_id text not null,
  kind            text not null,                                    -- one row for each type of the entity
  name            text not null,
  path            text not null,                                    -- '' for the value, [fr] for a language
  dataset         text not null,                                    -- datasetId, '' for the default one
  n               int not null,                                     -- counts the values of a list
  listed          boolean not null,                                 -- whether the attribute has several values
  number          float8,
  text            text check (length(text) <= 200),                 -- its beginning; true and false for a boolean; a URI for a relationship
  moment          timestamptz,                                      -- where the text is one
  primary key (iid, name, path, dataset, n, kind));
create index attribute_text on hub.attribute (tenant, organisation_id, kind, name, path, text, iid);
create index attribute_number on hub.attribute (tenant, organisation_id, kind, name, path, number, iid) where number is not null;
create index attribute_moment on hub.attribute (tenant, organisation_id, kind, name, path, moment, iid) where moment is not null;
create index attribute_listed on hub.attribute (tenant, organisation_id, kind, name, iid) where listed;

-- Cells (kernel Cell, even levels only) that cover each geometry: a point's one cell, at most 12 of anything else.
create table hub.place (
  tenant          text not null,
  organisation_id text not null,
  kind            text not null,
  name            text not null,                                    -- geoproperty
  cell            bigint not null,
  iid             bigint not null,
  primary key (tenant, organisation_id, kind, name, cell, iid));
create index place_iid on hub.place (iid);

-- History: appended in the transaction that changes the entity, never rewritten.
create table hub.attribute_instance (
  hid             bigint generated always as identity,
  tenant          text not null,
  organisation_id text not null,
  iid             bigint not null,
  kind            text not null,
  name            text not null,
  dataset         text not null,
  at              timestamptz not null,                             -- observed, else recorded
  observed_at     timestamptz,
  recorded_at     timestamptz not null,
  value           text,                                             -- the attribute as sent; null when it was deleted
  primary key (iid, name, at, hid));                                -- serves ranges and the last N

-- The only outbox. A row is inserted unnumbered; the sequencer numbers it once its transaction has committed.
create table hub.change (
  rid             bigint generated always as identity primary key,
  seq             bigint,
  tenant          text not null,
  organisation_id text not null,
  iid             bigint not null,
  entity_id       text not null,
  kind            text not null,
  kinds           text[] not null,
  what            char(1) not null check (what in ('C', 'U', 'D')),
  at              timestamptz not null,
  names           text[] not null,                                  -- attributes that changed
  document        text);                                            -- the entity afterwards; null when deleted
create unique index change_seq on hub.change (seq);                 -- serves cursors, events and their resumption
create index change_unnumbered on hub.change (rid) where seq is null;

create table hub.sequencer (
  name            text primary key,
  last            bigint not null);                                 -- number given last
insert into hub.sequencer values ('changes', 0);

create table hub.cursor (
  name            text primary key,
  seq             bigint not null,                                  -- handled up to here
  attempts        int not null default 0,                           -- failed tries of the next one
  fault           text,
  at              timestamptz not null);

-- Changes that a follower could not handle: shown, kept, and stepped over.
create table hub.parked (
  cursor          text not null references hub.cursor,
  seq             bigint not null,
  organisation_id text not null,
  entity_id       text not null,
  fault           text not null,
  at              timestamptz not null,
  primary key (cursor, seq));

create table hub.subscription (
  sid             bigint generated always as identity primary key,
  tenant          text not null default '',
  id              text not null check (length(id) <= 1000),
  organisation_id text not null,                                    -- on whose behalf
  subscriber      text not null,                                    -- the caller that made it, as JSON: it is told what that caller may see
  document        text not null,                                    -- the subscription, names as in entities
  endpoint        text not null,
  active          boolean not null,
  created_at      timestamptz not null,
  at              timestamptz not null,
  expires_at      timestamptz,
  sent            bigint not null default 0,
  failed          bigint not null default 0,
  dropped         bigint not null default 0,                        -- notifications given up: too many, or too old
  last_sent_at    timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_fault      text,
  unique (tenant, id));

-- Notifications not yet taken by their receiver, in order.
create table hub.delivery (
  did             bigint generated always as identity primary key,
  sid             bigint not null references hub.subscription on delete cascade,
  tenant          text not null default '',
  organisation_id text not null,
  endpoint        text not null,
  body            text not null,
  at              timestamptz not null,
  attempts        int not null default 0);
create index delivery_endpoint on hub.delivery (endpoint, did);
create index delivery_sid on hub.delivery (sid, did);

do $$
declare
  named text;
begin
  foreach named in array array['entity', 'entity_type', 'attribute', 'place', 'attribute_instance', 'change', 'parked', 'subscription', 'delivery'] loop
    execute format('alter table hub.%I enable row level security', named);
    execute format('alter table hub.%I force row level security', named);
    execute format('create policy wall on hub.%I to conurb_application
        using (organisation_id = any ((select store.owners())::text[])) with check (organisation_id = any ((select store.owners())::text[]))', named);
    execute format('create policy parts on hub.%I to conurb_system using (true) with check (true)', named);
  end loop;
end $$;

grant select, insert, update, delete on hub.entity_type, hub.attribute, hub.place, hub.subscription to conurb_application, conurb_system;
grant select, insert, update on hub.entity to conurb_application, conurb_system;
grant select, insert on hub.attribute_instance to conurb_application, conurb_system;
grant select, insert on hub.change to conurb_application;
grant select, insert, update, delete on hub.change, hub.cursor, hub.parked, hub.delivery to conurb_system;
grant select, update on hub.sequencer to conurb_system;
grant delete on hub.entity, hub.attribute_instance to conurb_system;
grant select on hub.delivery to conurb_application;
