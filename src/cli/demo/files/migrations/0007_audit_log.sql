create table audit_log (
  id      bigint generated always as identity primary key,
  at      timestamptz not null default now(),
  who     text not null,
  what    text not null,
  subject text not null,
  hash    char(64) not null
);

create index audit_log_by_subject on audit_log (subject, at);

revoke update, delete on audit_log from quayside_app;
