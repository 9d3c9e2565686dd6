-- When what one process does for all was last done.
create table upkeep (
  task text collate "C" primary key,
  done_at timestamptz not null
);
