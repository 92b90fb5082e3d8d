-- What is on disk of each camera, hour by hour. Fragments are indexed in files beside the recordings, not here.
create table video.recording_hour (
  camera_id       uuid not null,
  hour_starts_at  timestamptz not null,                -- a whole UTC hour; a file belongs to the hour it begins in
  organisation_id text not null,                       -- whose camera it was; the second wall stands on this
  records         int not null,                        -- lines of the index, gaps too
  size_bytes      bigint not null check (size_bytes >= 0),
  covered_millis  int not null,                        -- on disk
  minutes         bigint not null,                     -- bit n: at least half of minute n is on disk
  gaps            text not null,                       -- start,end,reason;… in milliseconds of the hour; the longest 100
  chain_head      bytea not null,                      -- HourChain over the index; also in the audit log
  closed_at       timestamptz not null,
  primary key (camera_id, hour_starts_at));            -- serves RecordingHours.of
create index recording_hour_age on video.recording_hour (hour_starts_at);                 -- serves RecordingHours.oldest

create table video.hold (
  id              uuid primary key,
  organisation_id text not null,                       -- of the camera
  camera_id       uuid not null,
  from_at         timestamptz not null,
  to_at           timestamptz not null check (to_at > from_at),
  reason          text not null,                       -- a case, an export; nothing about persons
  placed_at       timestamptz not null,
  released_at     timestamptz);                        -- while null, nothing of the span is deleted
create index hold_camera on video.hold (camera_id, from_at) where released_at is null;    -- serves RecordingHours.oldest

alter table video.recording_hour enable row level security;
alter table video.recording_hour force row level security;
alter table video.hold enable row level security;
alter table video.hold force row level security;

create policy owners on video.recording_hour to conurb_application using (organisation_id = any(store.owners()));
create policy owners on video.hold to conurb_application using (organisation_id = any(store.owners()));
create policy system on video.recording_hour to conurb_system using (true);
create policy system on video.hold to conurb_system using (true);

grant usage on schema video to conurb_application, conurb_system;
grant select on video.recording_hour to conurb_application;
grant select, insert, update on video.hold to conurb_application;
grant select, insert, update, delete on video.recording_hour to conurb_system;
grant select, insert, update on video.hold to conurb_system;
