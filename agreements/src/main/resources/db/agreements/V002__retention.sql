-- Grants of all organisations are forgotten together, those that ended first at first.
drop index agreements.purpose_grant_age;
create index purpose_grant_until on agreements.purpose_grant (valid_until);   -- serves GrantRows.forget
