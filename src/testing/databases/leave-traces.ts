import sql from "sql-template-tag";
import { accountIssuer } from "../../people/accounts/admit-account.ts";
import type { Statement } from "../../ports/database.ts";
import { marker, textOf, type ErasingDesk } from "./erasing-desk.ts";

const json = textOf({ marker });

interface Place {
  readonly workspace: string;
  readonly ada: string;
  /** A conversation of Bob's in which Ada was answered by this completion, in this message. */
  readonly bobs: string;
  readonly completion: string;
  readonly message: string;
  /** An answer to Bob, in which a result of Ada's tool is carried. */
  readonly carrier: string;
}

const ofAccount = ({ ada }: Place): Statement[] => [
  sql`update "user" set issuer = ${accountIssuer} where id = ${ada}`,
  sql`insert into account_user (id, name, email, image) select subject, name, email, ${marker} from "user" where id = ${ada}`,
  sql`insert into account_credential (id, user_id, account_id, provider_id, access_token, refresh_token, scope, id_token, password)
    values ('credential', ${marker}, ${marker}, 'credential', ${marker}, ${marker}, ${marker}, ${marker}, ${marker})`,
  sql`insert into account_session (id, user_id, token, expires_at, ip_address, user_agent)
    values ('session', ${marker}, 't', now() + interval '1 day', ${marker}, ${marker})`,
  sql`insert into account_verification (id, identifier, value, expires_at) select 'by-email', email, ${marker}, now() from "user" where id = ${ada}`,
];

const ofAnswer = ({ workspace, ada, bobs, completion, message }: Place): Statement[] => [
  sql`update completion set snapshot = ${json}::jsonb, error = ${json}::jsonb where id = ${completion}`,
  sql`update completion_step set calls = ${json}::jsonb, provider_metadata = ${json}::jsonb where completion_id = ${completion}`,
  sql`update message set metadata = ${json}::jsonb where conversation_id = ${bobs} and id = ${message}`,
  sql`insert into tool_execution (workspace_id, completion_id, call_id, step, tool, input, status, fence, outcome)
    values (${workspace}, ${completion}, 'call', 1, 'look', ${json}::jsonb, 'finished', 1, ${json}::jsonb)`,
  sql`insert into approval (workspace_id, id, conversation_id, completion_id, call_id, agent, tool, input, input_hash, user_id, expires_at,
      decision, decided_by, decided_at, reason)
    values (${workspace}, 'approval', ${bobs}, ${completion}, 'call', 'default', 'look', ${json}::jsonb, 'hash', ${ada}, now(),
      'deny', ${ada}, now(), ${marker})`,
  sql`insert into checkpoint (workspace_id, completion_id, namespace, id, format, state, metadata)
    values (${workspace}, ${completion}, '', 'c', 'json', ${marker}, ${marker})`,
  sql`insert into checkpoint_write (workspace_id, completion_id, namespace, checkpoint_id, task_id, index, task_path, channel, format, value)
    values (${workspace}, ${completion}, '', 'c', 't', 0, '', 'x', 'json', ${marker})`,
  sql`insert into summary (workspace_id, conversation_id, message_id, text, instructions, messages, model)
    values (${workspace}, ${bobs}, ${message}, ${marker}, ${marker}, 1, 'm')`,
];

const ofTool = ({ workspace, ada, bobs, completion, message, carrier }: Place): Statement[] => {
  const part = {
    type: "data-natter-tool-result",
    id: "call",
    data: { toolExecutionId: "tool-of-ada", callId: "call", outcome: marker },
  };
  return [
    sql`insert into background_execution (workspace_id, id, conversation_id, completion_id, message_id, call_id, user_id, agent, tool, input, secret, status, result, progress, carried_by)
      values (${workspace}, 'tool-of-ada', ${bobs}, ${completion}, ${message}, 'call', ${ada}, 'default', 'look', ${json}::jsonb, 's', 'completed',
        ${json}::jsonb, ${json}::jsonb, ${[carrier]})`,
    sql`update message set parts = ${textOf([part])}::jsonb || parts where conversation_id = ${bobs} and id = ${carrier}`,
    sql`insert into tool_data (workspace_id, user_id, key, value) values (${workspace}, ${ada}, ${marker}, ${json}::jsonb)`,
    sql`insert into cached_answer (key, workspace_id, user_id, answer, expires_at)
      values ('k', ${workspace}, ${ada}, ${json}::jsonb, now() + interval '1 day')`,
  ];
};

const ofWorkspace = ({ workspace, ada, bobs }: Place): Statement[] => [
  sql`insert into import_run (workspace_id, id, user_id, error) values (${workspace}, 'import-of-ada', ${ada}, ${marker})`,
  sql`insert into import_item (workspace_id, import_id, position, title, outcome, error, left_out)
    values (${workspace}, 'import-of-ada', 1, ${marker}, 'failed', ${marker}, ${json}::jsonb)`,
  sql`insert into job (workspace_id, id, kind, subject, payload, failed_at)
    values (${workspace}, 'title-of-bob', 'title', ${bobs}, ${textOf({ replaces: marker, requestedBy: ada })}::jsonb, now())`,
  sql`insert into webhook (workspace_id, id, url, events, secret, description, created_by)
    values (${workspace}, 'hook-of-ada', 'https://example.com', '[]', 'whsec_A', ${marker}, ${ada})`,
  sql`insert into webhook_event (workspace_id, id, type, conversation_id, user_id, facts)
    select ${workspace}, 'event-of-bob', 'completion.completed', id, owner_id, '{}' from conversation where id = ${bobs}`,
  sql`insert into webhook_delivery (workspace_id, webhook_id, event_id, answer_text) values (${workspace}, 'hook-of-ada', 'event-of-bob', ${marker})`,
  sql`insert into audit (id, workspace_id, actor_id, action, details, ip, request_id)
    values ('of-ada', ${workspace}, ${ada}, 'workspace.change', ${textOf({ name: marker })}::jsonb, ${marker}, ${marker})`,
];

/** What is made by work that does not run at the desk, for Ada and in a conversation of Bob's in which both were answered. */
export const leaveTraces = async (desk: ErasingDesk, bobs: string): Promise<void> => {
  const { workspace, ids } = desk;
  const answersTo = async (userId: string): Promise<{ id: string; message: string }> => {
    const [row] = await desk.exec<{ id: string; message: string }>(
      sql`select id, message_id as message from completion where conversation_id = ${bobs} and requested_by = ${userId}`,
    );
    if (row === undefined) throw new Error("nobody was answered there");
    return row;
  };
  const [hers, his] = [await answersTo(ids.ada), await answersTo(ids.bob)];
  const place = { workspace, ada: ids.ada, bobs, completion: hers.id, message: hers.message, carrier: his.message };
  for (const rows of [ofAccount, ofAnswer, ofTool, ofWorkspace])
    for (const statement of rows(place)) await desk.exec(statement);
};
