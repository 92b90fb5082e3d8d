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
create index once_at on store.once (at);              -- serves the purge
grant select, insert, update on store.once to conurb_application;
grant select, delete on store.once to conurb_system;
