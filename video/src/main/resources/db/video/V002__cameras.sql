-- Cameras: whose they are, where they hang, and where their streams come from. How each one is now is not here but in memory.
create table video.camera (
  id              uuid primary key,
  organisation_id text not null,                       -- whose it is; the second wall stands on this
  kind            text not null,                       -- rtsp, or whip: published to us
  cell            bigint not null,                     -- kernel Cell of the place, finest level
  at              timestamptz not null,                -- added
  name            text not null,
  source          text not null,                       -- address for people to read, without what is secret in it
  sub_source      text,                                -- of a smaller stream of the same picture
  secret          bytea not null,                      -- addresses and login in full, sealed by CameraSecrets
  transport       text not null check (transport in ('AUTO', 'TCP', 'UDP')),
  recorded        boolean not null,                    -- else live only
  latitude        float8 not null,
  longitude       float8 not null,
  heading_degrees float8,                              -- where it looks, clockwise from north
  version         int not null,
  unique (organisation_id, name));                     -- serves CameraStore.list

alter table video.camera enable row level security;
alter table video.camera force row level security;
create policy owners on video.camera to conurb_application using (organisation_id = any(store.owners()));
create policy system on video.camera to conurb_system using (true);
grant usage on schema video to conurb_application, conurb_system;
grant select, insert, update, delete on video.camera to conurb_application;
grant select on video.camera to conurb_system;
