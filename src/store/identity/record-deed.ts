import { createId } from "../../foundation/ids.ts";
import { currentRequest } from "../../foundation/request-scope.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { insertAuditEntry } from "./audit-rows.ts";

/** What is written down of who did what. */
export interface Deed {
  /** Noun and verb, as `member.suspend`. */
  readonly action: string;
  /** Who it was done to; default: in whose name, where a key acts for somebody. */
  readonly subjectId?: string | null;
  /** Id of the thing it was done to. */
  readonly target?: string | null;
  /** Default the principal's own; null: none. */
  readonly workspaceId?: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Writes into the audit log; belongs into the transaction of what it tells. Address and request come from the request
 * that is being answered. `principal` null: the server itself, or its operator at the command line.
 */
export const recordDeed = async (
  database: Database,
  principal: Pick<Principal, "userId" | "workspaceId" | "keyId" | "actorId"> | null,
  { action, subjectId, target = null, workspaceId, details = {} }: Deed,
): Promise<void> => {
  const request = currentRequest();
  const actedFor = principal?.actorId === undefined ? null : principal.userId;
  await insertAuditEntry(database, {
    id: createId(),
    workspaceId: workspaceId === undefined ? (principal?.workspaceId ?? null) : workspaceId,
    actorId: principal?.actorId ?? principal?.userId ?? null,
    keyId: principal?.keyId ?? null,
    subjectId: subjectId === undefined ? actedFor : subjectId,
    action,
    target,
    details,
    ip: request?.address ?? null,
    requestId: request?.requestId ?? null,
  });
};
