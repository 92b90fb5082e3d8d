-- Answers to unsafe calls, kept for seven days so that a retry is one effect (Change).
create table store.once (
  caller      text not null,                          -- subject of the caller; a key means nothing to another one
  key         text not null check (length(key) <= 255),
  fingerprint bytea not null,                         -- SHA-256 over method, path and body
  status      int,                                    -- null only inside the transaction that is doing the work
  headers     text,                                   -- JSON object
  body        bytea,
  at          timestamptz not null default now(),
  primary key (caller, key));
create index once_at on store.once (at);              -- serves Database.purge
grant select, insert, update on store.once to conurb_application;
grant select, delete on store.once to conurb_system;

-- What Migrator did last, so that a start where nothing changed is quick.
create table store.migrated (
  schema      text primary key,
  scripts     text not null,                          -- SHA-256 over names and contents of all scripts
  at          timestamptz not null default now());

-- The second wall: whose rows the current transaction may see. Stable and inlined, so that in a policy
--   using (organisation_id = any (store.owners()))
-- an index that begins with organisation_id is used. No owners were set: no rows.
create function store.owners() returns text[]
  language sql stable parallel safe
  return string_to_array(coalesce(current_setting('conurb.owners', true), ''), ',');
