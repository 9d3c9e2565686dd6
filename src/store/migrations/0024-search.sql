-- Full-text search in any language, on any server: what is a word is decided here and not by the server's locale.

-- Words in small letters where the server knows them beyond ASCII, and one way to write what can be written in several.
do $$
declare
  collation_name text := (
    select quote_ident(collname) from pg_collation where collname in ('pg_c_utf8', 'und-x-icu')
    order by collname = 'pg_c_utf8' desc limit 1);
begin
  execute format(
    'create function search_fold(content text) returns text language sql immutable strict parallel safe as %L',
    'select lower(normalize(content, NFKC)' || coalesce(' collate ' || collation_name, '') || ')');
end $$;

-- Words with blanks between them. Scripts that write none between words become pairs of neighbours: once from the first
-- character of each run, once from its second, so that every pair is there, and the last character alone.
create function search_words(content text) returns text language plpgsql immutable strict parallel safe as $$
declare
  folded text := regexp_replace(left(search_fold(left(content, 50000)), 50000),
    '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00BF\u2000-\u206F\u2E00-\u2E7F\u3000-\u3004\u3008-\u3020\uFE30-\uFE4F\uFF00-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]+', ' ', 'g');
  dense constant text := '\u0E00-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF\u3005-\u3007\u3040-\u30FF\u3130-\u318F\u31F0-\u31FF\u3400-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\U00020000-\U0003FFFF';
begin
  if folded !~ ('[' || dense || ']') then return folded; end if;
  folded := regexp_replace(folded, '([' || dense || ']+)', ' \1 ', 'g');
  return regexp_replace(folded, '([' || dense || ']{2})', '\1 ', 'g') || ' ' ||
    regexp_replace(regexp_replace(folded, '(^| )[' || dense || ']', '\1', 'g'), '([' || dense || ']{2})', '\1 ', 'g');
end $$;

-- What a message says, without reasoning, tools and files.
create function message_text(parts jsonb) returns text language sql immutable strict parallel safe as $$
  select string_agg(part ->> 'text', E'\n') from jsonb_array_elements(parts) part where part ->> 'type' = 'text'
$$;

-- The words with the workspace as one of them, so that a search reads nothing of other workspaces.
create function search_vector(workspace_id text, content text) returns tsvector language plpgsql immutable parallel safe as $$
begin
  if coalesce(content, '') = '' then return ''::tsvector; end if;
  return strip(to_tsvector('pg_catalog.simple', search_words(content))) || array_to_tsvector(array['@' || workspace_id]);
end $$;

alter table message add column words tsvector generated always as (search_vector(workspace_id, message_text(parts))) stored;
alter table conversation add column title_words tsvector generated always as (search_vector(workspace_id, title)) stored;
create index message_words on message using gin (words) with (gin_pending_list_limit = 512);
create index conversation_words on conversation using gin (title_words) with (gin_pending_list_limit = 256);
create index message_recent on message (workspace_id, created_at, id, conversation_id);

-- Until when a user has seen a conversation; of nobody else's business.
create table conversation_seen (
  workspace_id text not null,
  conversation_id text not null,
  user_id text not null references "user" on delete cascade,
  seen_at timestamptz not null default now(),
  primary key (conversation_id, user_id, workspace_id),
  foreign key (conversation_id, workspace_id) references conversation on delete cascade
);
insert into conversation_seen (workspace_id, conversation_id, user_id) select workspace_id, id, owner_id from conversation;

-- what is to be purged
create index conversation_deleted on conversation (deleted_at) where deleted_at is not null;
create index conversation_temporary on conversation (updated_at) where temporary;
