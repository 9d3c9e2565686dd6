import type { CompletionKey } from "../../ports/queue.ts";

/** Reads the payload of a `cancel` signal; undefined for one that another version may have sent. */
export const readKey = (payload: string): CompletionKey | undefined => {
  const key: unknown = JSON.parse(payload);
  if (typeof key !== "object" || key === null || !("workspaceId" in key) || !("completionId" in key)) return undefined;
  const { workspaceId, completionId } = key;
  return typeof workspaceId === "string" && typeof completionId === "string"
    ? { workspaceId, completionId }
    : undefined;
};
