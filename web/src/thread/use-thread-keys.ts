import type { ConversationStore } from "natter/client";
import { useEffect, type RefObject } from "react";
import { getPreferences } from "../settings/preferences.ts";
import { copyText } from "../ui/copy/copy-text.ts";
import { textOf } from "./message/part-groups.ts";

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("textarea, input, select, [contenteditable]");

const articlesOf = (region: HTMLElement): HTMLElement[] => [...region.querySelectorAll<HTMLElement>("[data-message]")];

const focused = (region: HTMLElement): HTMLElement | null => {
  const { activeElement } = document;
  const article = activeElement?.closest<HTMLElement>("[data-message]") ?? null;
  return article !== null && region.contains(article) ? article : null;
};

/** Moves the focus to the next message, or to the one before; from elsewhere to the last. */
const step = (region: HTMLElement, by: 1 | -1): void => {
  const articles = articlesOf(region);
  const current = focused(region);
  const next = current === null ? articles.at(-1) : articles[articles.indexOf(current) + by];
  next?.focus();
};

/** Shows another version of the message that has the focus; false: there is none. */
const turnBranch = (store: ConversationStore, region: HTMLElement, by: 1 | -1): boolean => {
  const id = focused(region)?.dataset["message"];
  const message = store.getSnapshot().messages.find((candidate) => candidate.id === id);
  const sibling = message?.siblings[message.siblings.indexOf(message.id) + by];
  if (sibling === undefined) return false;
  store.select(sibling);
  return true;
};

const copyLastAnswer = (store: ConversationStore): boolean => {
  const answer = store
    .getSnapshot()
    .messages.findLast(({ role, parts }) => role === "assistant" && textOf(parts) !== "");
  if (answer === undefined) return false;
  void copyText(textOf(answer.parts));
  return true;
};

const act = (event: KeyboardEvent, store: ConversationStore, region: HTMLElement): boolean => {
  const { key, altKey, shiftKey, metaKey, ctrlKey } = event;
  if ((metaKey || ctrlKey) && shiftKey && !altKey && key.toLowerCase() === "c") return copyLastAnswer(store);
  if (metaKey || ctrlKey || isTyping(event.composedPath()[0] ?? null)) return false;
  if (altKey && (key === "ArrowLeft" || key === "ArrowRight"))
    return turnBranch(store, region, key === "ArrowLeft" ? -1 : 1);
  if (altKey || shiftKey || (key !== "j" && key !== "k")) return false;
  step(region, key === "j" ? 1 : -1);
  return true;
};

/** j and k between messages, Alt with an arrow between versions, ⌘⇧C for the last answer. */
export const useThreadKeys = (store: ConversationStore, region: RefObject<HTMLElement | null>): void => {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const element = region.current;
      if (event.defaultPrevented || element === null || !getPreferences().shortcuts) return;
      if (document.querySelector("dialog[open]") !== null) return;
      if (act(event, store, element)) event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [store, region]);
};
