-- Incidents from first call to closing report, the units that answer them, and every mark between.
create sequence incidents.number_seq;

create table incidents.incident (
  id              uuid primary key,
  organisation_id text not null,                       -- who runs it; the second wall stands on this
  kind            text not null,                       -- incident type of the city folder, as fire.smoke
  cell            bigint not null,                     -- kernel Cell of the place, finest level
  at              timestamptz not null,                -- opened
  number          bigint not null unique,              -- what people say: I-<number>
  priority        smallint not null check (priority between 1 and 4),
  state           text not null check (state in ('open', 'closed')),
  latitude        float8 not null,
  longitude       float8 not null,
  description     text not null,                       -- concerns persons
  caller_name     text,                                -- concerns persons
  caller_phone    text,                                -- concerns persons
  closed_at       timestamptz,
  modified_at     timestamptz not null,
  version         int not null);
create index incident_open on incidents.incident (organisation_id, state, number desc);   -- serves IncidentStore.list

create table incidents.unit (
  id              uuid primary key,
  organisation_id text not null,
  kind            text not null,                       -- unit kind of the city folder
  cell            bigint,                              -- of the last position
  at              timestamptz not null,                -- since when the status holds
  call_sign       text not null,
  status_code     text not null,                       -- code of the city folder
  state           text not null,                       -- what the code means: City.UnitState
  status_source   text not null,                       -- who said so: console, api, system
  latitude        float8,                              -- concerns persons, as the whole position
  longitude       float8,
  position_at     timestamptz,
  incident_id     uuid,                                -- the incident it answers now
  version         int not null,
  unique (organisation_id, call_sign));
create index unit_list on incidents.unit (organisation_id, call_sign, id);                -- serves UnitStore.list
create index unit_incident on incidents.unit (incident_id) where incident_id is not null; -- serves UnitStore.assignedTo

create table incidents.assignment (
  incident_id     uuid not null,
  unit_id         uuid not null,
  organisation_id text not null,                       -- of the unit
  assigned_at     timestamptz not null,
  released_at     timestamptz,
  primary key (incident_id, unit_id, assigned_at));

create table incidents.mark (
  id              uuid primary key,                    -- version 7: order of recording
  incident_id     uuid not null,
  organisation_id text not null,                       -- of the incident, or of the unit that it tells of
  at              timestamptz not null,                -- when it happened
  recorded_at     timestamptz not null,
  source          text not null,                       -- console, api, unit, system
  by_subject      text not null,
  by_name         text not null,
  kind            text not null,                       -- opened changed assigned released status note closed reopened
  text            text,                                -- concerns persons
  facts           text not null);                      -- JSON object
create index mark_incident on incidents.mark (incident_id, at, id);                       -- serves TimelineStore.of

alter table incidents.incident enable row level security;
alter table incidents.incident force row level security;
alter table incidents.unit enable row level security;
alter table incidents.unit force row level security;
alter table incidents.assignment enable row level security;
alter table incidents.assignment force row level security;
alter table incidents.mark enable row level security;
alter table incidents.mark force row level security;

create policy owners on incidents.incident to conurb_application using (organisation_id = any(store.owners()));
create policy owners on incidents.unit to conurb_application using (organisation_id = any(store.owners()));
create policy owners on incidents.assignment to conurb_application using (organisation_id = any(store.owners()));
create policy owners on incidents.mark to conurb_application using (organisation_id = any(store.owners()));
create policy system on incidents.incident to conurb_system using (true);
create policy system on incidents.unit to conurb_system using (true);

grant usage on schema incidents to conurb_application, conurb_system;
grant usage on sequence incidents.number_seq to conurb_application;
grant select, insert, update on incidents.incident to conurb_application;
grant select, insert, update, delete on incidents.unit to conurb_application;
grant select, insert, update on incidents.assignment to conurb_application;
grant select, insert on incidents.mark to conurb_application;
grant select on incidents.incident, incidents.unit to conurb_system;
