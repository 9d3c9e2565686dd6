-- What of a conversation was not taken along, and why.
alter table import_item add column left_out jsonb not null default '[]';
-- a file that somebody brings again is found by what is in it
create index attachment_content on attachment (sha256, owner_id, workspace_id);
