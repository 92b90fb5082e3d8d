-- Who may come in: organisations, people and their roles, clients (programs), passkeys and sessions. What signing in needs
-- is read as conurb_system at identity's own door; administrators change it as conurb_application behind the second wall.
grant usage on schema identity to conurb_application, conurb_system;

-- Organisations of the city folder, written at every start; one that left the folder stays, so that what refers to it holds.
create table identity.organisation (
  id   text primary key,                              -- as in the city folder
  kind text not null,                                 -- police, fire, ambulance …
  name text not null);                                -- JSON object: words by language tag
grant select on identity.organisation to conurb_application;
grant select, insert, update on identity.organisation to conurb_system;

-- People. Never deleted: the audit log and timelines speak of them; who has left is disabled.
create table identity.person (
  id                uuid primary key,
  username          text not null check (length(username) between 2 and 64),
  name              text not null check (length(name) between 1 and 200),
  password_hash     text,                             -- bcrypt; null: signs in by passkey only
  epoch             int not null default 1,           -- raised by a new password: sessions of a lower one are over
  created_at        timestamptz not null,
  disabled_at       timestamptz,
  last_organisation text,                             -- where the person worked last; the next session starts there
  last_seat         text);
create unique index person_username on identity.person (username) where disabled_at is null;   -- serves PersonStore.byUsername

-- Roles of people in organisations.
create table identity.membership (
  person          uuid not null references identity.person,
  organisation_id text not null references identity.organisation,
  role            text not null,                      -- as Role.code()
  primary key (person, organisation_id, role));
create index membership_organisation on identity.membership (organisation_id, person);          -- serves PersonStore.of
alter table identity.membership enable row level security;
alter table identity.membership force row level security;
create policy owners on identity.membership to conurb_application using (organisation_id = any(store.owners()));
create policy system on identity.membership to conurb_system using (true);
grant select, insert, delete on identity.membership to conurb_application, conurb_system;

-- A person is seen by the organisations that he or she works in. Only conurb_system reads passwords' hashes.
alter table identity.person enable row level security;
alter table identity.person force row level security;
create policy colleagues on identity.person to conurb_application
  using (exists (select 1 from identity.membership m where m.person = person.id));              -- itself behind the wall
create policy arrivals on identity.person for insert to conurb_application with check (true);
create policy system on identity.person to conurb_system using (true);
grant select (id, username, name, epoch, created_at, disabled_at), insert, update (name, password_hash, epoch, disabled_at)
  on identity.person to conurb_application;
grant select, insert, update on identity.person to conurb_system;

-- Programs that act by themselves (client credentials) or for people (authorization code).
create table identity.client (
  id              text primary key,
  name            text not null check (length(name) between 1 and 200),
  organisation_id text not null references identity.organisation,
  roles           text not null,                      -- Role.code(), separated by spaces
  secret_hash     bytea,                              -- SHA-256 of 256 random bits; null: a public client (PKCE only)
  redirect_uris   text not null,                      -- separated by spaces; empty: no authorization code
  default_purpose text,                               -- purpose code that stands when no grant is named
  installation    boolean not null,                   -- bootstrap.json: every role in every organisation
  created_at      timestamptz not null,
  ended_at        timestamptz);                       -- its tokens are refused from then on
create index client_organisation on identity.client (organisation_id, id);                      -- serves ClientStore.of
alter table identity.client enable row level security;
alter table identity.client force row level security;
create policy owners on identity.client to conurb_application using (organisation_id = any(store.owners()));
create policy system on identity.client to conurb_system using (true);
grant select (id, name, organisation_id, roles, redirect_uris, default_purpose, installation, created_at, ended_at), insert,
  update (ended_at) on identity.client to conurb_application;
grant select, insert, update on identity.client to conurb_system;

-- Passkeys (WebAuthn credential records, https://www.w3.org/TR/webauthn-3/#credential-record).
create table identity.passkey (
  id                 bytea primary key,               -- credential id
  person             uuid not null references identity.person,
  label              text not null,
  public_key         bytea not null,                  -- COSE
  signature_count    bigint not null,
  user_verified      boolean not null,
  backup_eligible    boolean not null,
  backed_up          boolean not null,
  transports         text not null,                   -- separated by spaces
  attestation        bytea,
  client_data        bytea,
  created_at         timestamptz not null,
  used_at            timestamptz not null);
create index passkey_person on identity.passkey (person);                                       -- serves Passkeys.findByUserId
grant select, insert, update, delete on identity.passkey to conurb_system;

-- Console sessions: they survive a restart of the server. The cookie itself is not kept, only its hash.
create table identity.session (
  key             bytea primary key,                  -- SHA-256 of the cookie's value
  person          uuid not null references identity.person,
  epoch           int not null,                       -- of the person when it was opened
  organisation_id text not null,                      -- acted for
  seat            text,                               -- taken
  opened_at       timestamptz not null,
  seen_at         timestamptz not null);              -- within five minutes
create index session_seen on identity.session (seen_at);                                        -- serves the purge
create index session_person on identity.session (person);                                       -- serves the bound of sessions of a person
alter table identity.session enable row level security;
alter table identity.session force row level security;
create policy system on identity.session to conurb_system using (true);
grant select, insert, update, delete on identity.session to conurb_system;
