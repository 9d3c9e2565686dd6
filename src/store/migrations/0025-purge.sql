-- a conversation that is purged takes these along
create index approval_of_conversation on approval (conversation_id, workspace_id);
-- what a workspace keeps for so many days only
create index conversation_age on conversation (workspace_id, updated_at);
