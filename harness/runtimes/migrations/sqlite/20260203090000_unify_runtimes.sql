-- migrate:up
-- One row per runtime, whoever uses it: core.action.* and core.sensor.* become core.*, and what refers to them moves along.
-- core.sensor.builtin stays: nothing but a sensor can use it.

-- Where each old row goes: to the row that has the new name already, else to the first of those that get it.
create temp table moved_runtime as
with old as (
  select id, ref, 'core.' || case substr(ref, 13) when 'node' then 'nodejs' else substr(ref, 13) end as new_ref
  from runtime
  where (ref like 'core.action.%' or ref like 'core.sensor.%') and ref <> 'core.sensor.builtin'
)
select id, new_ref,
       coalesce((select runtime.id from runtime where runtime.ref = old.new_ref),
                first_value(id) over (partition by new_ref order by ref)) as target
from old;

-- What the kept row lacks it takes from one that goes.
update runtime set distributions = (
  select other.distributions from runtime other join moved_runtime moved on moved.id = other.id
  where moved.target = runtime.id and json_type(other.distributions, '$.verification') is not null order by other.ref limit 1)
where not (json_type(runtime.distributions, '$.verification') is not null)
  and exists (select 1 from runtime other join moved_runtime moved on moved.id = other.id
              where moved.target = runtime.id and json_type(other.distributions, '$.verification') is not null);
update runtime set installation = (
  select other.installation from runtime other join moved_runtime moved on moved.id = other.id
  where moved.target = runtime.id and other.installation is not null order by other.ref limit 1)
where installation is null and id in (select target from moved_runtime);

update action set runtime = (select target from moved_runtime moved where moved.id = action.runtime)
where runtime in (select id from moved_runtime);
update sensor set runtime = (select target from moved_runtime moved where moved.id = sensor.runtime)
where runtime in (select id from moved_runtime);

delete from runtime where id in (select id from moved_runtime where id <> target);
update runtime set ref = (select new_ref from moved_runtime moved where moved.id = runtime.id)
where id in (select id from moved_runtime);
update sensor set runtime_ref = (select ref from runtime where runtime.id = sensor.runtime)
where runtime in (select target from moved_runtime);

-- How the runtimes of the core pack are verified.
update runtime set
  name = 'Python',
  description = 'Python 3, for actions and sensors',
  distributions = '{"verification": {"commands": [
      {"binary": "python3", "args": ["--version"], "exit_code": 0, "pattern": "Python 3\\.", "priority": 1},
      {"binary": "python", "args": ["--version"], "exit_code": 0, "pattern": "Python 3\\.", "priority": 2}]},
    "min_version": "3.8", "recommended_version": "3.11"}',
  installation = '{"package_managers": ["pip", "pipenv", "poetry"], "virtual_env_support": true}',
  updated = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
where ref = 'core.python' and id in (select target from moved_runtime);
update runtime set
  name = 'Node.js',
  description = 'Node.js, for actions and sensors in JavaScript',
  distributions = '{"verification": {"commands": [
      {"binary": "node", "args": ["--version"], "exit_code": 0, "pattern": "v\\d+\\.\\d+\\.\\d+", "priority": 1}]},
    "min_version": "16.0.0", "recommended_version": "20.0.0"}',
  installation = '{"module_support": true, "package_managers": ["npm", "yarn", "pnpm"]}',
  updated = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
where ref = 'core.nodejs' and id in (select target from moved_runtime);
update runtime set
  name = 'Shell',
  description = 'Shell scripts, run by sh or bash; always there',
  distributions = '{"verification": {"commands": [
      {"binary": "sh", "args": ["--version"], "exit_code": 0, "priority": 1, "optional": true},
      {"binary": "bash", "args": ["--version"], "exit_code": 0, "priority": 2, "optional": true}], "always_available": true}}',
  installation = '{"portable": true, "interpreters": ["sh", "bash", "dash"]}',
  updated = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
where ref = 'core.shell' and id in (select target from moved_runtime);
update runtime set
  name = 'Native',
  description = 'Compiled programs; always there',
  distributions = '{"languages": ["rust", "go", "c", "c++"], "verification": {"check_required": false, "always_available": true}}',
  installation = '{"system_native": true, "build_required": false}',
  updated = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
where ref = 'core.native' and id in (select target from moved_runtime);
update runtime set
  distributions = '{"type": "builtin", "verification": {"check_required": false, "always_available": true}}',
  installation = '{"method": "builtin", "included_with_service": true}',
  updated = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
where ref = 'core.sensor.builtin';

drop table moved_runtime;

drop index idx_runtime_type;
alter table runtime drop column runtime_type;

-- migrate:down
-- Each core.* becomes core.action.*, and those that sensors use a core.sensor.* beside it.
alter table runtime add column runtime_type text not null default 'action' check (runtime_type in ('action', 'sensor'));
create index idx_runtime_type on runtime(runtime_type);

insert into runtime(ref, pack_ref, name, description, distributions, installation, created, runtime_type)
select 'core.sensor.' || substr(ref, 6), pack_ref, name, description, distributions, installation, created, 'sensor'
from runtime
where ref like 'core.%' and ref not like 'core.%.%' and id in (select runtime from sensor);
update sensor set runtime = (
  select split.id from runtime split join runtime whole on split.ref = 'core.sensor.' || substr(whole.ref, 6)
  where whole.id = sensor.runtime)
where runtime in (select id from runtime where ref like 'core.%' and ref not like 'core.%.%');
update sensor set runtime_ref = (select ref from runtime where runtime.id = sensor.runtime);
update runtime set ref = 'core.action.' || substr(ref, 6) where ref like 'core.%' and ref not like 'core.%.%';
update runtime set runtime_type = 'sensor' where ref like 'core.sensor.%';
