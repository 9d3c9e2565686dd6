import { NatterError } from "../../foundation/errors.ts";

/** What decides who may do what with a conversation. */
export interface ConversationAccess {
  readonly workspaceId: string;
  readonly ownerId: string;
  readonly visibility: "private" | "workspace";
  readonly deletedAt: Date | null;
}

/** Throws when the caller may not do the thing it was made for; called inside the transaction that does it. */
export type Permit = (conversation: ConversationAccess) => void;

/** The one answer for an object that is not there and for one that the caller may not see. */
export const notFound = (
  what:
    | "conversation"
    | "message"
    | "completion"
    | "artifact"
    | "attachment"
    | "share link"
    | "approval"
    | "tool execution"
    | "import",
): NatterError => new NatterError("not_found", `There is no such ${what}.`);
