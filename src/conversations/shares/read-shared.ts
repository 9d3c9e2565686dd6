import type { Database } from "../../ports/database.ts";
import { notFound } from "../../protocol/people/access.ts";
import { artifactPartType, readReference } from "../../protocol/artifact.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { SharedConversation, SharedPart } from "../../protocol/share.ts";
import { findArtifact, findArtifactVersion } from "../../store/conversation/artifact-rows.ts";
import { countView, findOpenShare, type OpenShareRow } from "../../store/conversation/share-rows.ts";
import type { Branch } from "../../store/message/message-rows.ts";
import { listShownBranch } from "../../store/message/shown-messages.ts";
import { hashOfToken } from "./share.ts";

const mostMessages = 1_000;
const tokenPattern = /^[A-Za-z0-9_-]{22}$/;

const artifactOf = async (database: Database, branch: Branch, data: unknown): Promise<SharedPart[]> => {
  const reference = readReference(data);
  const row = reference === null ? undefined : await findArtifact(database, branch.workspaceId, reference.artifactId);
  // a part only names one: whose it is, is looked up
  if (reference === null || row === undefined || row.conversation_id !== branch.conversationId) return [];
  const version = await findArtifactVersion(database, row, reference.version);
  if (version === undefined) return [];
  const { kind, language } = row;
  return [{ type: "artifact", kind, language, title: version.title, content: version.content }];
};

/** Only what is listed here is shown: a part that somebody invents later is not. */
const sharedPart = async (database: Database, branch: Branch, part: Part): Promise<SharedPart[]> => {
  if (part.type === "text") return [{ type: "text", text: part.text }];
  if (part.type === "file") return [{ type: "file", mediaType: part.mediaType, filename: part.filename ?? null }];
  return part.type === artifactPartType && "data" in part ? artifactOf(database, branch, part.data) : [];
};

export type SaidMessage = SharedConversation["messages"][number] & { readonly authorId: string | null };

/** The branch that ends in a message, as far as people said or were told it. */
export const readSaid = async (database: Database, branch: Branch): Promise<SaidMessage[]> => {
  const messages: SaidMessage[] = [];
  for (const { role, parts, author_id: authorId, deleted_at: deletedAt } of await listShownBranch(
    database,
    branch,
    mostMessages,
  )) {
    if (role === "system" || deletedAt !== null) continue;
    const shown = await Promise.all(parts.map((part) => sharedPart(database, branch, part)));
    messages.push({ role, parts: shown.flat(), authorId });
  }
  return messages;
};

const openShare = async (database: Database, token: string): Promise<OpenShareRow> => {
  const share = tokenPattern.test(token) ? await findOpenShare(database, hashOfToken(token)) : undefined;
  if (share === undefined) throw notFound("share link");
  return share;
};

const readShare = async (database: Database, share: OpenShareRow): Promise<SharedConversation> => {
  const { title, created_at: sharedAt, expires_at: expiresAt } = share;
  const said = await readSaid(database, {
    workspaceId: share.workspace_id,
    conversationId: share.conversation_id,
    leafId: share.message_id,
  });
  const messages = said.map(({ role, parts }) => ({ role, parts }));
  return { title, sharedAt: sharedAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null, messages };
};

/**
 * What a link shows.
 * @throws NatterError `not_found`, the same for a link that never was, has ended, or whose conversation is deleted
 */
export const readShared = async (database: Database, token: string): Promise<SharedConversation> =>
  readShare(database, await openShare(database, token));

/** The same for somebody who opens it, which is counted. @throws NatterError `not_found` */
export const viewShared = async (database: Database, token: string): Promise<SharedConversation> => {
  const share = await openShare(database, token);
  const shared = await readShare(database, share);
  await countView(database, share);
  return shared;
};
