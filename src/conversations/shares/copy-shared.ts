import { publishHint } from "../../completions/hints.ts";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { Permit } from "../../protocol/people/access.ts";
import { artifactLimits, artifactPartType } from "../../protocol/artifact.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { Conversation } from "../../protocol/resources.ts";
import type { SharedPart } from "../../protocol/share.ts";
import { insertArtifact, type ArtifactPlace } from "../../store/conversation/artifact-rows.ts";
import { findConversation, insertConversation } from "../../store/conversation/conversation-rows.ts";
import { revisionOf } from "../../store/conversation/revision.ts";
import { insertCopiedMessages } from "../../store/conversation/share-rows.ts";
import { openConversation } from "../access.ts";
import { defaultAgentOf, requireAgent } from "../sending/choose.ts";
import type { ConversationContext } from "../context.ts";
import { toConversation } from "../resource.ts";
import { readSaid, readShared, type SaidMessage } from "./read-shared.ts";

const writeArtifact = async (
  database: Database,
  place: ArtifactPlace,
  userId: string,
  { kind, title, language, content }: Extract<SharedPart, { type: "artifact" }>,
): Promise<Part[]> => {
  const id = createId();
  const draft = { kind, title, content, ...(language === null ? {} : { language }) };
  const made = { ...draft, id, author: { userId, call: null }, most: artifactLimits.perConversation };
  const row = await insertArtifact(database, place, made);
  return row === undefined ? [] : [{ type: artifactPartType, id, data: { artifactId: id, version: 1, title, kind } }];
};

const partsOf = async (database: Database, place: ArtifactPlace, userId: string, part: SharedPart): Promise<Part[]> => {
  switch (part.type) {
    case "text":
      return [part];
    case "file":
      return [{ type: "text", text: `[${part.filename ?? part.mediaType}]` }];
    case "artifact":
      return writeArtifact(database, place, userId, part);
  }
};

/** What is copied, and whose words that is as far as the copy may tell. */
interface Source {
  readonly title: string | null;
  readonly titleBy: string | null;
  readonly messages: readonly SaidMessage[];
}

/** Makes a conversation of the caller's own of what was said elsewhere; files are only named in it. */
const storeCopy = async (
  context: ConversationContext,
  principal: Principal,
  read: () => Promise<Source>,
): Promise<Conversation> => {
  const { database } = context;
  const { workspaceId, userId } = principal;
  const copied = await database.transaction(async () => {
    const source = await read();
    const row = await insertConversation(database, {
      workspaceId,
      id: createId(),
      ownerId: userId,
      agent: requireAgent(context, defaultAgentOf(context, principal)),
      model: null,
      settings: {},
      title: source.title,
      visibility: "private",
      pinned: false,
      temporary: false,
      writtenBy: { title: source.titleBy, instructions: null },
    });
    const place = { workspaceId, conversationId: row.id };
    const messages = [];
    for (const { role, parts, authorId } of source.messages) {
      const stored: Part[] = [];
      for (const part of parts) stored.push(...(await partsOf(database, place, userId, part)));
      messages.push({ id: createId(), role, authorId, parts: stored });
    }
    await insertCopiedMessages(database, place, messages);
    return (await findConversation(database, workspaceId, row.id)) ?? row;
  });
  publishHint(context.signals, revisionOf(copied), { kind: "conversation", id: copied.id });
  return toConversation(copied);
};

/** Makes a conversation of one's own of what a link shows, to go on with. @throws NatterError `not_found` */
export const copyShared = (context: ConversationContext, principal: Principal, token: string): Promise<Conversation> =>
  storeCopy(context, principal, async () => {
    const { title, messages } = await readShared(context.database, token);
    return { title, titleBy: null, messages: messages.map((message) => ({ ...message, authorId: null })) };
  });

export interface CopyInput {
  readonly conversationId: string;
  readonly permit: Permit;
  /** The same caller where the copy is to be. */
  readonly there: Principal;
}

/** The same of a conversation that one may read, also into another workspace; it shows what a link would show. */
export const copyRead = (
  context: ConversationContext,
  principal: Principal,
  { conversationId, permit, there }: CopyInput,
): Promise<Conversation> =>
  storeCopy(context, there, async () => {
    const source = await openConversation(context.database, principal, { id: conversationId, permit });
    const { workspace_id: workspaceId, active_leaf_id: leafId, title } = source;
    const isHere = workspaceId === there.workspaceId;
    const titleBy = isHere ? source.title_by : null;
    if (source.temporary) throw new NatterError("conflict", "A temporary conversation can't be copied.");
    if (leafId === null) return { title, titleBy, messages: [] };
    const said = await readSaid(context.database, { workspaceId, conversationId, leafId });
    // elsewhere nobody is to learn who is here
    return { title, titleBy, messages: isHere ? said : said.map((message) => ({ ...message, authorId: null })) };
  });
