import { NatterError } from "../../foundation/errors.ts";
import type { Conversation } from "../../protocol/resources.ts";

/** The ETag of a conversation's settings (RFC 9110); it is for `If-Match` only, other facts of it change without it. */
export const settingsTag = (conversation: Conversation): Record<string, string> => ({
  etag: `"${conversation.settingsVersion}"`,
});

/**
 * The `settingsVersion` that a caller has seen; undefined without `If-Match` or with `*`.
 * @throws NatterError `precondition_failed` for a tag that Natter did not give
 */
export const readIfMatch = (headers: Headers): number | undefined => {
  const header = headers.get("if-match")?.trim();
  if (header === undefined || header === "*") return undefined;
  const version = /^"(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined)
    throw new NatterError("precondition_failed", "If-Match must be the ETag of the conversation as it was last read.");
  return Number(version);
};
