import { attachFiles } from "../../conversations/files/attach-files.ts";
import { defaultAgentOf } from "../../conversations/sending/choose.ts";
import type { ConversationContext } from "../../conversations/context.ts";
import { forgetFiles, isRefusal } from "../../conversations/files/store-data-files.ts";
import { publishHint } from "../../completions/hints.ts";
import { NatterError } from "../../foundation/errors.ts";
import { gateText } from "../../foundation/text-gate.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import {
  insertBroughtConversation,
  insertBroughtMessages,
  type BroughtConversation,
  type BroughtMessage,
} from "../../store/transfer/brought-rows.ts";
import { insertImportItem } from "../../store/transfer/import-rows.ts";
import type { Brought, FindFile } from "./brought.ts";
import { chooseId } from "./choose-id.ts";
import { cleanMessages, cleanTime, type CleanedMessages } from "./clean-brought.ts";
import { renameArtifacts } from "./clean-parts.ts";
import { nameArtifacts, storeArtifacts } from "./store-artifacts.ts";
import { takeFiles, type TakenFiles } from "./take-files.ts";

/** Which conversation of which import it is, and what else came with the same file. */
export interface ImportPlace {
  readonly importId: string;
  /** 1, 2, 3 … */
  readonly position: number;
  readonly findFile: FindFile;
  /** What has been made of the files beside the lines so far, by url; grows. */
  readonly known: Map<string, Part>;
}

const batchCharacters = 4_194_304;
const mostTries = 3;
const mostLeftOut = 20;

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

/** Puts parts that were worked on together back into their messages, some messages at a time. */
function* inBatches(messages: readonly BroughtMessage[], parts: readonly Part[]): Generator<BroughtMessage[]> {
  let batch: BroughtMessage[] = [];
  let characters = 0;
  let from = 0;
  for (const message of messages) {
    const own = parts.slice(from, from + message.parts.length);
    from += own.length;
    batch.push({ ...message, parts: own });
    characters += JSON.stringify(own).length;
    if (characters < batchCharacters) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

interface Storing {
  readonly context: ConversationContext;
  readonly principal: Principal;
  readonly brought: Brought;
  readonly place: ImportPlace;
  readonly id: string;
  readonly artifactIds: ReadonlyMap<string, string>;
  readonly cleaned: CleanedMessages;
}

const told = (leftOut: readonly string[]): string[] =>
  leftOut.length <= mostLeftOut
    ? [...leftOut]
    : [...leftOut.slice(0, mostLeftOut), `and ${leftOut.length - mostLeftOut} more`];

/** Everything of a conversation in one transaction. False: its id was taken meanwhile. */
const storeRows = (storing: Storing, files: TakenFiles): Promise<boolean> => {
  const { context, principal, brought, place, id } = storing;
  const { messages, idOf, lastId } = storing.cleaned;
  const { database, takesArtifacts = true } = context;
  const { workspaceId, userId } = principal;
  return database.transaction(async () => {
    const live = messages.filter(({ deletedAt }) => deletedAt === null).length;
    const activeLeafId = idOf.get(brought.conversation.activeLeafId ?? "") ?? lastId;
    const conversation = { ...describe(context, principal, id, brought), activeLeafId };
    const owner = { workspaceId, ownerId: userId };
    const counts = { messages: messages.length, live };
    if (!(await insertBroughtConversation(database, owner, conversation, counts))) return false;
    const target = { principal, conversationId: id, storage: context.storage };
    const parts = renameArtifacts(await attachFiles(database, target, files), storing.artifactIds);
    for (const batch of inBatches(messages, parts))
      await insertBroughtMessages(database, { ...owner, conversationId: id }, batch);
    const artifacts = { place: { workspaceId, conversationId: id }, idOf: storing.artifactIds, userId };
    if (takesArtifacts) await storeArtifacts(database, artifacts, brought);
    const hasLost = !takesArtifacts && storing.artifactIds.size > 0;
    const leftOut = told([...files.leftOut, ...(hasLost ? ["Artifacts: this server keeps none."] : [])]);
    await insertImportItem(
      database,
      { workspaceId, id: place.importId },
      {
        position: place.position,
        title: conversation.title,
        outcome: "imported",
        conversation_id: id,
        messages: messages.length,
        error: null,
        left_out: leftOut,
      },
    );
    return true;
  });
};

const storeOnce = async (storing: Storing, mayShare: boolean): Promise<boolean> => {
  const { context, principal, brought, place } = storing;
  const owner = { workspaceId: principal.workspaceId, ownerId: principal.userId };
  const { findFile, known } = place;
  const hashes = brought.hashes ?? new Map<string, string>();
  const allParts = storing.cleaned.messages.flatMap(({ parts }) => parts);
  const files = await takeFiles({ context, owner, findFile, hashes, known, mayShare }, allParts);
  try {
    if (!(await storeRows(storing, files))) {
      await forgetFiles(context.blobs, files.attachments);
      return false;
    }
  } catch (thrown) {
    if (isRefusal(thrown)) await forgetFiles(context.blobs, files.attachments);
    throw thrown;
  }
  for (const [url, part] of files.byUrl) known.set(url, part);
  const { workspaceId, ownerId } = owner;
  const visibility = brought.conversation.visibility ?? "private";
  const revision = { workspaceId, conversationId: storing.id, ownerId, visibility, isDeleted: false, version: 1 };
  publishHint(context.signals, revision, { kind: "conversation", id: storing.id });
  return true;
};

/** A file that was to be shared with another conversation has gone with it meanwhile. */
const isOutdated = (thrown: unknown): boolean => thrown instanceof NatterError && thrown.code === "not_found";

/** Stores a conversation of an import with its place in the report, in one transaction. One that is there already is left. */
export const storeBrought = async (
  context: ConversationContext,
  principal: Principal,
  brought: Brought,
  place: ImportPlace,
): Promise<void> => {
  const { database } = context;
  const { workspaceId, userId } = principal;
  const cleaned = cleanMessages(brought.messages, userId);
  const artifactIds = await nameArtifacts(database, workspaceId, brought);
  let mayShare = true;
  for (let attempt = 1; attempt <= mostTries; attempt += 1) {
    const { id, isThere } = await chooseId(database, principal, brought);
    const { position } = place;
    const title = brought.conversation.title === null ? null : gateText(brought.conversation.title).slice(0, 500);
    const item = { position, title, conversation_id: id, error: null, messages: 0, left_out: [] };
    if (isThere)
      return void (await insertImportItem(
        database,
        { workspaceId, id: place.importId },
        { ...item, outcome: "skipped" },
      ));
    try {
      const storing = { context, principal, brought, place, id, artifactIds, cleaned };
      if (await storeOnce(storing, mayShare)) return;
    } catch (thrown) {
      if (!isOutdated(thrown) || !mayShare) throw thrown;
      mayShare = false;
      place.known.clear();
    }
  }
  throw new NatterError("conflict", "Somebody else stores conversations under the same ids just now; bring it again.");
};
