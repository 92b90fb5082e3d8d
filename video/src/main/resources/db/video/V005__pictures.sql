-- What each camera usually shows, in 32 by 18 fields of brightness: what a moved camera is told by.
create table video.usual_view (
  camera_id       uuid primary key references video.camera on delete cascade,
  version         int not null,                        -- of the camera; a changed one is learned anew
  looks           int not null,                        -- it was learned from; at most PictureMemory.SLOWEST
  fields          bytea not null check (length(fields) = 576));

grant select, insert, update on video.usual_view to conurb_system;
