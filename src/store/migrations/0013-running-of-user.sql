-- A claim counts what runs for the user: not among all that waits for it.
create index completion_running_of_user on completion (requested_by) where status = 'running';
