-- lists of a whole workspace, newest first; on columns that never change
create index completion_of_workspace on completion (workspace_id, created_at desc, id desc);
create index conversation_of_workspace on conversation (workspace_id, created_at desc, id desc);
create index tool_execution_of_workspace on tool_execution (workspace_id, created_at desc, id desc);
