-- Groups, who is in them and follows them, the units that may take part, and who is in an emergency.
create table talk.unit (
  id              uuid primary key,                    -- of the Unit entity: what talk knows of units, by the stream of changes
  organisation_id text not null,
  call_sign       text not null,
  at              timestamptz not null);               -- when talk learned it

create table talk.talk_group (
  id              uuid primary key,                    -- of the TalkGroup entity
  organisation_id text not null,                       -- whose group it is; the second wall stands on this
  kind            text not null check (kind in ('standing', 'incident', 'temporary')),
  at              timestamptz not null,                -- made
  name            text not null,
  incident_id     uuid unique,                         -- that it was opened for
  priority        smallint not null,                   -- of its incident, 1 to 4; 0 without one
  recorded        boolean not null,
  policy          text,                                -- key of the city folder's talk-groups
  closed_at       timestamptz);
create index talk_group_open on talk.talk_group (id) where closed_at is null;             -- serves GroupStore.open
create index talk_group_closed on talk.talk_group (closed_at) where closed_at is not null;-- serves GroupStore.forget

-- Units that answer the incident, or who was called into a temporary group; the rest is decided by GroupRules.
create table talk.member (
  group_id        uuid not null references talk.talk_group on delete cascade,
  participant     text not null,                       -- MCPTT ID
  organisation_id text not null,                       -- whose group it is
  place           int not null,                        -- order
  primary key (group_id, participant));

create table talk.affiliation (
  participant     text not null,                       -- MCPTT ID
  group_id        uuid not null references talk.talk_group on delete cascade,
  organisation_id text not null,                       -- whose group it is
  at              timestamptz not null,
  primary key (participant, group_id));
create index affiliation_group on talk.affiliation (group_id);                            -- serves the deletion of a group

create table talk.emergency (
  id              uuid primary key,                    -- of the TalkEmergency entity
  organisation_id text not null,                       -- whose group it is in
  kind            text not null check (kind in ('routine', 'imminent-peril', 'emergency')),
  cell            bigint,                              -- kernel Cell of the place, finest level
  at              timestamptz not null,                -- since when
  group_id        text not null,                       -- URN: private calls have no row
  participant     text not null,                       -- MCPTT ID
  participant_name text not null,
  alert           boolean not null,
  latitude        float8,                              -- concerns persons, as the whole position
  longitude       float8,
  incident_id     text,                                -- URN
  ended_at        timestamptz);
create unique index emergency_open on talk.emergency (group_id, participant) where ended_at is null;  -- serves EmergencyStore.find
create index emergency_ended on talk.emergency (ended_at) where ended_at is not null;     -- serves EmergencyStore.forget

alter table talk.unit enable row level security;
alter table talk.unit force row level security;
alter table talk.talk_group enable row level security;
alter table talk.talk_group force row level security;
alter table talk.member enable row level security;
alter table talk.member force row level security;
alter table talk.affiliation enable row level security;
alter table talk.affiliation force row level security;
alter table talk.emergency enable row level security;
alter table talk.emergency force row level security;

create policy owners on talk.unit to conurb_application using (organisation_id = any(store.owners()));
create policy owners on talk.talk_group to conurb_application using (organisation_id = any(store.owners()));
create policy owners on talk.member to conurb_application using (organisation_id = any(store.owners()));
create policy owners on talk.affiliation to conurb_application using (organisation_id = any(store.owners()));
create policy owners on talk.emergency to conurb_application using (organisation_id = any(store.owners()));
create policy system on talk.unit to conurb_system using (true);
create policy system on talk.talk_group to conurb_system using (true);
create policy system on talk.member to conurb_system using (true);
create policy system on talk.affiliation to conurb_system using (true);
create policy system on talk.emergency to conurb_system using (true);

grant usage on schema talk to conurb_application, conurb_system;
grant select on talk.unit to conurb_application;
grant select, insert, update on talk.talk_group to conurb_application;
grant select, insert, delete on talk.member to conurb_application;
grant select, insert, delete on talk.affiliation to conurb_application;
grant select on talk.emergency to conurb_application;
grant select, insert, update, delete on talk.unit, talk.talk_group, talk.member, talk.affiliation, talk.emergency to conurb_system;
