import { expect } from "vitest";
import type { ConversationStore } from "../client/conversation/conversation-store.ts";
import type { ConversationView, MessageView } from "../client/conversation/conversation-view.ts";
import type { Part } from "../protocol/message/chunk.ts";

export const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");

export const lastOf = (view: ConversationView): MessageView | undefined => view.messages.at(-1);

const isIdle = (view: ConversationView): boolean =>
  view.load === "ready" && view.live === null && view.waiting.length === 0;

/** Everything that was asked is answered. */
export const hasFinished = (view: ConversationView): boolean => isIdle(view) && lastOf(view)?.state === "finished";

/** What was said so far of the answer that is being written. */
export const liveText = (view: ConversationView): string =>
  view.live === null ? "" : textOf(lastOf(view)?.parts ?? []);

/** Waits for a view; what it says when time is up is the message of the failure. */
export const untilView = (
  store: ConversationStore,
  look: (view: ConversationView) => boolean,
  seconds = 25,
): Promise<ConversationView> =>
  new Promise((resolve, reject) => {
    const stop = store.subscribe(() => settle());
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`the view stayed ${JSON.stringify(store.getSnapshot(), null, 1)}`));
    }, seconds * 1_000);
    const settle = (): void => {
      const view = store.getSnapshot();
      if (!look(view)) return;
      clearTimeout(timer);
      stop();
      resolve(view);
    };
    settle();
  });

/** The answer to the first message, watched until `stop`: what is shown of it may only grow. */
export const watchGrowing = (store: ConversationStore): { text(): string; stop(): void } => {
  let longest = "";
  const stop = store.subscribe(() => {
    const text = textOf(store.getSnapshot().messages[1]?.parts ?? []);
    expect(text.startsWith(longest)).toBe(true);
    longest = text;
  });
  return { text: () => longest, stop };
};
