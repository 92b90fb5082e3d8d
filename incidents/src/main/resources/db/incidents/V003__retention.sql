-- Closed incidents go when their time is over, with all that belongs to them; a purge walks this from its oldest end.
create index incident_closed on incidents.incident (closed_at) where state = 'closed';   -- serves IncidentStore.forget

create policy system on incidents.assignment to conurb_system using (true);
create policy system on incidents.mark to conurb_system using (true);
grant delete on incidents.incident to conurb_system;
grant select, delete on incidents.assignment, incidents.mark to conurb_system;
