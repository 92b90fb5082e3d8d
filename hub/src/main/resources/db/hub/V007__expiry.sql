-- What expires (GS CIM 009 clause 4.22), and when attributes were made and changed (clause 4.8).
alter table hub.entity
  add column parts_expire_at timestamptz,                            -- the first of its attributes that expires
  add column times text not null default '';                         -- AttributeTimes: a line for each instance that differs from created_at
create index entity_expires on hub.entity (expires_at) where expires_at is not null;                  -- serves EntityRows.lockExpired
create index entity_parts_expire on hub.entity (parts_expire_at) where parts_expire_at is not null;   -- the same
