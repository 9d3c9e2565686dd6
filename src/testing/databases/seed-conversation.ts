import sql from "sql-template-tag";
import { attachmentUrl } from "../../conversations/files/attachments.ts";
import { createId } from "../../foundation/ids.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import { insertAttachments } from "../../store/message/attachment-rows.ts";
import { insertBroughtArtifacts, insertBroughtVersions } from "../../store/transfer/brought-artifact-rows.ts";
import type { PlannedArtifact, PlannedConversation, PlannedMessage, PlannedPart } from "./arbitrary-conversation.ts";

export interface SeedPlace {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly workspaceId: string;
  readonly ownerId: string;
  /** Another member, who has written a part of it. */
  readonly otherId: string;
}

const start = Date.parse("2026-01-02T03:04:05.678Z");
const timeAt = (index: number): string => new Date(start + index * 1_000).toISOString();

const seedFiles = async (
  { database, blobs, workspaceId, ownerId }: SeedPlace,
  conversationId: string,
  files: PlannedConversation["files"],
): Promise<object[]> => {
  const parts: object[] = [];
  for (const { content, mediaType, name } of files) {
    const id = createId();
    const stored = await blobs.put(id, [content], 10_000_000);
    const place = { workspaceId, conversationId };
    await insertAttachments(database, place, ownerId, [{ id, mediaType, fileName: name, ...stored }]);
    parts.push({ type: "file", mediaType, ...(name === null ? {} : { filename: name }), url: attachmentUrl(id) });
  }
  return parts;
};

const seedArtifact = async (
  { database, workspaceId, ownerId, otherId }: SeedPlace,
  conversationId: string,
  { kind, language, versions }: PlannedArtifact,
): Promise<object> => {
  const id = createId();
  const last = versions.length;
  const title = versions.at(-1)?.title ?? "";
  const times = { createdAt: timeAt(1), updatedAt: timeAt(last) };
  await insertBroughtArtifacts(database, { workspaceId, conversationId }, [
    { id, kind, language, version: last, ...times },
  ]);
  await database.query(sql`update artifact set title = ${title} where id = ${id}`);
  const rows = versions.map(({ isOfOther, ...version }, index) => ({
    ...version,
    artifactId: id,
    version: index + 1,
    authorId: isOfOther ? otherId : ownerId,
    createdAt: timeAt(index + 1),
  }));
  await insertBroughtVersions(database, workspaceId, rows);
  return { type: "data-natter-artifact", id, data: { artifactId: id, version: last, title, kind } };
};

const partOf = (planned: PlannedPart, files: readonly object[], artifacts: readonly object[]): object[] => {
  if (planned.type === "part") return [planned.part];
  const list = planned.type === "file" ? files : artifacts;
  const found = list[planned.index % Math.max(list.length, 1)];
  return found === undefined ? [] : [found];
};

const seedMessage = async (
  { database, workspaceId, ownerId, otherId }: SeedPlace,
  conversationId: string,
  {
    planned,
    parts,
    ids,
    sequence,
  }: {
    readonly planned: PlannedMessage;
    readonly parts: readonly object[];
    readonly sequence: number;
    readonly ids: string[];
  },
): Promise<void> => {
  const { role, parent, isRemoved, isOfOther, metadata, vote } = planned;
  const id = createId();
  const parentId = parent === null || ids.length === 0 ? null : ids[parent % ids.length];
  const author = role === "user" ? (isOfOther ? otherId : ownerId) : null;
  const time = timeAt(ids.length + 10);
  await database.query(sql`
    insert into message (workspace_id, conversation_id, id, parent_id, author_id, sequence, role, parts, metadata, created_at, deleted_at)
    values (${workspaceId}, ${conversationId}, ${id}, ${parentId}, ${author}, ${sequence}, ${role},
      ${JSON.stringify(isRemoved ? [] : parts)}::jsonb, ${metadata === null ? null : JSON.stringify(metadata)}::jsonb,
      ${time}::text::timestamptz, ${isRemoved ? time : null}::text::timestamptz)`);
  if (vote !== null && role === "assistant")
    await database.query(sql`
      insert into vote (workspace_id, conversation_id, message_id, user_id, value, reason)
      values (${workspaceId}, ${conversationId}, ${id}, ${ownerId}, ${vote.value}, ${vote.reason})`);
  ids.push(id);
};

/** Stores a planned conversation as if it had been led. @returns its id */
export const seedConversation = (place: SeedPlace, plan: PlannedConversation): Promise<string> =>
  place.database.transaction(async () => {
    const { database, workspaceId, ownerId } = place;
    const id = createId();
    const live = plan.messages.filter(({ isRemoved }) => !isRemoved).length;
    await database.query(sql`
      insert into conversation (workspace_id, id, owner_id, title, status, visibility, agent, model, settings, pinned,
        next_sequence, message_count, created_at, updated_at)
      values (${workspaceId}, ${id}, ${ownerId}, ${plan.title}, ${plan.status}, ${plan.visibility}, 'default', ${plan.model},
        ${JSON.stringify(plan.settings)}::jsonb, ${plan.pinned}, ${plan.messages.length + 1}, ${live},
        ${timeAt(0)}::text::timestamptz, ${timeAt(99)}::text::timestamptz)`);
    const files = await seedFiles(place, id, plan.files);
    const artifacts: object[] = [];
    for (const artifact of plan.artifacts) artifacts.push(await seedArtifact(place, id, artifact));
    const ids: string[] = [];
    const inOrder = plan.messages.toSorted((a, b) => a.rank - b.rank);
    for (const planned of plan.messages) {
      const parts = planned.parts.flatMap((part) => partOf(part, files, artifacts));
      await seedMessage(place, id, { planned, parts, ids, sequence: inOrder.indexOf(planned) + 1 });
    }
    const leaf = ids.length === 0 ? null : ids[plan.leaf % ids.length];
    await database.query(
      sql`update conversation set active_leaf_id = ${leaf} where id = ${id} and workspace_id = ${workspaceId}`,
    );
    return id;
  });
