import { artifactChunk, artifactParts, readReference, type ArtifactReference } from "../protocol/artifact.ts";
import type { Chunk, Part } from "../protocol/message/chunk.ts";
import type { ToolResult } from "../protocol/agent/tool.ts";

/** Shows the artifact that a call has written; nothing when it wrote none. */
export const chunksOfResult = ({ outcome }: ToolResult): Chunk[] => {
  const reference = outcome.type === "completed" ? readReference(outcome.data) : null;
  return reference === null ? [] : [artifactChunk(reference)];
};

/** Shows what an answer's tools have written and it does not show yet: a worker that died may have owed it. */
export const missingArtifactChunks = (parts: readonly Part[]): Chunk[] => {
  const newest = new Map<string, ArtifactReference>();
  for (const part of parts) {
    if (!("toolCallId" in part) || part.state !== "output-available" || part.preliminary === true) continue;
    const reference = readReference(part.output);
    const known = reference === null ? undefined : newest.get(reference.artifactId);
    if (reference !== null && (known === undefined || known.version < reference.version))
      newest.set(reference.artifactId, reference);
  }
  for (const { artifactId, version } of artifactParts(parts))
    if ((newest.get(artifactId)?.version ?? 0) <= version) newest.delete(artifactId);
  return [...newest.values()].map(artifactChunk);
};
