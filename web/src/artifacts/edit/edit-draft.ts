import { del, get, set } from "idb-keyval";
import type { ArtifactKind } from "natter/client";
import { isKeeping, onForget } from "../../kept/forget.ts";
import { isRecord } from "../../ui/stored-value.ts";

/** What somebody has written in an artifact and not saved. */
export interface EditDraft {
  /** The version that was changed. */
  readonly base: number;
  readonly kind: ArtifactKind;
  readonly language: string | null;
  readonly title: string;
  readonly text: string;
  /** Whether the version that was changed was merged into it, and both are to be looked over. */
  readonly isCompared: boolean;
  readonly hasClash: boolean;
  /** ISO 8601 */
  readonly changedAt: string;
}

const kinds: readonly ArtifactKind[] = ["document", "code", "html", "svg"];
const keyOf = (artifactId: string): string => `natter.artifact-draft.${artifactId}`;

const parse = (stored: unknown): EditDraft | null => {
  if (!isRecord(stored)) return null;
  const { base, title, text, changedAt, language } = stored;
  const kind = kinds.find((candidate) => candidate === stored["kind"]);
  if (typeof base !== "number" || typeof title !== "string" || typeof text !== "string") return null;
  if (typeof changedAt !== "string" || kind === undefined) return null;
  const [isCompared, hasClash] = [stored["isCompared"] === true, stored["hasClash"] === true];
  const named = typeof language === "string" ? language : null;
  return { base, kind, language: named, title, text, isCompared, hasClash, changedAt };
};

const keep = async (artifactId: string, draft: EditDraft | null): Promise<void> => {
  if (draft === null) await del(keyOf(artifactId));
  else if (isKeeping()) await set(keyOf(artifactId), draft);
};

const warn = (error: unknown): void => console.warn("this device keeps no drafts", error);
let writing: Promise<void> = Promise.resolve();
onForget(() => writing);

/** Keeps a draft before the next line is run: a page that is left does not wait for a database. */
export const writeEditDraftNow = (artifactId: string, draft: EditDraft): void => {
  if (!isKeeping()) return;
  try {
    localStorage.setItem(keyOf(artifactId), JSON.stringify(draft));
  } catch (error) {
    warn(error);
  }
};

const forgetNow = (artifactId: string): void => {
  try {
    localStorage.removeItem(keyOf(artifactId));
  } catch (error) {
    warn(error);
  }
};

const readNow = (artifactId: string): EditDraft | null => {
  try {
    const text = localStorage.getItem(keyOf(artifactId));
    return text === null ? null : parse(JSON.parse(text));
  } catch (error) {
    warn(error);
    return null;
  }
};

/** Keeps a draft; null: forgets it. One after another, so that the last one stays. */
export const writeEditDraft = (artifactId: string, draft: EditDraft | null): Promise<void> => {
  writing = writing
    .then(() => keep(artifactId, draft))
    .then(() => forgetNow(artifactId))
    .catch(warn);
  return writing;
};

/** What is kept for an artifact on this device; null: nothing. */
export const readEditDraft = async (artifactId: string): Promise<EditDraft | null> => {
  await writing;
  const last = readNow(artifactId);
  const kept = await get(keyOf(artifactId)).then(parse, (error: unknown) => {
    warn(error);
    return null;
  });
  if (last === null || (kept !== null && kept.changedAt > last.changedAt)) return kept;
  void writeEditDraft(artifactId, last);
  return last;
};
