-- Purpose grants: who may see what concerns persons, why, for which case, until when. The unit of audit and revocation.
-- A grant is never changed but to end it; the audit log keeps that it was when the row is purged (retention "grants").
create table agreements.purpose_grant (
  id              uuid primary key,                       -- UUIDv7; travels as Conurb-Purpose
  organisation_id text not null,                          -- the one its holder acts for
  subject         text not null,                          -- holder, person:<uuid> or client:<id>
  seat            text,                                   -- that the holder had taken
  purpose         text not null,                          -- code of the city folder
  case_id         text check (length(case_id) <= 200),    -- URN of the incident; null for what belongs to none
  derived         boolean not null,                       -- by the server, from seat and case; else asked for
  valid_from      timestamptz not null,
  valid_until     timestamptz not null check (valid_until > valid_from),
  ended_at        timestamptz);                           -- null while nobody ended it
create index purpose_grant_holder on agreements.purpose_grant
  (organisation_id, subject, valid_until);                -- serves GrantRows.inForce and derived
create index purpose_grant_age on agreements.purpose_grant
  (organisation_id, valid_until);                         -- serves GrantRows.purge

alter table agreements.purpose_grant enable row level security;
alter table agreements.purpose_grant force row level security;
create policy owners on agreements.purpose_grant to conurb_application
  using (organisation_id = any (store.owners())) with check (organisation_id = any (store.owners()));
create policy system on agreements.purpose_grant to conurb_system using (true) with check (true);
grant select, insert, update, delete on agreements.purpose_grant to conurb_application, conurb_system;
