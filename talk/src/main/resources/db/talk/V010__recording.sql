-- Talk spurts: who talked in which group, when and how long, and what there is to hear. The voice is in files, not here.
create table talk.spurt (
  id              uuid primary key,                    -- of the talk
  organisation_id text not null,                       -- whose group it is; the second wall stands on this
  kind            text not null,                       -- where its group comes from: standing, incident, temporary, private
  at              timestamptz not null,                -- when it began
  hour_starts_at  timestamptz not null,                -- the whole hour of that; spurt_hour counts it there
  group_id        text not null,
  group_name      text not null,
  incident_id     text,                                -- URN of the incident that the group was opened for
  participant     text not null,                       -- MCPTT ID: a seat or a unit
  participant_name text not null,
  participant_organisation text not null,
  site            text not null,
  urgency         text not null,
  recorded        boolean not null,                    -- whether the group's policy keeps the voice
  ended_at        timestamptz,                         -- null while it goes on, or until the next start after a crash
  fault           text,                                -- why there is nothing, or not all, to hear of a recorded one
  audio_at        timestamptz,                         -- when the first packet was heard
  size_bytes      bigint check (size_bytes > 0),       -- of its file; null without one
  packets         int,
  lost            int,                                 -- packets that the disk was too slow for
  sha256          bytea check (length(sha256) = 32),   -- of its file
  seq             int,                                 -- place in the chain of its hour, from 0; null until it is sealed
  link            bytea check (length(link) = 32));    -- SpurtChain up to here
create index spurt_list on talk.spurt (organisation_id, at desc, id desc);                -- serves SpurtStore.list
create index spurt_group on talk.spurt (group_id, at desc, id desc);                      -- serves SpurtStore.list, hour
create index spurt_incident on talk.spurt (incident_id, at desc, id desc) where incident_id is not null;  -- the same
create index spurt_participant on talk.spurt (participant, at desc, id desc);             -- the same
create index spurt_hour_list on talk.spurt (hour_starts_at, id);                          -- serves SpurtStore.known
create index spurt_open on talk.spurt (at) where ended_at is null;                        -- serves SpurtStore.open

-- One group's hour: what is counted, chained and told to the audit log together.
create table talk.spurt_hour (
  group_id        text not null,
  hour_starts_at  timestamptz not null,                -- a whole UTC hour; a spurt belongs to the hour it begins in
  organisation_id text not null,                       -- whose group it is
  spurts          int not null,
  recorded        int not null,                        -- of these, with voice
  millis          bigint not null,                     -- of talk
  lost            bigint not null,
  ends_at         timestamptz not null,                -- of the spurt that ended last
  chain_head      bytea not null,                      -- SpurtChain
  told_head       bytea,                               -- the head that the audit log has
  primary key (group_id, hour_starts_at));
create index spurt_hour_age on talk.spurt_hour (hour_starts_at);                          -- serves SpurtRetention.old
create index spurt_hour_untold on talk.spurt_hour (hour_starts_at)
  where told_head is null or told_head <> chain_head;                                     -- serves SpurtHours.untold

create table talk.hold (
  id              uuid primary key,
  organisation_id text not null,                       -- whose hold it is; the second wall stands on this
  group_id        text not null,
  from_at         timestamptz not null,
  to_at           timestamptz not null check (to_at > from_at),
  reason          text not null,                       -- an export; nothing about persons
  placed_at       timestamptz not null,
  released_at     timestamptz);                        -- while null, nothing of the span is deleted
create index hold_group on talk.hold (group_id, from_at) where released_at is null;       -- serves SpurtRetention.old

alter table talk.spurt enable row level security;
alter table talk.spurt force row level security;
alter table talk.spurt_hour enable row level security;
alter table talk.spurt_hour force row level security;
alter table talk.hold enable row level security;
alter table talk.hold force row level security;
create policy owners on talk.spurt to conurb_application using (organisation_id = any(store.owners()));
create policy owners on talk.spurt_hour to conurb_application using (organisation_id = any(store.owners()));
create policy owners on talk.hold to conurb_application using (organisation_id = any(store.owners()));
create policy system on talk.spurt to conurb_system using (true);
create policy system on talk.spurt_hour to conurb_system using (true);
create policy system on talk.hold to conurb_system using (true);
grant usage on schema talk to conurb_application, conurb_system;
grant select, insert, update on talk.spurt, talk.spurt_hour to conurb_application;
grant select, insert, update on talk.hold to conurb_application;
grant select, insert, update, delete on talk.spurt, talk.spurt_hour to conurb_system;
grant select, insert, update on talk.hold to conurb_system;

-- Evidence taken out, as in video: what was asked for, how far it is, and what holds keep its originals meanwhile.
create table talk.export (
  id              uuid primary key,                    -- version 7: order of asking
  organisation_id text not null,                       -- whose export it is; the second wall stands on this
  subject         text not null,                       -- who asked
  subject_name    text not null,
  grant_id        uuid not null,                       -- purpose grant it stands under
  case_id         text not null,
  reason          text not null,                       -- concerns persons
  at              timestamptz not null,                -- asked
  parts           text not null,                       -- JSON: groups, spans, holds
  state           text not null check (state in ('queued', 'running', 'ready', 'failed', 'expired')),
  percent         smallint not null check (percent between 0 and 100),
  detail          text not null,                       -- why it failed; else empty
  size_bytes      bigint not null,
  sha256          text not null,                       -- of the bundle, in hex; empty until it is ready
  finished_at     timestamptz);
create index export_list on talk.export (organisation_id, id desc);                       -- serves ExportStore.list
create index export_open on talk.export (id) where state in ('queued', 'running');        -- serves ExportStore.next
create index export_old on talk.export (finished_at) where state = 'ready';               -- serves ExportStore.old

alter table talk.export enable row level security;
alter table talk.export force row level security;
create policy owners on talk.export to conurb_application using (organisation_id = any(store.owners()));
create policy system on talk.export to conurb_system using (true);
grant select, insert, update on talk.export to conurb_application;
grant select, update on talk.export to conurb_system;
