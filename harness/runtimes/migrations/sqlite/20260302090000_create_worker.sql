-- migrate:up
create table worker (
  id             integer primary key,
  name           text not null unique,
  role           text not null check (role in ('action','sensor')),
  status         text not null default 'active' check (status in ('active','inactive','draining','error')),
  host           text,
  capabilities   text not null default '{}' check (json_type(capabilities) = 'object'),
  last_heartbeat text,
  created        text not null default (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  updated        text not null default (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);
create table runtime_check (
  id          integer primary key,
  worker      integer not null references worker(id) on delete cascade,
  runtime     integer not null references runtime(id) on delete cascade,
  available   integer not null check (available in (0,1)),
  source      text not null check (source in ('env','config','database')),
  reason      text not null,
  binary_path text, version text, exit_code integer, term_signal integer, duration_ms integer,
  checked_at  text not null default (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);
create index idx_runtime_check_latest on runtime_check(worker, runtime, checked_at desc);

-- migrate:down
drop table runtime_check;
drop table worker;
