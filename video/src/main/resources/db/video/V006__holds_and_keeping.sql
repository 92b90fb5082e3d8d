-- Holds that people place: for which case, and by whom. And how long each camera's recordings are kept.
alter table video.hold add column case_id text;        -- null: an export's own, which ends with it
alter table video.hold add column subject text;        -- who placed it
alter table video.hold add column subject_name text;
create index hold_list on video.hold (organisation_id, id desc)
  where released_at is null and case_id is not null;                                      -- serves HoldStore.list

-- Where a camera differs from the site. A row outlives its camera until the last hour of it is deleted.
create table video.keeping (
  camera_id       uuid primary key,
  organisation_id text not null,                       -- of the camera; the second wall stands on this
  least_days      int check (least_days between 0 and 3650),       -- promised; null: as the site does
  most_days       int check (most_days between 1 and 3650),        -- then deleted; null: as the site does
  priority        smallint not null check (priority between 0 and 2),   -- 0 goes first where the disk fills
  check (least_days <= most_days));

alter table video.keeping enable row level security;
alter table video.keeping force row level security;
create policy owners on video.keeping to conurb_application using (organisation_id = any(store.owners()));
create policy system on video.keeping to conurb_system using (true);
grant select, insert, update, delete on video.keeping to conurb_application;
grant select, delete on video.keeping to conurb_system;
