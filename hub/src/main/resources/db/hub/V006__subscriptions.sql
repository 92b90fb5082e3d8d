-- What subscriptions need to know of a change, when they are told next, and registrations of context sources.

alter table hub.change
  add column before     text,                                      -- attributes that changed, as they were, those that were there; of a deletion the whole entity; null for a creation
  add column created_at timestamptz;                               -- when the entity was created

alter table hub.subscription
  add column about   char(1) not null default 'E' check (about in ('E', 'R')),  -- entities, or registrations of context sources
  add column told_at timestamptz,                                  -- when it was last told something, where it is throttled
  add column due_at  timestamptz;                                  -- when its turn comes: of its interval, or of what was withheld
alter table hub.subscription drop constraint subscription_tenant_id_key;
alter table hub.subscription add unique (tenant, about, id);
create index subscription_due on hub.subscription (due_at) where due_at is not null and active;   -- serves Intervals

alter table hub.delivery add column manner text not null
  default '{"headers":{"Content-Type":"application/json"},"timeoutMs":0,"cooldownMs":0,"version":"V5","qos":0}';   -- how it is sent

-- What throttling keeps back: the latest of each entity, told when the time is over.
create table hub.withheld (
  sid             bigint not null references hub.subscription on delete cascade,
  entity_id       text not null,
  tenant          text not null,
  organisation_id text not null,
  told            text not null,                                   -- the entity as its receiver will read it
  at              timestamptz not null,
  primary key (sid, entity_id));

create table hub.registration (
  rid             bigint generated always as identity primary key,
  tenant          text not null,
  id              text not null check (length(id) <= 1000),
  organisation_id text not null,                                   -- who registered it
  mode            char(1) not null check (mode in ('i', 'e', 'r', 'a')),  -- inclusive, exclusive, redirect, auxiliary
  document        text not null,                                   -- as sent, with its @context
  created_at      timestamptz not null,
  at              timestamptz not null,
  expires_at      timestamptz,
  unique (tenant, id));
create index registration_owner on hub.registration (tenant, organisation_id, rid);    -- serves lists without a type

-- Types that a registration is about; '' where it names attributes only.
create table hub.registered_type (
  tenant          text not null,
  organisation_id text not null,
  kind            text not null,
  rid             bigint not null references hub.registration on delete cascade,
  primary key (tenant, organisation_id, kind, rid));               -- serves lists by type
create index registered_type_rid on hub.registered_type (rid);

do $$
declare
  named text;
  wall constant text := 'organisation_id = any ((select store.owners())::text[]) and tenant = (select store.tenant())';
begin
  foreach named in array array['withheld', 'registration', 'registered_type'] loop
    execute format('alter table hub.%I enable row level security', named);
    execute format('alter table hub.%I force row level security', named);
    execute format('create policy wall on hub.%I to conurb_application using (%s) with check (%2$s)', named, wall);
    execute format('create policy parts on hub.%I to conurb_system using (true) with check (true)', named);
  end loop;
end $$;

grant select on hub.withheld to conurb_application;
grant select, insert, update, delete on hub.withheld to conurb_system;
grant select, insert, update, delete on hub.registration, hub.registered_type to conurb_application;
grant select, delete on hub.registration, hub.registered_type to conurb_system;
