-- Which volume recordings lie on: one that was swapped, or is not mounted, is refused.
create table video.volume (
  id              uuid primary key,                    -- also in volume.json on the disk
  first_opened_at timestamptz not null);

grant select, insert, delete on video.volume to conurb_system;
