import type { Database } from "../../ports/database.ts";
import { notFound } from "../../protocol/access.ts";
import { artifactPartType, readReference } from "../../protocol/artifact.ts";
import type { Part } from "../../protocol/chunk.ts";
import type { SharedConversation, SharedPart } from "../../protocol/share.ts";
import { findArtifact, findArtifactVersion } from "../../store/conversation/artifact-rows.ts";
import { findOpenShare, type ShareRow } from "../../store/conversation/share-rows.ts";
import { listShownBranch } from "../../store/message/shown-messages.ts";
import { hashOfToken } from "./share.ts";

const mostMessages = 1_000;
const tokenPattern = /^[A-Za-z0-9_-]{22}$/;

const artifactOf = async (database: Database, share: ShareRow, data: unknown): Promise<SharedPart[]> => {
  const reference = readReference(data);
  const row = reference === null ? undefined : await findArtifact(database, share.workspace_id, reference.artifactId);
  // a part only names one: whose it is, is looked up
  if (reference === null || row === undefined || row.conversation_id !== share.conversation_id) return [];
  const version = await findArtifactVersion(database, row, reference.version);
  if (version === undefined) return [];
  const { kind, language } = row;
  return [{ type: "artifact", kind, language, title: version.title, content: version.content }];
};

/** Only what is listed here is shown: a part that somebody invents later is not. */
const sharedPart = async (database: Database, share: ShareRow, part: Part): Promise<SharedPart[]> => {
  if (part.type === "text") return [{ type: "text", text: part.text }];
  if (part.type === "file") return [{ type: "file", mediaType: part.mediaType, filename: part.filename ?? null }];
  return part.type === artifactPartType && "data" in part ? artifactOf(database, share, part.data) : [];
};

/**
 * What a link shows: the branch up to its message, as far as people said or were told it.
 * @throws NatterError `not_found`, the same for a link that never was, has ended, or whose conversation is deleted
 */
export const readShared = async (database: Database, token: string): Promise<SharedConversation> => {
  const share = tokenPattern.test(token) ? await findOpenShare(database, hashOfToken(token)) : undefined;
  if (share === undefined) throw notFound("share link");
  const branch = {
    workspaceId: share.workspace_id,
    conversationId: share.conversation_id,
    leafId: share.message_id,
  };
  const messages: SharedConversation["messages"] = [];
  for (const { role, parts, deleted_at: deletedAt } of await listShownBranch(database, branch, mostMessages)) {
    if (role === "system" || deletedAt !== null) continue;
    const shown = await Promise.all(parts.map((part) => sharedPart(database, share, part)));
    messages.push({ role, parts: shown.flat() });
  }
  const { title, created_at: sharedAt, expires_at: expiresAt } = share;
  return { title, sharedAt: sharedAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null, messages };
};
