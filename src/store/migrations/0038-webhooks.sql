-- Whom a workspace tells of what happens in it.
create table webhook (
  workspace_id text not null references workspace on delete cascade,
  id text not null,
  url text not null,
  description text,
  -- names of events, as a JSON array
  events jsonb not null,
  -- as it is: it has to sign
  secret text not null,
  -- signs besides until then
  former_secret text,
  former_secret_until timestamptz,
  created_by text references "user" on delete set null,
  created_at timestamptz not null default now(),
  -- set: nothing is told
  disabled_at timestamptz,
  disabled_because text check (disabled_because in ('person', 'failing', 'gone')),
  -- attempts since the last one that succeeded
  failures integer not null default 0,
  failing_since timestamptz,
  -- after many of them it is left alone for a while
  paused_until timestamptz,
  primary key (id, workspace_id),
  check ((disabled_at is null) = (disabled_because is null))
);
create index webhook_told on webhook (workspace_id) where disabled_at is null;

-- What happened, by ids alone: what it was is read when it is told, so that nothing of it lies here.
create table webhook_event (
  workspace_id text not null references workspace on delete cascade,
  id text not null,
  type text not null,
  -- null: of none, as a test
  conversation_id text,
  -- whose deed it is, or for whom it was done
  user_id text,
  facts jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (id, workspace_id),
  foreign key (conversation_id, workspace_id) references conversation on delete cascade
);
create index webhook_event_of_conversation on webhook_event (conversation_id, workspace_id);
create index webhook_event_age on webhook_event (created_at);

create table webhook_delivery (
  workspace_id text not null,
  webhook_id text not null,
  event_id text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  -- of this round: a person may begin another
  tries integer not null default 0,
  due_at timestamptz not null default now(),
  attempted_at timestamptz,
  -- what the last attempt was answered
  answer_status integer,
  answer_text text,
  answer_ms integer,
  error text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (event_id, webhook_id, workspace_id),
  foreign key (webhook_id, workspace_id) references webhook on delete cascade,
  foreign key (event_id, workspace_id) references webhook_event on delete cascade
);
create index webhook_delivery_due on webhook_delivery (webhook_id, due_at, workspace_id) where status = 'pending';
create index webhook_delivery_recent on webhook_delivery (webhook_id, created_at desc, event_id desc, workspace_id);

-- Says that something happened, in the transaction in which it does. Nothing is written where nobody listens.
create function tell_webhooks(place text, kind text, conversation text, person text, told jsonb) returns void language plpgsql as $$
declare
  event text := gen_random_uuid()::text;
begin
  if not exists (select 1 from webhook w where w.workspace_id = place and w.disabled_at is null and w.events ? kind) then return; end if;
  if exists (select 1 from conversation c where c.workspace_id = place and c.id = conversation and c.temporary) then return; end if;
  insert into webhook_event (workspace_id, id, type, conversation_id, user_id, facts) values (place, event, kind, conversation, person, told);
  insert into webhook_delivery (workspace_id, webhook_id, event_id)
  select w.workspace_id, w.id, event from webhook w where w.workspace_id = place and w.disabled_at is null and w.events ? kind;
end $$;

create function tell_of_completion() returns trigger language plpgsql as $$
declare
  told jsonb := jsonb_build_object('conversationId', new.conversation_id, 'completionId', new.id, 'messageId', new.message_id);
begin
  if not exists (select 1 from webhook w where w.workspace_id = new.workspace_id and w.disabled_at is null) then return null; end if;
  if tg_op = 'INSERT' then
    perform tell_webhooks(new.workspace_id, 'message.created', new.conversation_id, new.requested_by,
      told || jsonb_build_object('messageId', new.user_message_id));
    return null;
  end if;
  if new.status = 'running' then
    if old.status = 'queued' then
      perform tell_webhooks(new.workspace_id, 'completion.started', new.conversation_id, new.requested_by, told);
    end if;
    return null;
  end if;
  perform tell_webhooks(new.workspace_id, 'completion.' || new.status, new.conversation_id, new.requested_by, told);
  if new.status in ('completed', 'failed', 'cancelled') and exists (
    select 1 from message m where m.workspace_id = new.workspace_id and m.conversation_id = new.conversation_id and m.id = new.message_id
      and m.deleted_at is null and m.parts <> '[]')
  then
    perform tell_webhooks(new.workspace_id, 'message.created', new.conversation_id, new.requested_by, told);
  end if;
  return null;
end $$;

-- Every way in which a completion is accepted or ends passes here: none can forget to tell.
create trigger completion_accepted_told after insert on completion for each row
  when (new.status = 'queued' and new.user_message_id is not null and not new.regenerates) execute function tell_of_completion();
create trigger completion_changed_told after update of status on completion for each row
  when (old.status is distinct from new.status) execute function tell_of_completion();

create function tell_of_call() returns trigger language plpgsql as $$
declare
  known record;
begin
  if tg_op = 'UPDATE' then
    if old.status = 'finished' then return null; end if;
  end if;
  if not exists (select 1 from webhook w where w.workspace_id = new.workspace_id and w.disabled_at is null) then return null; end if;
  select c.conversation_id, c.requested_by into known from completion c where c.workspace_id = new.workspace_id and c.id = new.completion_id;
  perform tell_webhooks(new.workspace_id, case when new.outcome ->> 'type' = 'completed' then 'tool.completed' else 'tool.failed' end,
    known.conversation_id, known.requested_by, jsonb_build_object('conversationId', known.conversation_id,
      'completionId', new.completion_id, 'toolExecutionId', new.id, 'callId', new.call_id, 'tool', new.tool, 'kind', new.kind));
  return null;
end $$;

create trigger tool_execution_told after insert or update of status on tool_execution for each row
  when (new.status = 'finished' and new.kind <> 'background') execute function tell_of_call();

create function tell_of_background() returns trigger language plpgsql as $$
begin
  perform tell_webhooks(new.workspace_id, 'tool.' || new.status, new.conversation_id, new.user_id,
    jsonb_build_object('conversationId', new.conversation_id, 'completionId', new.completion_id, 'toolExecutionId', new.id,
      'callId', new.call_id, 'tool', new.tool, 'kind', 'background'));
  return null;
end $$;

create trigger background_execution_told after update of status on background_execution for each row
  when (old.status is distinct from new.status and new.status in ('completed', 'failed', 'cancelled')) execute function tell_of_background();
