-- How much a user has stored, without reading the rows.
create index attachment_owner on attachment (owner_id) include (bytes);
