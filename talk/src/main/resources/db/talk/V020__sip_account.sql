-- One row a SIP device. Who deletes the account ends what the device may do.
create table talk.sip_account (
  id              uuid primary key,                    -- version 7: order of making
  organisation_id text not null,                       -- of the seat or unit; the second wall stands on this
  participant     text not null,                       -- MCPTT ID that takes part by it
  device          text not null,                       -- what people call it
  username        text not null unique,
  secret          bytea not null,                      -- sealed by SipSecrets, bound to id
  at              timestamptz not null);
create index sip_account_list on talk.sip_account (organisation_id, id);                  -- serves SipAccountStore.list

alter table talk.sip_account enable row level security;
alter table talk.sip_account force row level security;
create policy owners on talk.sip_account to conurb_application using (organisation_id = any(store.owners()));
create policy system on talk.sip_account to conurb_system using (true);
grant select, insert, delete on talk.sip_account to conurb_application;
grant select on talk.sip_account to conurb_system;
