import type { ConversationView } from "natter/client";
import { textOf } from "../message/part-groups.ts";
import { wholeSentences } from "./sentences.ts";

/** Milliseconds between one saying and the next. */
export const pauseBetween = 3_000;

/** Reads the answer that is being written aloud: each of its sentences once, when it is whole. */
export class SentenceReader {
  #messageId: string | null = null;
  #said = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** What to say now, in milliseconds of any clock; null: nothing. The end of an answer does not wait. */
  read({ messages, live }: Pick<ConversationView, "messages" | "live">, now: number): string | null {
    if (live !== null && live.messageId !== this.#messageId) [this.#messageId, this.#said] = [live.messageId, 0];
    if (this.#messageId === null || (live !== null && now - this.#lookedAt < pauseBetween)) return null;
    const message = messages.findLast(({ id }) => id === this.#messageId);
    if (live === null) this.#messageId = null;
    if (message === undefined) return null;
    const fresh = wholeSentences(textOf(message.parts), live === null).slice(this.#said);
    if (fresh.length === 0) return null;
    this.#lookedAt = now;
    this.#said += fresh.length;
    return fresh.join(" ");
  }
}
