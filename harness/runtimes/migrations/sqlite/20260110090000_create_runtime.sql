-- migrate:up
create table runtime (
  id            integer primary key,
  ref           text not null unique check (ref = lower(ref)),
  pack_ref      text,
  name          text not null,
  description   text,
  distributions text not null default '{}' check (json_type(distributions) = 'object'),
  installation  text,
  created       text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated       text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  runtime_type  text not null default 'action' check (runtime_type in ('action', 'sensor'))
);
create index idx_runtime_pack on runtime(pack_ref);
create index idx_runtime_type on runtime(runtime_type);

create table action (
  id      integer primary key,
  ref     text not null unique check (ref = lower(ref)),
  runtime integer references runtime(id)
);
create index idx_action_runtime on action(runtime);

create table sensor (
  id          integer primary key,
  ref         text not null unique check (ref = lower(ref)),
  runtime     integer not null references runtime(id),
  runtime_ref text not null
);
create index idx_sensor_runtime on sensor(runtime);

-- migrate:down
drop table sensor;
drop table action;
drop table runtime;
