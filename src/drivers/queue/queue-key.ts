import { z } from "zod";
import type { CompletionKey } from "../../ports/queue.ts";

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: String(error) });
    return z.NEVER;
  }
});
const tellingSchema = json.pipe(
  z.object({ workspaceId: z.string(), completionId: z.string(), from: z.string().optional() }),
);

/** A key as it travels, and which process it comes from where that matters. */
export const formatTelling = ({ workspaceId, completionId }: CompletionKey, from?: string): string =>
  JSON.stringify({ workspaceId, completionId, from });

/** No key where there is none in it: somebody is to look, nobody knows for what. */
export const parseTelling = (
  payload: unknown,
): { readonly key?: CompletionKey; readonly from?: string | undefined } => {
  const { data } = tellingSchema.safeParse(payload);
  if (data === undefined) return {};
  const { workspaceId, completionId, from } = data;
  return { key: { workspaceId, completionId }, from };
};
