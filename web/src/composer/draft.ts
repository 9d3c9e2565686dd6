/** A message that was sent from here, and perhaps did not arrive. */
export interface SentDraft {
  readonly messageId: string;
  readonly text: string;
}

/** What stands in a message box. */
export interface Draft {
  readonly text: string;
  /** Long pasted texts, which are shown as chips. */
  readonly pastes: readonly string[];
  /** Kept until the server has acknowledged them. */
  readonly sent: readonly SentDraft[];
  /** Milliseconds since 1970; the newest of two drafts wins. */
  readonly changedAt: number;
}

export const emptyDraft: Draft = { text: "", pastes: [], sent: [], changedAt: 0 };

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

/** The draft after its message was sent under this id. */
export const afterSending = (draft: Draft, messageId: string, now: number): Draft => ({
  ...emptyDraft,
  sent: [...draft.sent, { messageId, text: messageOf(draft) }],
  changedAt: now,
});

/** The draft without what the server has; the very same when there is nothing of that. */
export const acknowledge = (draft: Draft, isStored: (messageId: string) => boolean, now: number): Draft => {
  const sent = draft.sent.filter(({ messageId }) => !isStored(messageId));
  return sent.length === draft.sent.length ? draft : { ...draft, sent, changedAt: Math.max(now, draft.changedAt + 1) };
};

/** The draft with what a page before this one sent in vain back in the box. */
export const recoverUnsent = (draft: Draft, isKnown: (messageId: string) => boolean, now: number): Draft => {
  const lost = draft.sent.filter(({ messageId }) => !isKnown(messageId));
  if (lost.length === 0) return draft;
  const text = [...lost.map((entry) => entry.text), draft.text].filter((piece) => piece !== "").join("\n\n");
  return { ...draft, text, sent: draft.sent.filter((entry) => !lost.includes(entry)), changedAt: now };
};

const isText = (value: unknown): value is string => typeof value === "string";
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
const isSent = (value: unknown): value is SentDraft =>
  isRecord(value) && isText(value["messageId"]) && isText(value["text"]);
const listOf = <Item>(value: unknown, isItem: (item: unknown) => item is Item): readonly Item[] =>
  Array.isArray(value) ? value.filter(isItem) : [];

/** Whatever was kept, as a draft. */
export const parseDraft = (stored: unknown): Draft => {
  if (!isRecord(stored)) return emptyDraft;
  const { text, pastes, sent, changedAt } = stored;
  return {
    text: isText(text) ? text : "",
    pastes: listOf(pastes, isText),
    sent: listOf(sent, isSent),
    changedAt: typeof changedAt === "number" ? changedAt : 0,
  };
};
