import { useEffect } from "react";
import { shellTexts } from "../shell-texts.ts";

/** Names the tab after a conversation; null: after the app. */
export const useDocumentTitle = (title: string | null): void => {
  useEffect(() => {
    document.title = title === null ? shellTexts.appName : `${title} · ${shellTexts.appName}`;
  }, [title]);
};
