-- Types are found by entity to be taken away, never in the order of entities: an index that has one tempts the planner to walk
-- everybody's rows for a list of one owner's.
drop index hub.entity_type_iid;
create index entity_type_iid on hub.entity_type using hash (iid);
drop index hub.past_type_iid;
create index past_type_iid on hub.past_type using hash (iid);
