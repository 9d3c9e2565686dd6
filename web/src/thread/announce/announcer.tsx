import type { ConversationStore } from "natter/client";
import { useEffect, useState } from "react";
import { getPreferences } from "../../settings/preferences.ts";
import { announce } from "./announcements.ts";
import { pauseBetween, SentenceReader } from "./sentence-reader.ts";

/** Tells a screen reader what happens, in the one place where it listens. */
export const Announcer = ({ store }: { readonly store: ConversationStore }) => {
  const [status, setStatus] = useState("");
  const [alert, setAlert] = useState("");
  useEffect(() => {
    const reader = new SentenceReader();
    let before = store.getSnapshot();
    const listen = (): void => {
      const after = store.getSnapshot();
      const news = announce(before, after);
      before = after;
      const sentences = getPreferences().announce === "sentences" ? reader.read(after, performance.now()) : null;
      const words = sentences ?? news.status;
      if (words !== null) setStatus(words);
      if (news.alert === null) return;
      setAlert(news.alert);
      // what it did before it failed is not so any more
      setStatus("");
    };
    const unsubscribe = store.subscribe(listen);
    const timer = setInterval(listen, pauseBetween);
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
