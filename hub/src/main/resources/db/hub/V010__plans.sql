-- Before statistics are gathered the planner takes a tenant and an owner for rare, as ids are, and would rather walk all rows
-- of an owner than look up the few that are asked for; and a plan is kept. So it is told that nearly all rows have them.
do $$
declare
  named text;
  part  text;
begin
  foreach named in array array['entity', 'entity_type', 'past_type', 'attribute', 'place', 'attribute_instance', 'change'] loop
    foreach part in array array['tenant', 'organisation_id'] loop
      if not exists (select from pg_stats where schemaname = 'hub' and tablename = named and attname = part) then
        perform pg_restore_attribute_stats('schemaname', 'hub', 'relname', named, 'attname', part, 'inherited', false,
                                           'null_frac', 0::real, 'avg_width', 8, 'n_distinct', 1::real);
      end if;
    end loop;
  end loop;
end $$;

-- A change is found by its number, or in the order of rows that wait for one: two entries in indexes for each, not five.
alter table hub.change drop constraint change_pkey;
drop index hub.change_seq;
create unique index change_seq on hub.change (seq) where seq is not null;   -- serves cursors, events and their resumption
