-- The tamper-evident log. A transaction writes entry, personal and pending; one sequencer gives pending entries their
-- place and hashes them into tiles (C2SP tlog-tiles over RFC 9162). Nobody but the owner may change or delete an entry.
-- Foreign keys are left out on purpose: under FORCE they would be checked by an owner who sees no row.
grant usage on schema audit to conurb_application, conurb_system;

-- Who did what, as it is hashed. Kept for ever: proofs need every one; what concerns persons lies in audit.personal.
create table audit.entry (
  id              uuid primary key,                   -- UUIDv7, given to the caller as Conurb-Audit
  organisation_id text not null,                      -- whose thing it is
  kind            text not null,                      -- type of the thing
  thing           text not null,                      -- the first 500 characters of its id
  action          text not null,
  at              timestamptz not null,               -- milliseconds
  leaf            bytea not null                      -- canonical JSON, the bytes that the tree hashes
    check (length(leaf) <= 65535));
create index entry_organisation on audit.entry (organisation_id, id);        -- serves Entries.newest
create index entry_kind on audit.entry (organisation_id, kind, id);          -- serves Entries.newest of a kind
create index entry_thing on audit.entry (organisation_id, thing, id);        -- serves Entries.newest about a thing
alter table audit.entry enable row level security;
alter table audit.entry force row level security;
create policy entry_read on audit.entry for select to conurb_application using (organisation_id = any(store.owners()));
create policy entry_write on audit.entry for insert to conurb_application with check (true);
create policy entry_system on audit.entry to conurb_system using (true) with check (true);
grant select, insert on audit.entry to conurb_application, conurb_system;

-- What concerns persons, of which the leaf holds SHA-256(salt || value). Deleting the row erases the person.
create table audit.personal (
  entry           uuid not null,
  name            text not null,                      -- $subject is who did it
  organisation_id text not null,                      -- as in the entry
  salt            bytea not null check (length(salt) = 32),
  value           text not null,
  primary key (entry, name));
create index personal_person on audit.personal (value) where value like 'person:%';   -- serves AuditLog.erase
alter table audit.personal enable row level security;
alter table audit.personal force row level security;
create policy personal_read on audit.personal for select to conurb_application using (organisation_id = any(store.owners()));
create policy personal_write on audit.personal for insert to conurb_application with check (true);
create policy personal_system on audit.personal to conurb_system using (true) with check (true);
grant select, insert on audit.personal to conurb_application;
grant select, insert, delete on audit.personal to conurb_system;

-- Entries without a place yet: a queue, empty within seconds.
create table audit.pending (
  entry uuid primary key)
  with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
grant insert on audit.pending to conurb_application;
grant select, insert, delete on audit.pending to conurb_system;

-- Where in the log an entry stands.
create table audit.place (
  index bigint primary key check (index >= 0),        -- without gaps
  entry uuid not null unique);
grant select on audit.place to conurb_application;
grant select, insert on audit.place to conurb_system;

-- The Merkle tree in tiles of 256 hashes. A full one never changes; the last one of each level grows.
create table audit.tile (
  level  int not null check (level between 0 and 7),  -- 0 holds leaf hashes, each higher hash spans a tile below
  index  bigint not null check (index >= 0),
  hashes bytea not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0),
  primary key (level, index));
alter table audit.tile alter column hashes set storage external;             -- hashes do not compress
grant select on audit.tile to conurb_application;
grant select, insert, update on audit.tile to conurb_system;

-- Signed tree heads, thinned by age; the newest is kept always.
create table audit.checkpoint (
  size bigint primary key check (size >= 0),          -- entries it covers
  at   timestamptz not null,
  note text not null);                                -- C2SP signed note
create index checkpoint_at on audit.checkpoint (at);                         -- serves the thinning
grant select on audit.checkpoint to conurb_application;
grant select, insert, update, delete on audit.checkpoint to conurb_system;
