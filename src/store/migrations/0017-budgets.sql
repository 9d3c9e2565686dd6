-- the API key that asked; null: none of ours
alter table completion add column key_id text;
alter table usage add column key_id text;
-- the answer came from the cache: no model was called
alter table usage add column cached boolean not null default false;
-- what is reserved besides what is counted, until the call is settled; null: opened where no budget is looked at
alter table usage add column held_tokens bigint;
alter table usage add column held_micros bigint;
create index usage_of_workspace on usage (workspace_id, created_at desc);
create index usage_of_key on usage (key_id, created_at desc) where key_id is not null;

create table budget (
  workspace_id text not null references workspace on delete cascade,
  id text not null,
  scope text not null check (scope in ('workspace', 'user', 'key')),
  -- the user or key that it is for; empty: each of them, or the workspace
  subject text not null default '',
  period text not null check (period in ('day', 'month', 'total')),
  limit_micros bigint check (limit_micros >= 0),
  limit_tokens bigint check (limit_tokens >= 0),
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (id, workspace_id),
  unique (workspace_id, scope, subject, period),
  check (limit_micros is not null or limit_tokens is not null)
);

-- what a budget's period has seen so far: the sum of what its ledger entries count and hold
create table spending (
  workspace_id text not null references workspace on delete cascade,
  scope text not null,
  -- the workspace itself, the user, or the key
  subject text not null,
  period text not null,
  starts timestamptz not null,
  micros bigint not null,
  tokens bigint not null,
  primary key (subject, starts, period, scope, workspace_id)
);
create index spending_age on spending (starts);

create function budget_start(period text, at timestamptz) returns timestamptz language sql stable as $$
  select case period when 'day' then date_trunc('day', at, 'UTC') when 'month' then date_trunc('month', at, 'UTC') else 'epoch'::timestamptz end
$$;

-- Every way in which an entry is settled (done, stopped, crashed, never made, a title) passes here, so that none can
-- forget the budgets. Opening an entry charges them by itself, because it has to look at their limits.
create function settle_spending() returns trigger language plpgsql as $$
declare
  more_tokens bigint := (new.input_tokens + new.output_tokens + coalesce(new.held_tokens, 0))
    - (old.input_tokens + old.output_tokens + coalesce(old.held_tokens, 0));
  more_micros bigint := (coalesce(new.cost_micros, 0) + coalesce(new.held_micros, 0))
    - (coalesce(old.cost_micros, 0) + coalesce(old.held_micros, 0));
begin
  if more_tokens = 0 and more_micros = 0 then
    return null;
  end if;
  with concerned as (
    select s.subject, s.starts, s.period, s.scope, s.workspace_id from spending s
    where s.subject in (new.workspace_id, new.user_id, new.key_id) and s.workspace_id = new.workspace_id
      and s.starts in (budget_start('day', new.created_at), budget_start('month', new.created_at), budget_start('total', new.created_at))
      and s.starts = budget_start(s.period, new.created_at)
      and s.subject = case s.scope when 'workspace' then new.workspace_id when 'user' then new.user_id else new.key_id end
    order by s.scope, s.period for update
  )
  update spending s set tokens = s.tokens + more_tokens, micros = s.micros + more_micros from concerned c
  where s.subject = c.subject and s.starts = c.starts and s.period = c.period and s.scope = c.scope and s.workspace_id = c.workspace_id;
  return null;
end
$$;

create trigger usage_settled after update on usage for each row when (old.held_tokens is not null) execute function settle_spending();

-- answers of models, to be given again to the same question of the same user
create table cached_answer (
  -- SHA-256 over workspace, user and everything that the model was told, hex
  key text primary key,
  workspace_id text not null references workspace on delete cascade,
  user_id text not null references "user" on delete cascade,
  answer jsonb not null,
  expires_at timestamptz not null
);
create index cached_answer_age on cached_answer (expires_at);
create index cached_answer_of on cached_answer (user_id, workspace_id);
