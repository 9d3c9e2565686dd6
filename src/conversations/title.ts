import { z } from "zod";
import { publishHint } from "../completions/hints.ts";
import { NatterError } from "../foundation/errors.ts";
import { pushJob, titleKind } from "../jobs/job.ts";
import type { Database } from "../ports/database.ts";
import type { Signals } from "../ports/signals.ts";
import type { Permit } from "../protocol/people/access.ts";
import type { Part } from "../protocol/message/chunk.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { findConversation } from "../store/conversation/conversation-rows.ts";
import { listShownBySequence, type ShownRow } from "../store/message/shown-messages.ts";
import { replaceTitle, type TitlePayload } from "../store/conversation/titles.ts";
import { openConversation } from "./access.ts";
import type { ConversationContext } from "./context.ts";

const payloadSchema = z.object({ replaces: z.string().nullable(), requestedBy: z.string() });

/** Messages among which a title looks for the first question and its answer. */
const lookedAt = 20;

/** Orders a title, generated in the background; it takes the place of the present one, unless that is changed meanwhile. */
export const requestTitle = (
  context: ConversationContext,
  principal: Principal,
  id: string,
  permit: Permit,
): Promise<void> =>
  context.database.transaction(async () => {
    const { workspaceId, userId } = principal;
    const conversation = await openConversation(context.database, principal, { id, permit });
    if (conversation.temporary)
      throw new NatterError("conflict", "A temporary conversation is in no list and has no title.");
    const payload: TitlePayload = { replaces: conversation.title, requestedBy: userId };
    await pushJob(context.database, { workspaceId, kind: titleKind, subject: id, payload });
  });

/** What a title is made of. */
export interface TitleSource {
  readonly replaces: string | null;
  readonly requestedBy: string;
  readonly question: string;
  /** Null: nothing has answered yet. */
  readonly answer: { readonly text: string; readonly completionId: string; readonly model: string } | null;
}

const textOf = (parts: readonly Part[]): string =>
  parts
    .flatMap((part) => (part.type === "text" ? [part.text] : []))
    .join("\n")
    .trim();

const answerIn = (rows: readonly ShownRow[], model: string | null): TitleSource["answer"] => {
  for (const { role, parts, writer } of rows) {
    const text = textOf(parts);
    if (role === "assistant" && writer?.status === "completed" && text !== "")
      return { text, completionId: writer.id, model: model ?? writer.model };
  }
  return null;
};

/** The first question and the first answer of a conversation; null when there is no title to make (any more). */
export const readTitleSource = async (
  database: Database,
  { workspaceId, subject: id, payload }: { workspaceId: string; subject: string; payload: unknown },
): Promise<TitleSource | null> => {
  const { replaces, requestedBy } = payloadSchema.parse(payload);
  const conversation = await findConversation(database, workspaceId, id);
  if (conversation === undefined || conversation.deleted_at !== null || conversation.temporary) return null;
  if (conversation.title !== replaces) return null;
  const page = { after: 0, before: undefined, limit: lookedAt };
  const rows = await listShownBySequence(database, { workspaceId, conversationId: id }, page);
  const question = rows.map((row) => (row.role === "user" ? textOf(row.parts) : "")).find((text) => text !== "");
  return question === undefined
    ? null
    : { replaces, requestedBy, question, answer: answerIn(rows, conversation.model) };
};

/** Sets a generated title; does nothing when somebody has set one meanwhile. */
export const giveTitle = async (
  { database, signals }: { readonly database: Database; readonly signals: Signals },
  conversation: { readonly workspaceId: string; readonly id: string },
  replaces: string | null,
  title: string,
): Promise<void> => {
  const revision = await replaceTitle(database, conversation, replaces, title);
  if (revision !== undefined) publishHint(signals, revision, { kind: "conversation", id: conversation.id });
};
