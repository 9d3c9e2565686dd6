-- What a link calls its conversation: a later name is not shown.
alter table share add column title text;
update share set title = c.title from conversation c where c.id = share.conversation_id and c.workspace_id = share.workspace_id;
