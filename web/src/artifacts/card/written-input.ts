import type { ArtifactKind } from "natter/client";
import { isRecord } from "../../ui/stored-value.ts";

/** What has come of an artifact that an agent is writing. */
export interface WrittenInput {
  readonly kind: ArtifactKind;
  /** Null: it has not come yet, or an artifact is changed whose title stays. */
  readonly title: string | null;
  readonly text: string;
}

const kinds: readonly ArtifactKind[] = ["document", "code", "html", "svg"];

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const editedText = (edits: unknown): string =>
  Array.isArray(edits)
    ? edits.map((edit: unknown) => (isRecord(edit) ? textOf(edit["replaceWith"]) : "")).join("\n")
    : "";

/** Reads the input of a call, which may be cut off anywhere. */
export const readWrittenInput = (input: unknown): WrittenInput => {
  const known = isRecord(input) ? input : {};
  const title = textOf(known["title"]).trim();
  return {
    kind: kinds.find((kind) => kind === known["kind"]) ?? "document",
    title: title === "" ? null : title,
    text: textOf(known["content"]) || editedText(known["edits"]),
  };
};

/** How many lines a text has. */
export const countLines = (text: string): number => {
  if (text === "") return 0;
  let count = text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
};

const longestTail = 2_000;

/** The last lines of a text, so that a long one costs no more than a short one. */
export const lastLines = (text: string, count: number): string =>
  text.slice(-longestTail).split("\n").slice(-count).join("\n");
