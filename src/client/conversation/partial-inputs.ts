import type { Part } from "../../protocol/message/chunk.ts";
import { isToolPart, type Fold } from "../../protocol/message/fold.ts";
import { parsePartialJson } from "../../protocol/message/partial-json.ts";

/** Shows of a call whose input is still coming what has come; read again only when more of it is there. */
export const createPartialInputs = (): ((fold: Fold, part: Part) => Part) => {
  const known = new Map<string, { readonly text: string; readonly input: unknown }>();
  return (fold, part) => {
    if (!isToolPart(part) || part.state !== "input-streaming") return { ...part };
    const text = fold.openInputs.get(part.toolCallId)?.text ?? "";
    const earlier = known.get(part.toolCallId);
    const read = earlier?.text === text ? earlier : { text, input: parsePartialJson(text) };
    known.set(part.toolCallId, read);
    return { ...part, input: read.input };
  };
};
