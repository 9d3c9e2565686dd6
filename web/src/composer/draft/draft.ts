import { isRecord } from "../../ui/stored-value.ts";

/** A file that is on the server, and goes along with the message. */
export interface DraftFile {
  /** In the order in which they were chosen. */
  readonly id: number;
  readonly attachmentId: string;
  readonly url: string;
  readonly mediaType: string;
  readonly name: string;
  readonly bytes: number;
}

/** What stands in a message box. */
export interface Draft {
  readonly text: string;
  /** Long pasted texts, which are shown as chips. */
  readonly pastes: readonly string[];
  readonly files: readonly DraftFile[];
  /** Milliseconds since 1970; the newest of two drafts wins. */
  readonly changedAt: number;
}

export const emptyDraft: Draft = { text: "", pastes: [], files: [], changedAt: 0 };

/** The longest message that the server takes, in characters. */
export const longestMessage = 100_000;

const longPaste = 4_000;

/** Whether a pasted text becomes a chip. */
export const isLongPaste = (text: string): boolean => text.length > longPaste;

/** All that will be sent, as one text. */
export const messageOf = ({ text, pastes }: Pick<Draft, "text" | "pastes">): string =>
  [text.trim(), ...pastes.map((paste) => paste.trim())].filter((piece) => piece !== "").join("\n\n");

export const isEmptyDraft = (draft: Draft): boolean => messageOf(draft) === "";

export const newerDraft = (left: Draft, right: Draft): Draft => (right.changedAt > left.changedAt ? right : left);

const isText = (value: unknown): value is string => typeof value === "string";

const isFile = (value: unknown): value is DraftFile =>
  isRecord(value) &&
  typeof value["id"] === "number" &&
  typeof value["bytes"] === "number" &&
  [value["attachmentId"], value["url"], value["mediaType"], value["name"]].every(isText);

/** Whatever was kept, as a draft. */
export const parseDraft = (stored: unknown): Draft => {
  if (!isRecord(stored)) return emptyDraft;
  const { text, pastes, files, changedAt } = stored;
  return {
    text: isText(text) ? text : "",
    pastes: Array.isArray(pastes) ? pastes.filter(isText) : [],
    files: Array.isArray(files) ? files.filter(isFile) : [],
    changedAt: typeof changedAt === "number" ? changedAt : 0,
  };
};
