import { attachFiles } from "../../conversations/files/attach-files.ts";
import { defaultAgentOf } from "../../conversations/sending/choose.ts";
import type { ConversationContext } from "../../conversations/context.ts";
import { withStoredFiles } from "../../conversations/files/store-data-files.ts";
import { publishHint } from "../../completions/hints.ts";
import { createId } from "../../foundation/ids.ts";
import { gateText } from "../../foundation/text-gate.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import type { Part } from "../../protocol/chunk.ts";
import type { Principal } from "../../protocol/principal.ts";
import { findConversation } from "../../store/conversation/conversation-rows.ts";
import {
  insertBroughtConversation,
  insertBroughtMessages,
  insertImportItem,
  type BroughtConversation,
  type BroughtMessage,
} from "../../store/transfer/import-rows.ts";
import type { Brought } from "./brought.ts";
import { cleanMessages, cleanTime } from "./clean-brought.ts";

/** Which conversation of which import it is. */
export interface ImportPlace {
  readonly importId: string;
  /** 1, 2, 3 … */
  readonly position: number;
}

const chooseId = async (
  { database }: ConversationContext,
  { workspaceId, userId }: Principal,
  wanted: string | undefined,
): Promise<{ id: string; isThere: boolean }> => {
  if (wanted === undefined || !idSchema.safeParse(wanted).success) return { id: createId(), isThere: false };
  const there = await findConversation(database, workspaceId, wanted);
  if (there === undefined) return { id: wanted, isThere: false };
  const isOwn = there.owner_id === userId && there.deleted_at === null;
  return isOwn ? { id: wanted, isThere: true } : { id: createId(), isThere: false };
};

const describe = (
  context: ConversationContext,
  principal: Principal,
  id: string,
  { conversation }: Brought,
): Omit<BroughtConversation, "activeLeafId"> => {
  const now = new Date().toISOString();
  const { title, agent, model, status, visibility, settings, pinned, createdAt, updatedAt } = conversation;
  const isAgentHere = agent !== undefined && context.agents.get(agent) !== undefined;
  return {
    id,
    title: title === null ? null : gateText(title).slice(0, 500),
    status: status ?? "active",
    visibility: visibility ?? "private",
    agent: isAgentHere ? agent : defaultAgentOf(context, principal),
    model: typeof model === "string" ? (context.models.resolve(model) ?? null) : null,
    settings: settings ?? {},
    pinned: pinned ?? false,
    createdAt: cleanTime(createdAt ?? now),
    updatedAt: cleanTime(updatedAt ?? createdAt ?? now),
  };
};

/** Puts parts that were worked on together back into their messages. */
const withParts = (messages: readonly BroughtMessage[], parts: readonly Part[]): BroughtMessage[] => {
  let from = 0;
  return messages.map((message) => {
    const own = parts.slice(from, from + message.parts.length);
    from += message.parts.length;
    return { ...message, parts: own };
  });
};

/** Stores a conversation of an import with its place in the report, in one transaction. One that is there already is left. */
export const storeBrought = async (
  context: ConversationContext,
  principal: Principal,
  brought: Brought,
  { importId, position }: ImportPlace,
): Promise<void> => {
  const { database } = context;
  const { workspaceId, userId: ownerId } = principal;
  const { messages, idOf } = cleanMessages(brought.messages);
  const key = { workspaceId, id: importId };
  const { id, isThere } = await chooseId(context, principal, brought.conversation.id);
  const conversation = describe(context, principal, id, brought);
  const item = { position, title: conversation.title, conversation_id: id, error: null };
  if (isThere) return void (await insertImportItem(database, key, { ...item, outcome: "skipped", messages: 0 }));
  const allParts = messages.flatMap(({ parts }) => parts);
  await withStoredFiles(context, allParts, (stored) =>
    database.transaction(async () => {
      const live = messages.filter(({ deletedAt }) => deletedAt === null).length;
      const leaf = idOf.get(brought.conversation.activeLeafId ?? "") ?? messages.at(-1)?.id ?? null;
      const counts = { messages: messages.length, live };
      await insertBroughtConversation(
        database,
        { workspaceId, ownerId },
        { ...conversation, activeLeafId: leaf },
        counts,
      );
      const target = { principal, conversationId: id, storage: context.storage };
      const parts = await attachFiles(database, target, stored);
      const place = { workspaceId, conversationId: id, ownerId };
      await insertBroughtMessages(database, place, withParts(messages, parts));
      await insertImportItem(database, key, { ...item, outcome: "imported", messages: messages.length });
    }),
  );
  const { visibility } = conversation;
  const revision = { workspaceId, conversationId: id, ownerId, visibility, isDeleted: false, version: 1 };
  publishHint(context.signals, revision, { kind: "conversation", id });
};
