package org.conurb.store;

/**
 * A module's schema. Its scripts lie in {@code db/<schema>/V001__name.sql} and run as the owner; they grant what
 * {@code conurb_application} and {@code conurb_system} need, and put a policy on every table with an organisation.
 *
 * @param schema name of module, schema and folder
 */
public record Migrations(String schema) {}
