import type { MessageView } from "natter/client";
import { formatCost, formatDuration, formatTokens } from "./format-amounts.ts";
import { durationOf } from "./message-duration.ts";

/** Tokens, time and cost of an answer, as far as they are known. */
export const AnswerDetails = ({ message }: { readonly message: MessageView }) => {
  const { usage, costMicros } = message.completion ?? { usage: null, costMicros: null };
  const duration = durationOf(message);
  const details = [
    usage === null ? null : formatTokens(usage.inputTokens + usage.outputTokens),
    duration === null ? null : formatDuration(duration),
    costMicros === null ? null : formatCost(costMicros),
  ].filter((detail) => detail !== null);
  return details.length === 0 ? null : <span className="ml-2 whitespace-nowrap">{details.join(" · ")}</span>;
};
