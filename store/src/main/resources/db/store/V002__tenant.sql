-- The second column of the second wall: whose tenant the current transaction works in, '' for the default one.
-- Stable and inlined, like store.owners(). None was set: the default tenant.
create function store.tenant() returns text
  language sql stable parallel safe
  return coalesce(current_setting('conurb.tenant', true), '');
