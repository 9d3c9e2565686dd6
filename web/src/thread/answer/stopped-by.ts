import type { MessageView } from "natter/client";
import { threadTexts } from "../thread-texts.ts";

/** Who stopped an answer, in words; the server stops by itself too, and then it is nobody. */
export const stoppedBy = ({ completion }: Pick<MessageView, "completion">, ownId: string | undefined): string => {
  const by = completion?.cancelledBy ?? null;
  if (by === null) return threadTexts.stopped;
  return by.id === ownId ? threadTexts.stoppedByYou : threadTexts.stoppedBy(by.name ?? threadTexts.somebodyElse);
};
