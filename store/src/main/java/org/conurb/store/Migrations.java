package org.conurb.store;

/**
 * A module's schema. Its scripts lie in {@code db/<schema>/V001__name.sql} and run as the owner; they grant what
 * {@code conurb_application} and {@code conurb_system} need (usage of the schema is given already), and put policies on
 * every table with an organisation:
 *
 * <pre>{@code
 * alter table s.t enable row level security;
 * alter table s.t force row level security;
 * create policy callers on s.t to conurb_application using (organisation_id = any (store.owners()));
 * create policy system on s.t to conurb_system using (true);
 * }</pre>
 *
 * @param schema name of module, schema and folder
 */
public record Migrations(String schema) {}
