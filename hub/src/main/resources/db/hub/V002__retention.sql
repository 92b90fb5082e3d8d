-- Forgetting costs what it forgets: each purge walks an index from its oldest end.
-- Units' positions go sooner than the rest of their history, so they have an index of their own. History of an incident
-- goes with the incident and is in neither.
create index attribute_instance_position on hub.attribute_instance (recorded_at)
  where kind = 'Unit' and name in ('location', 'locationAt');                  -- serves Oblivion.positions
create index attribute_instance_age on hub.attribute_instance (kind, recorded_at)
  where kind <> 'Incident' and not (kind = 'Unit' and name in ('location', 'locationAt'));  -- serves Oblivion.history
create index entity_deleted on hub.entity (kind, deleted_at) where deleted_at is not null;   -- serves Oblivion.deleted

-- What time took away is told like any other deletion.
grant insert on hub.change to conurb_system;
