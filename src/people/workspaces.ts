import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { Principal, Role } from "../protocol/people/principal.ts";
import { recordDeed } from "../store/identity/record-deed.ts";
import {
  findWorkspaceRow,
  insertWorkspace,
  listWorkspaceRows,
  updateWorkspace,
  type WorkspaceChange,
  type WorkspaceRow,
} from "../store/identity/workspace-rows.ts";
import type { PeopleContext } from "./context.ts";
import { noSuchWorkspace } from "./workspace.ts";
import type { Workspace } from "../protocol/people/workspace.ts";

const mostOwned = 50;

const toWorkspace = (row: WorkspaceRow, role: Role): Workspace => ({
  id: row.id,
  name: row.name,
  role,
  defaultAgent: row.default_agent,
  defaultModel: row.default_model,
  allowedModels: row.allowed_models === null ? null : [...row.allowed_models],
  retentionDays: row.retention_days,
  createdAt: row.created_at.toISOString(),
});

/** Those that the user can work in, oldest membership first. */
export const listWorkspaces = async (database: Database, userId: string): Promise<Workspace[]> =>
  (await listWorkspaceRows(database, userId)).map((row) => toWorkspace(row, row.role));

/** Makes a workspace, owned by whoever asks. @throws NatterError `conflict` for somebody who owns 50 */
export const createWorkspace = (database: Database, principal: Principal, name: string): Promise<Workspace> =>
  database.transaction(async () => {
    const mine = await listWorkspaceRows(database, principal.userId);
    if (mine.filter(({ role }) => role === "owner").length >= mostOwned)
      throw new NatterError("conflict", `You own ${mostOwned} workspaces already.`);
    const id = createId();
    await insertWorkspace(database, { id, name, ownerId: principal.userId });
    await recordDeed(database, principal, {
      action: "workspace.create",
      workspaceId: id,
      target: id,
      details: { name },
    });
    const row = await findWorkspaceRow(database, id);
    if (row === undefined) throw noSuchWorkspace();
    return toWorkspace(row, "owner");
  });

/** The principal's own. */
export const getWorkspace = async (
  database: Database,
  { workspaceId, role }: Pick<Principal, "workspaceId" | "role">,
): Promise<Workspace> => {
  const row = await findWorkspaceRow(database, workspaceId);
  if (row === undefined) throw noSuchWorkspace();
  return toWorkspace(row, role);
};

/** Renames the principal's workspace, or changes what it decides for its members; on every node within five seconds. */
export const changeWorkspace = (
  { database }: PeopleContext,
  principal: Principal,
  change: WorkspaceChange,
): Promise<Workspace> =>
  database.transaction(async () => {
    const row = await updateWorkspace(database, principal.workspaceId, change);
    if (row === undefined) throw noSuchWorkspace();
    await recordDeed(database, principal, {
      action: "workspace.change",
      target: principal.workspaceId,
      details: { ...change },
    });
    return toWorkspace(row, principal.role);
  });
