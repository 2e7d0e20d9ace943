-- migrate:up
create table runtime_version (
  id            integer primary key,
  runtime       integer not null references runtime(id) on delete cascade,
  version       text not null,
  version_major integer, version_minor integer, version_patch integer,
  distributions text not null default '{}',
  is_default    integer not null default 0 check (is_default in (0,1)),
  unique (runtime, version)
);
create unique index one_default_version on runtime_version(runtime) where is_default;

-- migrate:down
drop table runtime_version;
