-- Set: nobody any more. The row stays for what refers to it, and says nothing of the person.
alter table "user" add column erased_at timestamptz;

-- Append-only but for this: where somebody came from, and what they called things, goes with them. What was done stays.
create or replace function audit_refuse() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if current_setting('natter.erasing', true) = old.actor_id
      and new.ip is null and new.request_id is null and new.details = old.details - 'name'
      and (new.id, new.workspace_id, new.at, new.actor_id, new.key_id, new.subject_id, new.action, new.target)
        is not distinct from (old.id, old.workspace_id, old.at, old.actor_id, old.key_id, old.subject_id, old.action, old.target)
    then return new; end if;
  end if;
  raise exception 'the audit log is append-only';
end $$;
