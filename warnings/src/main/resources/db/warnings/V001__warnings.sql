-- Public warnings as they came in, what became of them, and what later messages say of them.
create table warnings.warning (
  id              uuid primary key,                    -- version 7: newest is greatest
  organisation_id text not null,                       -- who took it in; the second wall stands on this
  kind            text not null check (kind = 'Alert'),
  cell            bigint,                              -- smallest kernel Cell around all areas; null where they are only named
  at              timestamptz not null,                -- received
  identifier      text not null,                       -- CAP's, with sender and sent names the message
  sender          text not null,
  sent            timestamptz not null,
  status          text not null,                       -- CAP's; only Actual is meant
  state           text not null check (state in ('active', 'ended', 'cancelled', 'superseded')),
  expires         timestamptz not null,
  expires_assumed boolean not null,                    -- the message names no end
  media_type      text not null,                       -- of document
  document        bytea not null,                      -- byte for byte as received
  content         text not null,                       -- CapAlert as JSON, read from document once
  content_bytes   int not null,                        -- length of content, so that a page of a list is bounded
  unique (organisation_id, sender, identifier, sent)); -- serves WarningStore.find and .refer
create index warning_list on warnings.warning (organisation_id, id desc);               -- serves WarningStore.list
create index warning_active on warnings.warning (id) where state = 'active';            -- serves WarningStore.list
create index warning_expires on warnings.warning (expires) where state = 'active';      -- serves WarningStore.due

-- Update and Cancel name earlier messages, which may arrive later than they do.
create table warnings.reference (
  organisation_id text not null,
  sender          text not null,                       -- of the message referred to, as the next two
  identifier      text not null,
  sent            timestamptz not null,
  status          text not null,                       -- of the referring message: a test touches nothing that is meant
  effect          text not null check (effect in ('cancelled', 'superseded')),
  warning_id      uuid not null references warnings.warning,
  primary key (organisation_id, sender, identifier, sent, warning_id));

alter table warnings.warning enable row level security;
alter table warnings.warning force row level security;
alter table warnings.reference enable row level security;
alter table warnings.reference force row level security;
create policy owners on warnings.warning to conurb_application using (organisation_id = any(store.owners()));
create policy owners on warnings.reference to conurb_application using (organisation_id = any(store.owners()));
create policy system on warnings.warning for select to conurb_system using (true);

grant usage on schema warnings to conurb_application, conurb_system;
grant select, insert, update on warnings.warning to conurb_application;
grant select, insert on warnings.reference to conurb_application;
grant select on warnings.warning to conurb_system;
