-- Whether a conversation is unread is told by its own row, so that those of its owner can be listed without the others:
-- when its last answer ended, and until when the owner has seen it. What others have seen stays in conversation_seen.
alter table conversation add column answered_at timestamptz, add column seen_at timestamptz not null default '-infinity';

update conversation v set answered_at = (
  select max(c.finished_at) from completion c
  where c.conversation_id = v.id and c.workspace_id = v.workspace_id and c.started_at is not null);
update conversation v set seen_at = s.seen_at from conversation_seen s
where s.conversation_id = v.id and s.workspace_id = v.workspace_id and s.user_id = v.owner_id;
delete from conversation_seen s using conversation v
where s.conversation_id = v.id and s.workspace_id = v.workspace_id and s.user_id = v.owner_id;

create index conversation_unread on conversation (workspace_id, owner_id, updated_at desc, id desc)
  where deleted_at is null and answered_at > seen_at;
