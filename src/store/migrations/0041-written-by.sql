-- Whose words a title and instructions are; a copy brings them along. Null: no person's, as a title that a model made.
alter table conversation add column title_by text, add column instructions_by text;
alter table completion add column instructions_by text;
alter table share add column title_by text;

-- Those of a copy are of whoever had them first: it has the first message, under its id, of what it was copied from.
update conversation v set instructions_by = coalesce((
  select c.owner_id from message m
  join message o on o.id = m.id and o.conversation_id <> m.conversation_id and o.workspace_id = m.workspace_id
  join conversation c on c.id = o.conversation_id and c.workspace_id = o.workspace_id
  where m.conversation_id = v.id and m.sequence = 1 and m.workspace_id = v.workspace_id
    and c.created_at < v.created_at and c.settings -> 'instructions' = v.settings -> 'instructions'
  order by c.created_at limit 1), v.owner_id)
where v.settings ? 'instructions';
update completion k set instructions_by = case when k.settings -> 'instructions' = v.settings -> 'instructions' then v.instructions_by else k.requested_by end
from conversation v where v.id = k.conversation_id and v.workspace_id = k.workspace_id and k.settings ? 'instructions';

-- A name that was given to a thing in somebody's name goes with them as well, whoever gave it; by whom and from where stays.
create or replace function audit_refuse() returns trigger language plpgsql as $$
declare
  erased text := nullif(current_setting('natter.erasing', true), '');
begin
  if tg_op = 'UPDATE' then
    if (new.id, new.workspace_id, new.at, new.actor_id, new.key_id, new.subject_id, new.action, new.target)
        is not distinct from (old.id, old.workspace_id, old.at, old.actor_id, old.key_id, old.subject_id, old.action, old.target)
      and new.details = old.details - 'name'
      and (erased = old.actor_id and new.ip is null and new.request_id is null
        or erased = old.subject_id and (new.ip, new.request_id) is not distinct from (old.ip, old.request_id))
    then return new; end if;
  end if;
  raise exception 'the audit log is append-only';
end $$;
