-- migrate:up
-- Names under which a runtime is asked for beside its own.
alter table runtime add column aliases text not null default '[]' check (json_type(aliases) = 'array');
update runtime set aliases = '["python3", "py"]' where ref = 'core.python';
update runtime set aliases = '["node", "node.js"]' where ref = 'core.nodejs';
update runtime set aliases = '["sh", "bash"]' where ref = 'core.shell';

-- migrate:down
alter table runtime drop column aliases;
