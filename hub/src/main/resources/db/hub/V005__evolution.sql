-- The evolution of an entity in time is a thing of its own: clients add to it, mend it and take from it; it may be there
-- without the entity, and it outlives it.
alter table hub.attribute_instance
  add column modified_at timestamptz,                               -- when it was mended; null when it never was
  add column shape       char(1),                                   -- what its value is, as Measure has it; null for the mark of what was taken away
  add column number      float8;                                    -- what aggregates compute with: the number, 1 for true, the size of a list, a moment

alter table hub.attribute_instance no force row level security;
alter table hub.entity no force row level security;

update hub.attribute_instance set value = '{"type":"Property","value":"urn:ngsi-ld:null"}' where value is null;  -- marks tell what they are

update hub.attribute_instance h set
       shape = case when v ->> 'type' in ('Relationship', 'ListRelationship') then 'r'
                    else case jsonb_typeof(coalesce(v -> 'value', v -> 'vocab', v -> 'valueList', v -> 'json'))
                         when 'number' then 'n' when 'boolean' then 'b' when 'array' then 'a' when 'string' then 's' else 'o' end end,
       number = case jsonb_typeof(coalesce(v -> 'value', v -> 'valueList', v -> 'json'))
                when 'number' then cast(coalesce(v ->> 'value', v ->> 'json') as float8)
                when 'boolean' then cast(cast(coalesce(v ->> 'value', v ->> 'json') as boolean) as int)
                when 'array' then jsonb_array_length(coalesce(v -> 'value', v -> 'valueList', v -> 'json')) end
  from (select x.iid, x.name, x.at, x.hid, cast(x.value as jsonb) as v from hub.attribute_instance x) p
 where h.iid = p.iid and h.name = p.name and h.at = p.at and h.hid = p.hid
   and h.value <> '{"type":"Property","value":"urn:ngsi-ld:null"}';

alter table hub.attribute_instance alter column value set not null;

create index attribute_instance_mark on hub.attribute_instance (iid, name, recorded_at) where shape is null;  -- serves by when deleted

-- Types that only the evolution has: those of entities that do not live, and those that clients added to it.
create table hub.past_type (
  tenant          text not null,
  kind            text not null,
  organisation_id text not null,
  iid             bigint not null,
  primary key (tenant, kind, organisation_id, iid));                -- serves lists by type, beside entity_type
create index past_type_iid on hub.past_type (iid);

insert into hub.past_type (tenant, kind, organisation_id, iid)
select e.tenant, e.kind, e.organisation_id, e.iid from hub.entity e where e.deleted_at is not null;

-- Scopes have a history, too: from now on what they are.
insert into hub.attribute_instance (tenant, organisation_id, iid, kind, name, dataset, at, observed_at, recorded_at, value, shape, number)
select e.tenant, e.organisation_id, e.iid, e.kind, 'scope', '', e.at, e.at, e.at,
       json_build_object('type', 'Property', 'value', cast(e.document as json) -> 'scope'),
       case json_typeof(cast(e.document as json) -> 'scope') when 'array' then 'a' else 's' end,
       case json_typeof(cast(e.document as json) -> 'scope') when 'array' then cardinality(e.scopes) end
  from hub.entity e where e.deleted_at is null and e.scopes <> '{}';

alter table hub.attribute_instance force row level security;
alter table hub.entity force row level security;

alter table hub.past_type enable row level security;
alter table hub.past_type force row level security;
create policy wall on hub.past_type to conurb_application
  using (organisation_id = any ((select store.owners())::text[]) and tenant = (select store.tenant()))
  with check (organisation_id = any ((select store.owners())::text[]) and tenant = (select store.tenant()));
create policy parts on hub.past_type to conurb_system using (true) with check (true);
grant select, insert, delete on hub.past_type to conurb_application, conurb_system;
grant update, delete on hub.attribute_instance to conurb_application;
