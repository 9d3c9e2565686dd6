import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import type { Artifact, ArtifactDiff, ArtifactVersion, ListedArtifact } from "../../protocol/artifact.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import {
  findArtifact,
  findArtifactVersion,
  listArtifacts,
  listArtifactVersions,
  type ArtifactRow,
} from "../../store/conversation/artifact-rows.ts";
import type { ConversationRow } from "../../store/conversation/conversation-rows.ts";
import { openConversation } from "../access.ts";
import { compareTexts } from "./compare.ts";
import { toArtifact, toArtifactVersion, toListedArtifact } from "./resource.ts";

export interface OpenArtifact {
  readonly row: ArtifactRow;
  readonly conversation: ConversationRow;
}

/** Of an artifact that the caller may not see nothing is said, not even that it has a conversation. */
const asMissing = (thrown: unknown): never => {
  throw thrown instanceof NatterError && thrown.code === "not_found" ? notFound("artifact") : thrown;
};

/** An artifact whose conversation lets the caller pass. @throws NatterError `not_found` */
export const openArtifact = async (
  database: Database,
  principal: Principal,
  { id, permit, lock = false }: { readonly id: string; readonly permit: Permit; readonly lock?: boolean },
): Promise<OpenArtifact> => {
  const found = await findArtifact(database, principal.workspaceId, id);
  if (found === undefined) throw notFound("artifact");
  const opening = { id: found.conversation_id, permit, lock };
  const conversation = await openConversation(database, principal, opening).catch(asMissing);
  if (!lock) return { row: found, conversation };
  // what was read before the lock may have changed meanwhile
  const row = await findArtifact(database, principal.workspaceId, id);
  if (row === undefined) throw notFound("artifact");
  return { row, conversation };
};

/** The artifacts of a conversation, the last changed first. */
export const readArtifacts = async (
  database: Database,
  principal: Principal,
  conversationId: string,
  permit: Permit,
): Promise<ListedArtifact[]> => {
  await openConversation(database, principal, { id: conversationId, permit });
  const rows = await listArtifacts(database, { workspaceId: principal.workspaceId, conversationId });
  return rows.map(toListedArtifact);
};

/** One version of an artifact, the newest where none is named. @throws NatterError `not_found` */
export const readArtifact = async (
  database: Database,
  principal: Principal,
  { artifactId, version }: { readonly artifactId: string; readonly version?: number | undefined },
  permit: Permit,
): Promise<Artifact> => {
  const { row } = await openArtifact(database, principal, { id: artifactId, permit });
  const found = await findArtifactVersion(database, row, version);
  if (found === undefined) throw notFound("artifact");
  return toArtifact(row, found);
};

/** All versions of an artifact, the newest first. */
export const readArtifactVersions = async (
  database: Database,
  principal: Principal,
  artifactId: string,
  permit: Permit,
): Promise<ArtifactVersion[]> => {
  const { row } = await openArtifact(database, principal, { id: artifactId, permit });
  return (await listArtifactVersions(database, row)).map(toArtifactVersion);
};

export interface DiffAsked {
  readonly artifactId: string;
  /** Absent: the version before `to`. */
  readonly from?: number | undefined;
  /** Absent: the newest. */
  readonly to?: number | undefined;
}

/** What differs between two versions of an artifact. @throws NatterError `not_found` */
export const readArtifactDiff = async (
  database: Database,
  principal: Principal,
  asked: DiffAsked,
  permit: Permit,
): Promise<ArtifactDiff> => {
  const { row } = await openArtifact(database, principal, { id: asked.artifactId, permit });
  const to = asked.to ?? row.version;
  const from = asked.from ?? Math.max(1, to - 1);
  const [older, newer] = await Promise.all([
    findArtifactVersion(database, row, from),
    findArtifactVersion(database, row, to),
  ]);
  if (older === undefined || newer === undefined) throw notFound("artifact");
  const titles = { fromTitle: older.title, toTitle: newer.title };
  return { artifactId: row.id, from, to, ...titles, ...compareTexts(older.content, newer.content) };
};
