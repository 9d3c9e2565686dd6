import sql, { empty, type Sql } from "sql-template-tag";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { Database } from "../../ports/database.ts";
import { insertingConversation, type NewConversation } from "../conversation/conversation-rows.ts";
import { dueAt } from "../completion/due-at.ts";
import { revision, type RevisionRow } from "../conversation/revision.ts";

/** How many completions may be open at a time, the new one included. */
export interface OpenCaps {
  /** Waiting in the conversation. */
  readonly waitingSends: number;
  /** Of the user: waiting or running. */
  readonly openPerUser: number;
}

/** What one accepted send, edit or regenerate writes. */
export interface Acceptance {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly completionId: string;
  /** The assistant message that the completion will write. */
  readonly messageId: string;
  readonly requestedBy: string;
  /** The API key that asked. */
  readonly keyId?: string | undefined;
  readonly agent: string;
  readonly model: string;
  readonly settings: Settings;
  /** The new user message; null when a stored one is answered again. */
  readonly userMessage: { readonly id: string; readonly parts: readonly Part[] } | null;
  /** The stored user message that is answered again. */
  readonly answers: string | null;
  /** Where the user message hangs; undefined: on the leaf that it finds when its turn comes. */
  readonly parentId: string | null | undefined;
  /** Before the sends that are waiting, instead of after them. */
  readonly isAhead: boolean;
  /** Refuse when anything is at work or waiting. */
  readonly isRejectedWhenBusy: boolean;
  /** How many completions may be open; null: any number. */
  readonly caps: OpenCaps | null;
  /** Make the conversation as well. */
  readonly create: NewConversation | null;
}

export interface AcceptedRow extends RevisionRow {
  /** Of the assistant message. */
  readonly sequence: number;
}

const waitingIn = (workspaceId: string, conversationId: string, atMost: number): Sql => sql`(
  select count(*) from (select 1 from completion
    where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and status = 'queued' limit ${atMost}::int) waiting)`;

const openOf = (userId: string, atMost: number): Sql => sql`(
  select count(*) from (select 1 from completion
    where requested_by = ${userId} and status in ('queued', 'running') limit ${atMost}::int) open)`;

type Capped = Pick<Acceptance, "workspaceId" | "conversationId" | "requestedBy">;

const hasRoom = ({ workspaceId, conversationId, requestedBy }: Capped, caps: OpenCaps): Sql => sql`
  ${waitingIn(workspaceId, conversationId, caps.waitingSends)} < ${caps.waitingSends}
  and ${openOf(requestedBy, caps.openPerUser)} < ${caps.openPerUser}`;

/** Which cap has no room for one more. */
export const findFullCap = async (
  database: Database,
  { workspaceId, conversationId, requestedBy }: Capped,
  caps: OpenCaps,
): Promise<keyof OpenCaps | null> => {
  const [row] = await database.query<{ waiting: number; open: number }>(sql`
    select ${waitingIn(workspaceId, conversationId, caps.waitingSends)} as waiting, ${openOf(requestedBy, caps.openPerUser)} as open`);
  if (row === undefined) return null;
  if (row.waiting >= caps.waitingSends) return "waitingSends";
  return row.open >= caps.openPerUser ? "openPerUser" : null;
};

/**
 * Stores the user message, the assistant's placeholder and the queued completion under consecutive sequence numbers,
 * in one statement. Undefined when the conversation is busy (and that was to be refused), the parent is not there, or a cap has no room. The conversation's row must be locked by this transaction, or be new.
 */
export const insertAcceptance = async (
  database: Database,
  acceptance: Acceptance,
): Promise<AcceptedRow | undefined> => {
  const { workspaceId, conversationId, userMessage } = acceptance;
  const count = userMessage === null ? 1 : 2;
  const isPlacedLater = acceptance.parentId === undefined && userMessage !== null;
  const parentId = acceptance.parentId ?? null;
  const room = acceptance.caps === null ? empty : hasRoom(acceptance, acceptance.caps);
  const here = sql`workspace_id = ${workspaceId} and conversation_id = ${conversationId}`;
  const accepted =
    acceptance.create === null
      ? sql`update conversation set next_sequence = next_sequence + ${count}, message_count = message_count + ${count},
          version = version + 1, updated_at = now(), status = 'active'
        where workspace_id = ${workspaceId} and id = ${conversationId}
          ${acceptance.isRejectedWhenBusy ? sql`and not exists (select 1 from completion where ${here} and status in ('queued', 'running', 'waiting'))` : empty}
          ${parentId === null ? empty : sql`and exists (select 1 from message where ${here} and id = ${parentId} and deleted_at is null)`}
          ${room === empty ? empty : sql`and ${room}`}`
      : insertingConversation(acceptance.create, count, room === empty ? empty : sql`where ${room}`);
  const own = acceptance.settings.instructions;
  const rows = await database.query<AcceptedRow>(sql`
    with accepted as (${accepted} returning next_sequence - 1 as sequence, active_leaf_id, ${revision},
      ${own === undefined ? sql`null::text` : sql`case when settings ->> 'instructions' = ${own} then instructions_by else ${acceptance.requestedBy} end`} as instructions_by),
    ${
      userMessage === null
        ? empty
        : sql`said as (
      insert into message (workspace_id, conversation_id, id, parent_id, author_id, sequence, role, parts)
      select ${workspaceId}, ${conversationId}, ${userMessage.id}, ${parentId}, ${acceptance.requestedBy}, sequence - 1, 'user',
        ${JSON.stringify(userMessage.parts)}::jsonb from accepted),`
    }
    placeholder as (
      insert into message (workspace_id, conversation_id, id, parent_id, sequence, role, completion_id)
      select ${workspaceId}, ${conversationId}, ${acceptance.messageId}, ${userMessage?.id ?? acceptance.answers}, sequence, 'assistant',
        ${acceptance.completionId} from accepted),
    queued as (
      insert into completion (workspace_id, id, conversation_id, message_id, user_message_id, requested_by, key_id, agent, model, settings, instructions_by, regenerates, due_at, rank, sent_on)
      select ${workspaceId}, ${acceptance.completionId}, ${conversationId}, ${acceptance.messageId}, ${userMessage?.id ?? acceptance.answers},
        ${acceptance.requestedBy}, ${acceptance.keyId ?? null}, ${acceptance.agent}, ${acceptance.model}, ${JSON.stringify(acceptance.settings)}::jsonb, instructions_by,
        ${userMessage === null}, ${dueAt(workspaceId, acceptance.requestedBy)},
        ${acceptance.isAhead ? sql`coalesce((select min(rank) - 1 from completion where ${here} and status = 'queued'), sequence)` : sql`sequence`},
        ${isPlacedLater ? sql`coalesce(active_leaf_id, (select message_id from completion where ${here} and status in ('queued', 'running', 'waiting') order by rank limit 1))` : sql`null`}
      from accepted)
    select sequence, revision from accepted`);
  return rows[0];
};
