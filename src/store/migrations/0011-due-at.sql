-- The order in which completions are claimed when more of them are due than workers can take.
alter table completion add column due_at timestamptz not null default now();

drop index completion_due;
create index completion_due on completion (due_at) where status = 'queued';
create index completion_open_of_user on completion (requested_by, due_at) where status in ('queued', 'running');
create index completion_open_of_workspace on completion (workspace_id) where status in ('queued', 'running');
