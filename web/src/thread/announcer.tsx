import type { ConversationStore } from "natter/client";
import { useEffect, useState } from "react";
import { getPreferences } from "../settings/preferences.ts";
import { announce } from "./announcements.ts";
import { textOf } from "./part-groups.ts";
import { wholeSentences } from "./sentences.ts";

const sentencesEvery = 3_000;

/** Says the sentences of the live answer that are whole and were not said. */
const createReader = (store: ConversationStore, say: (text: string) => void): (() => void) => {
  let messageId: string | null = null;
  let said = 0;
  return () => {
    if (getPreferences().announce !== "sentences") return;
    const { live, messages } = store.getSnapshot();
    const message = messages.findLast(({ id }) => id === (live?.messageId ?? messageId));
    if (message === undefined) return;
    if (message.id !== messageId) [messageId, said] = [message.id, 0];
    const fresh = wholeSentences(textOf(message.parts), live === null).slice(said);
    said += fresh.length;
    if (fresh.length > 0) say(fresh.join(" "));
    if (live === null) messageId = null;
  };
};

/** Tells a screen reader what happens, in the one place where it listens. */
export const Announcer = ({ store }: { readonly store: ConversationStore }) => {
  const [status, setStatus] = useState("");
  const [alert, setAlert] = useState("");
  useEffect(() => {
    let before = store.getSnapshot();
    const unsubscribe = store.subscribe(() => {
      const after = store.getSnapshot();
      const news = announce(before, after);
      before = after;
      if (news.status !== null) setStatus(news.status);
      if (news.alert !== null) setAlert(news.alert);
    });
    const timer = setInterval(createReader(store, setStatus), sentencesEvery);
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }, [store]);
  return (
    <div className="sr-only">
      <div role="status">{status}</div>
      <div role="alert">{alert}</div>
    </div>
  );
};
