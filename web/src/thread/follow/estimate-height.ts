import type { Part } from "natter/client";

const charactersInLine = 78;
const lineHeight = 26;
const around = 64;

/** About how high a message will be, in pixels, so that the scroll bar of what was never painted is about right. */
export const estimateHeight = (parts: readonly Part[]): number =>
  parts.reduce((sum, part) => {
    if (part.type === "step-start") return sum;
    if (part.type !== "text") return sum + 40;
    const breaks = part.text.split("\n").length;
    return sum + Math.max(breaks, Math.ceil(part.text.length / charactersInLine)) * lineHeight;
  }, around);
