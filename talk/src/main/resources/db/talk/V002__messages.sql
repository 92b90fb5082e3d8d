-- Short data (MCData SDS, TS 24.282): what was sent, to whom it is to be delivered, and files that go with it.
create table talk.message (
  id              uuid primary key,                    -- chosen by the client that sent it
  organisation_id text not null,                       -- whose group it is in; between two, one whose wall both are behind
  kind            text not null check (kind in ('group', 'direct')),
  cell            bigint,                              -- kernel Cell of the place, finest level
  at              timestamptz not null,                -- taken
  sender          text not null,                       -- MCPTT ID
  target          text not null,                       -- URN of the group, or MCPTT ID
  incident_id     text,                                -- URN of the incident that the group was opened for
  text            text not null,                       -- concerns persons
  code            text,                                -- unit status code of the city folder
  latitude        float8,                              -- concerns persons, as the whole position
  longitude       float8,
  fingerprint     bytea not null check (length(fingerprint) = 32),   -- SHA-256 of all that was sent
  receivers       int not null);
create index message_target on talk.message (target, at desc, id desc);                   -- serves MessageStore.list
create index message_sender on talk.message (sender, at desc);                            -- serves MessageStore.lately
create index message_old on talk.message (at);                                            -- serves MessageStore.forget

create table talk.receipt (
  message_id      uuid not null references talk.message on delete cascade,
  participant     text not null,                       -- MCPTT ID
  organisation_id text not null,                       -- as the message's
  at              timestamptz not null,                -- as the message's
  delivered_at    timestamptz,
  read_at         timestamptz check (read_at is null or delivered_at is not null),
  primary key (message_id, participant));
create index receipt_pending on talk.receipt (participant, at, message_id) where delivered_at is null;  -- serves MessageStore.pending
create index receipt_list on talk.receipt (participant, at desc, message_id desc);        -- serves MessageStore.inbox

create table talk.attachment (
  id              uuid primary key,                    -- also the name of its file
  organisation_id text not null,                       -- of who sent it; with its message, as the message's
  kind            text not null,                       -- media type, as its octets tell
  at              timestamptz not null,
  name            text not null,                       -- as the sender called it; concerns persons
  size_bytes      bigint not null check (size_bytes > 0),
  sha256          bytea not null check (length(sha256) = 32),
  subject         text not null,                       -- who sent it
  message_id      uuid references talk.message,        -- null until a message has it
  place           int);                                -- order in that
create index attachment_message on talk.attachment (message_id) where message_id is not null;         -- serves AttachmentStore.of
create index attachment_unsent on talk.attachment (at) where message_id is null;                      -- serves AttachmentStore.unsent

alter table talk.message enable row level security;
alter table talk.message force row level security;
alter table talk.receipt enable row level security;
alter table talk.receipt force row level security;
alter table talk.attachment enable row level security;
alter table talk.attachment force row level security;
create policy owners on talk.message to conurb_application using (organisation_id = any(store.owners()));
create policy owners on talk.receipt to conurb_application using (organisation_id = any(store.owners()));
create policy owners on talk.attachment to conurb_application using (organisation_id = any(store.owners()));
create policy system on talk.message to conurb_system using (true);
create policy system on talk.receipt to conurb_system using (true);
create policy system on talk.attachment to conurb_system using (true);
grant select, insert on talk.message to conurb_application;
grant select, insert, update on talk.receipt to conurb_application;
grant select, insert, update on talk.attachment to conurb_application;
grant select, delete on talk.message, talk.receipt, talk.attachment to conurb_system;
