-- Warnings that are over go when their time is; a purge walks warning_ended from its oldest end.
alter table warnings.warning add column ended_at timestamptz;                             -- null while active
alter table warnings.warning no force row level security;
update warnings.warning set ended_at = least(greatest(at, expires), now()) where state <> 'active';
alter table warnings.warning force row level security;
create index warning_ended on warnings.warning (ended_at) where ended_at is not null;     -- serves WarningStore.forget
create index reference_warning on warnings.reference (warning_id);                        -- serves WarningStore.forget

create policy system_references on warnings.reference to conurb_system using (true);
create policy system_forgets on warnings.warning for delete to conurb_system using (true);
grant delete on warnings.warning to conurb_system;
grant select, delete on warnings.reference to conurb_system;
