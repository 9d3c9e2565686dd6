import { toCompletion } from "../../completions/resource.ts";
import { toMessage } from "../../conversations/resource.ts";
import { toToolExecution } from "../../conversations/tool-executions/open-execution.ts";
import type { Database } from "../../ports/database.ts";
import type { Completion, Message } from "../../protocol/resources.ts";
import type { ToolExecution } from "../../protocol/tool-execution.ts";
import { webhookEventSchema, type WebhookEvent } from "../../protocol/webhook.ts";
import { findExecution } from "../../store/background/execution-rows.ts";
import { findCompletion } from "../../store/completion/completion-rows.ts";
import { findConversation } from "../../store/conversation/conversation-rows.ts";
import { findVote } from "../../store/conversation/vote-rows.ts";
import { findShownMessage } from "../../store/message/shown-messages.ts";
import type { DueRow } from "../../store/webhook/delivery-rows.ts";

/** What decides how much of a conversation is told. */
export interface TellingRules {
  /** Whether private conversations are told like those that the whole workspace sees. */
  readonly tellsPrivate: boolean;
}

interface Telling {
  readonly database: Database;
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly isReadable: boolean;
  readonly facts: DueRow["facts"];
}

const quietCompletion = ({ error, ...completion }: Completion): Completion => ({
  ...completion,
  error: error === null ? null : { code: error.code, message: "" },
});

const quietMessage = ({ completion, ...message }: Message): Message => ({
  ...message,
  parts: [],
  metadata: null,
  completion: completion === null ? null : quietCompletion(completion),
});

const quietExecution = ({ progress, ...execution }: ToolExecution): ToolExecution => ({
  ...execution,
  input: null,
  outcome: null,
  progress: progress === null ? null : { ratio: progress.ratio, note: null },
});

const messageData = async ({ database, workspaceId, conversationId, isReadable, facts }: Telling): Promise<object> => {
  const { messageId = "" } = facts;
  const row = await findShownMessage(database, { workspaceId, conversationId, id: messageId });
  const message = row === undefined ? null : toMessage(row);
  return { messageId, message: message === null || isReadable ? message : quietMessage(message) };
};

const completionData = async ({ database, workspaceId, isReadable, facts }: Telling): Promise<object> => {
  const { completionId = "", messageId } = facts;
  const row = await findCompletion(database, { workspaceId, completionId });
  const completion = row === undefined ? null : toCompletion(row);
  const told = completion === null || isReadable ? completion : quietCompletion(completion);
  return { completionId, messageId, completion: told };
};

const toolData = async ({ database, workspaceId, isReadable, facts }: Telling): Promise<object> => {
  const { completionId, toolExecutionId = "", callId, tool, kind } = facts;
  const row = kind === "background" ? await findExecution(database, { workspaceId, id: toolExecutionId }) : undefined;
  const execution = row === undefined ? null : toToolExecution(row);
  const toolExecution = execution === null || isReadable ? execution : quietExecution(execution);
  return { completionId, toolExecutionId, callId, tool, kind, toolExecution };
};

const voteData = async ({ database, workspaceId, conversationId, isReadable, facts }: Telling): Promise<object> => {
  const { messageId = "", userId = "" } = facts;
  const row = await findVote(database, { workspaceId, conversationId, id: messageId, userId });
  return { messageId, userId, vote: { value: row?.value ?? null, reason: isReadable ? (row?.reason ?? null) : null } };
};

const dataOf = async (type: string, telling: Telling): Promise<object | null> => {
  switch (type.split(".")[0]) {
    case "message":
      return messageData(telling);
    case "completion":
      return completionData(telling);
    case "tool":
      return toolData(telling);
    case "vote":
      return voteData(telling);
    default:
      return null;
  }
};

const written = (body: object): WebhookEvent | null => webhookEventSchema.safeParse(body).data ?? null;

/**
 * What is sent of something that happened: as the API tells it, read now. Of a private conversation only that it
 * happened: whoever administers a workspace does not read in it what was said. Null: nothing that this version can
 * tell, as what a newer one has written down before it was rolled back.
 */
export const eventBody = async (
  database: Database,
  workspaceId: string,
  { type, facts, conversation_id: conversationId, created_at }: DueRow,
  { tellsPrivate }: TellingRules,
): Promise<WebhookEvent | null> => {
  const timestamp = created_at.toISOString();
  if (conversationId === null) return written({ type, timestamp, data: facts });
  const conversation = await findConversation(database, workspaceId, conversationId);
  const isReadable =
    conversation !== undefined &&
    conversation.deleted_at === null &&
    (tellsPrivate || conversation.visibility === "workspace");
  const told = await dataOf(type, { database, workspaceId, conversationId, isReadable, facts });
  return told === null ? null : written({ type, timestamp, data: { conversationId, isReadable, ...told } });
};
