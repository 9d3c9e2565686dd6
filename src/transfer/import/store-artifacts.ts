import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import { gateText } from "../../foundation/text-gate.ts";
import type { Database } from "../../ports/database.ts";
import { artifactLimits } from "../../protocol/artifact.ts";
import type { ExportedArtifact, ExportedVersion } from "../../protocol/transfer.ts";
import type { ArtifactPlace } from "../../store/conversation/artifact-rows.ts";
import {
  findTakenArtifactIds,
  insertBroughtArtifacts,
  insertBroughtVersions,
  nameBroughtArtifacts,
  type BroughtVersion,
} from "../../store/transfer/brought-artifact-rows.ts";
import type { Brought } from "./brought.ts";
import { authorIdOf, cleanTime } from "./clean-brought.ts";

const batchCharacters = 1_048_576;

/** Under which ids brought artifacts are stored: their own, or new ones where the workspace has these already. */
export const nameArtifacts = async (
  database: Database,
  workspaceId: string,
  { artifacts = [] }: Brought,
): Promise<ReadonlyMap<string, string>> => {
  if (artifacts.length > artifactLimits.perConversation)
    throw new NatterError("unprocessable", `A conversation has at most ${artifactLimits.perConversation} artifacts.`);
  const ids = artifacts.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const taken = await findTakenArtifactIds(database, workspaceId, ids);
  return new Map(ids.map((id) => [id, taken.has(id) ? createId() : id]));
};

const toRow = (version: ExportedVersion, artifactId: string, userId: string): BroughtVersion => ({
  artifactId,
  version: version.version,
  title: gateText(version.title),
  content: gateText(version.content),
  writtenBy: version.writtenBy,
  authorId: authorIdOf(version.author, userId),
  createdAt: cleanTime(version.createdAt),
});

async function* inBatches(versions: AsyncIterable<BroughtVersion>): AsyncGenerator<BroughtVersion[]> {
  let batch: BroughtVersion[] = [];
  let characters = 0;
  for await (const version of versions) {
    batch.push(version);
    characters += version.content.length;
    if (characters < batchCharacters) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

async function* inOrder(
  { versions, artifacts = [] }: Brought,
  idOf: ReadonlyMap<string, string>,
  userId: string,
): AsyncGenerator<BroughtVersion> {
  const newest = new Map(artifacts.map(({ id, version }) => [id, version]));
  const last = new Map<string, number>();
  for await (const version of versions ?? []) {
    const { artifactId, version: number } = version;
    const id = idOf.get(artifactId);
    if (id === undefined || number > (newest.get(artifactId) ?? 0) || number <= (last.get(artifactId) ?? 0))
      throw new NatterError("unprocessable", "A version of an artifact in it belongs to none, or stands there twice.");
    last.set(artifactId, number);
    yield toRow(version, id, userId);
  }
}

const toArtifactRow = (
  { id, createdAt, updatedAt, ...artifact }: ExportedArtifact,
  idOf: ReadonlyMap<string, string>,
) => ({
  ...artifact,
  id: idOf.get(id) ?? id,
  createdAt: cleanTime(createdAt),
  updatedAt: cleanTime(updatedAt),
});

export interface ArtifactTarget {
  readonly place: ArtifactPlace;
  /** From `nameArtifacts`. */
  readonly idOf: ReadonlyMap<string, string>;
  readonly userId: string;
}

/**
 * Stores the artifacts of a brought conversation, version by version as they are read.
 * @throws NatterError `unprocessable` when versions are missing or do not fit
 */
export const storeArtifacts = async (
  database: Database,
  { place, idOf, userId }: ArtifactTarget,
  brought: Brought,
): Promise<void> => {
  const { artifacts = [] } = brought;
  if (artifacts.length > 0)
    await insertBroughtArtifacts(
      database,
      place,
      artifacts.map((artifact) => toArtifactRow(artifact, idOf)),
    );
  for await (const batch of inBatches(inOrder(brought, idOf, userId)))
    await insertBroughtVersions(database, place.workspaceId, batch);
  if (artifacts.length > 0 && (await nameBroughtArtifacts(database, place)) < artifacts.length)
    throw new NatterError("unprocessable", "The newest version of an artifact in it is missing.");
};
