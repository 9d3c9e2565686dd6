import type { ModelCall } from "../../protocol/agent/model.ts";
import { isSummaryNote } from "../../protocol/message/summary-note.ts";

/** What the demo model tells of the part of a conversation that it is shown. */
export const demoWindow = ({ messages }: ModelCall): string => {
  const texts = messages.flatMap(({ role, content }) => {
    if (role !== "user") return [];
    return typeof content === "string"
      ? [content]
      : content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  });
  const note = texts.find(isSummaryNote);
  const shown = `I am shown **${messages.length} messages** of this conversation, yours and mine and what tools gave.`;
  return note === undefined
    ? `${shown} Nothing stands for others.`
    : [`${shown} For those before them I read this:`, "", ...note.split("\n").map((line) => `> ${line}`)].join("\n");
};
