import type { ArtifactKind, ArtifactReference, Part } from "natter/client";
import { isRecord } from "../../ui/stored-value.ts";

const kinds: readonly ArtifactKind[] = ["document", "code", "html", "svg"];
const partType = "data-natter-artifact";
const writingTools: ReadonlySet<string> = new Set(["tool-create_artifact", "tool-update_artifact"]);

const readReference = (value: unknown): ArtifactReference | null => {
  if (!isRecord(value)) return null;
  const { artifactId, version, title } = value;
  const kind = kinds.find((candidate) => candidate === value["kind"]);
  if (typeof artifactId !== "string" || typeof version !== "number" || typeof title !== "string") return null;
  return kind === undefined ? null : { artifactId, version, title, kind };
};

/** Which version of which artifact a part of an answer names; null: it names none. */
export const artifactOf = (part: Part): ArtifactReference | null =>
  part.type === partType && "data" in part ? readReference(part.data) : null;

/** Which artifacts an answer shows, by their ids. */
export const shownArtifacts = (parts: readonly Part[]): ReadonlySet<string> =>
  new Set(parts.flatMap((part) => artifactOf(part)?.artifactId ?? []));

/** Whether a call writes an artifact. */
export const isWriting = ({ type }: Part): boolean => writingTools.has(type);

/** The artifact that a call has written; null: none. */
export const writtenBy = (part: Part): string | null =>
  isWriting(part) && "output" in part && "state" in part && part.state === "output-available"
    ? (readReference(part.output)?.artifactId ?? null)
    : null;
