-- Processes that are there, as they say themselves every few seconds; for the console alone, nothing is decided by it.
create table node (
  -- as in completion.worker_id
  id text primary key,
  role text not null,
  version text not null,
  -- completions at once; 0: it only serves
  capacity integer not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
