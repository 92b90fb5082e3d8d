-- JSON-LD contexts (GS CIM 009 clause 5.13): hosted for clients, made for answers, and fetched from elsewhere. All may read
-- all of them, in every tenant: a name means the same to whoever meets it.
create table hub.context (
  id              text primary key,                                 -- local, a URI
  kind            text not null check (kind in ('Hosted', 'Cached', 'ImplicitlyCreated')),
  organisation_id text,                                             -- who added it; of a hosted one
  url             text unique,                                      -- where it was fetched; of a cached one
  document        text not null,                                    -- the context alone, without what stood beside it
  bytes           int not null,
  created_at      timestamptz not null,                             -- added, made, or fetched last
  expires_at      timestamptz,                                      -- fetched anew from then on, once it is used
  used_at         timestamptz not null,
  hits            bigint not null default 0,
  check ((kind = 'Hosted') = (organisation_id is not null)),
  check ((kind = 'Cached') = (url is not null)));
create index context_used on hub.context (kind, used_at);          -- serves ContextStore.evict

alter table hub.context enable row level security;
alter table hub.context force row level security;
create policy reading on hub.context for select to conurb_application using (true);
create policy wall on hub.context to conurb_application
  using (organisation_id is null or organisation_id = any ((select store.owners())::text[]))
  with check (organisation_id is null or organisation_id = any ((select store.owners())::text[]));
create policy parts on hub.context to conurb_system using (true) with check (true);
grant select, insert, update, delete on hub.context to conurb_application, conurb_system;

-- Registrations and what is added to histories keep their tenant, too.
create trigger hold_tenant before insert on hub.registration
  for each row when (new.tenant <> '') execute function hub.hold_tenant();
drop trigger hold_tenant on hub.entity;
create trigger hold_tenant before insert or update on hub.entity
  for each row when (new.tenant <> '') execute function hub.hold_tenant();
