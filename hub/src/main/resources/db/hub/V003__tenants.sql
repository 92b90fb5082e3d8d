-- Tenants (GS CIM 009 clause 4.14): no row of another tenant exists for a transaction, whoever owns it. The default tenant
-- is '' and has no row here.
create table hub.tenant (
  name            text primary key check (name ~ '^[A-Za-z0-9_-]{1,50}$'),
  at              timestamptz not null,                             -- created
  empty           boolean not null default true);                   -- found to hold nothing, and nothing was written since

do $$
declare
  named text;
  wall constant text := 'organisation_id = any ((select store.owners())::text[]) and tenant = (select store.tenant())';
begin
  foreach named in array array['entity', 'entity_type', 'attribute', 'place', 'attribute_instance', 'change', 'subscription', 'delivery'] loop
    execute format('alter policy wall on hub.%I using (%s) with check (%2$s)', named, wall);
  end loop;
end $$;

-- A tenant that is written to is not empty and stays until the writer is done; one that was deleted at that very moment is
-- made anew, so that nothing acknowledged lies in a tenant that is not listed. The default tenant pays nothing for this.
create function hub.hold_tenant() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  perform from hub.tenant t where t.name = new.tenant and not t.empty for key share;
  if not found then
    insert into hub.tenant (name, at, empty) values (new.tenant, new.at, false) on conflict (name) do update set empty = false;
  end if;
  return new;
end $$;
create trigger hold_tenant before insert or update of version on hub.entity
  for each row when (new.tenant <> '') execute function hub.hold_tenant();
create trigger hold_tenant before insert on hub.subscription
  for each row when (new.tenant <> '') execute function hub.hold_tenant();

grant select, insert, delete on hub.tenant to conurb_application;
grant select, update on hub.tenant to conurb_system;
