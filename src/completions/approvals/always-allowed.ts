import type { Database } from "../../ports/database.ts";
import type { Permit } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { AlwaysAllowed } from "../../protocol/question.ts";
import { listAlwaysAllowedRows } from "../../store/tools/approval-rows.ts";
import { admitTo } from "../open.ts";
import { toApproval } from "./resource.ts";

/** What is not asked for any more in a conversation, by tool; each is taken back by its id. */
export const listAlwaysAllowed = async (
  database: Database,
  { workspaceId }: Principal,
  conversationId: string,
  permit: Permit,
): Promise<AlwaysAllowed> => {
  await admitTo(database, { workspaceId, conversationId }, permit);
  const rows = await listAlwaysAllowedRows(database, workspaceId, conversationId);
  return { approvals: rows.map(toApproval) };
};
