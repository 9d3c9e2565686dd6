import { publishHint } from "../../completions/hints.ts";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import { artifactLimits, type Artifact, type ArtifactDraft } from "../../protocol/artifact.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import {
  deleteArtifact,
  findArtifactVersion,
  insertArtifact,
  insertArtifactVersion,
  type ArtifactRow,
} from "../../store/conversation/artifact-rows.ts";
import type { ConversationRow } from "../../store/conversation/conversation-rows.ts";
import type { RevisionRow } from "../../store/conversation/revision.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import { openConversation } from "../access.ts";
import type { ConversationContext } from "../context.ts";
import { openArtifact } from "./read.ts";
import { toArtifact } from "./resource.ts";

type Written = ArtifactRow & RevisionRow;

const requireOpen = ({ takesArtifacts = true }: ConversationContext, { status }: ConversationRow): void => {
  if (!takesArtifacts) throw new NatterError("forbidden", "This server keeps no artifacts.");
  if (status === "archived")
    throw new NatterError("archived", "This conversation is archived; set its status to active before changing it.");
};

const tell = ({ signals }: ConversationContext, { id, revision }: RevisionRow & { readonly id: string }): void =>
  publishHint(signals, revision, { kind: "artifact", id });

const answerWith = async ({ database }: ConversationContext, row: ArtifactRow): Promise<Artifact> => {
  const version = await findArtifactVersion(database, row);
  if (version === undefined) throw notFound("artifact");
  return toArtifact(row, version);
};

/** Puts a document of a person's beside a conversation. */
export const createArtifact = async (
  context: ConversationContext,
  principal: Principal,
  { conversationId, draft }: { readonly conversationId: string; readonly draft: ArtifactDraft },
  permit: Permit,
): Promise<Artifact> => {
  const { database } = context;
  const { workspaceId, userId } = principal;
  const { written, artifact } = await database.transaction(async () => {
    const conversation = await openConversation(database, principal, { id: conversationId, permit, lock: true });
    requireOpen(context, conversation);
    const most = artifactLimits.perConversation;
    const author = { userId, call: null };
    const made = { ...draft, id: createId(), author, most };
    const row = await insertArtifact(database, { workspaceId, conversationId }, made);
    if (row === undefined)
      throw new NatterError("conflict", `A conversation has at most ${most} artifacts; delete one first.`);
    return { written: row, artifact: await answerWith(context, row) };
  });
  tell(context, written);
  return artifact;
};

export interface ArtifactChange {
  readonly artifactId: string;
  /** The version that the caller has seen. */
  readonly ifMatch?: number | undefined;
  /** Absent members stay; `restore` takes both from an earlier version. */
  readonly change:
    | { readonly title?: string | undefined; readonly content?: string | undefined }
    | { readonly restore: number };
}

const contentOf = async (
  { database }: ConversationContext,
  row: ArtifactRow,
  change: ArtifactChange["change"],
): Promise<{ title: string; content: string }> => {
  const from = await findArtifactVersion(database, row, "restore" in change ? change.restore : row.version);
  if (from === undefined) throw notFound("artifact");
  if ("restore" in change) return { title: from.title, content: from.content };
  return { title: change.title ?? from.title, content: change.content ?? from.content };
};

/**
 * Writes a new version of an artifact.
 * @throws NatterError `precondition_failed` when there is a newer version than the caller has seen
 */
export const changeArtifact = async (
  context: ConversationContext,
  principal: Principal,
  { artifactId, ifMatch, change }: ArtifactChange,
  permit: Permit,
): Promise<Artifact> => {
  const { database } = context;
  const { written, artifact } = await database.transaction(async () => {
    const { row, conversation } = await openArtifact(database, principal, { id: artifactId, permit, lock: true });
    requireOpen(context, conversation);
    const stale = new NatterError("precondition_failed", "The artifact was changed meanwhile; read it again.", {
      details: { version: row.version },
    });
    if (ifMatch !== undefined && ifMatch !== row.version) throw stale;
    if (row.version >= artifactLimits.versions)
      throw new NatterError("conflict", `An artifact has at most ${artifactLimits.versions} versions; copy it.`);
    const place = { workspaceId: principal.workspaceId, conversationId: row.conversation_id };
    const author = { userId: principal.userId, call: null };
    const content = await contentOf(context, row, change);
    const made: Written | undefined = await insertArtifactVersion(database, place, {
      id: row.id,
      ...content,
      author,
      seen: row.version,
    });
    if (made === undefined) throw stale;
    return { written: made, artifact: await answerWith(context, made) };
  });
  tell(context, written);
  return artifact;
};

/** Deletes an artifact with all its versions; messages that showed it say that it is gone. */
export const removeArtifact = async (
  context: ConversationContext,
  principal: Principal,
  artifactId: string,
  permit: Permit,
): Promise<void> => {
  const { database } = context;
  const gone = await database.transaction(async () => {
    const { row, conversation } = await openArtifact(database, principal, { id: artifactId, permit, lock: true });
    requireOpen(context, conversation);
    const { owner_id: subjectId } = conversation;
    if (subjectId !== principal.userId)
      await recordDeed(database, principal, { action: "artifact.remove", subjectId, target: artifactId });
    return deleteArtifact(database, row);
  });
  if (gone !== undefined) tell(context, { id: artifactId, ...gone });
};
