import { RequestError, type MessageView } from "natter/client";
import { useCallback } from "react";
import { notify } from "../../ui/notice/notices.ts";
import { useThread } from "../thread-context.ts";
import { threadTexts } from "../thread-texts.ts";

/** Shows why something that was asked of the server did not happen. */
export const notifyFailure = (thrown: unknown): void => {
  if (!(thrown instanceof RequestError)) console.error(thrown);
  notify(thrown instanceof RequestError ? thrown.message : threadTexts.failed, { tone: "danger" });
};

/** Answers a message again, beside the answers that it has. */
export const useAnswerAgain = ({ id }: MessageView): (() => Promise<void>) => {
  const { store } = useThread();
  return useCallback(() => store.regenerate(id).catch(notifyFailure), [store, id]);
};
