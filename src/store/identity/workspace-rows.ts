import sql, { join } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Role } from "../../protocol/people/principal.ts";

export interface WorkspaceRow {
  readonly id: string;
  readonly name: string;
  readonly default_agent: string | null;
  readonly default_model: string | null;
  readonly allowed_models: readonly string[] | null;
  readonly retention_days: number | null;
  readonly created_at: Date;
}

const columns = sql`w.id, w.name, w.default_agent, w.default_model, w.allowed_models, w.retention_days, w.created_at`;

export const insertWorkspace = (
  database: Database,
  workspace: { readonly id: string; readonly name: string; readonly ownerId: string },
): Promise<unknown[]> =>
  database.query(sql`
    with made as (insert into workspace (id, name) values (${workspace.id}, ${workspace.name}) returning id)
    insert into member (workspace_id, user_id, role) select id, ${workspace.ownerId}, 'owner' from made`);

/** Those that the user is a member of and not suspended in, oldest membership first. */
export const listWorkspaceRows = (database: Database, userId: string): Promise<(WorkspaceRow & { role: Role })[]> =>
  database.query(sql`
    select ${columns}, m.role from member m join workspace w on w.id = m.workspace_id
    where m.user_id = ${userId} and m.suspended_at is null order by m.created_at, w.id`);

/** With `lock`, holds the row until the transaction ends: changes of who is a member come one after the other. */
export const findWorkspaceRow = async (
  database: Database,
  id: string,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<WorkspaceRow | undefined> => {
  const rows = await database.query<WorkspaceRow>(
    sql`select ${columns} from workspace w where w.id = ${id} ${lock ? sql`for no key update` : sql``}`,
  );
  return rows[0];
};

/** Absent members stay as they are. */
export interface WorkspaceChange {
  readonly name?: string | undefined;
  readonly defaultAgent?: string | null | undefined;
  readonly defaultModel?: string | null | undefined;
  readonly allowedModels?: readonly string[] | null | undefined;
  readonly retentionDays?: number | null | undefined;
}

export const updateWorkspace = async (
  database: Database,
  id: string,
  change: WorkspaceChange,
): Promise<WorkspaceRow | undefined> => {
  const { allowedModels } = change;
  const allowed = allowedModels === null || allowedModels === undefined ? null : JSON.stringify(allowedModels);
  const assignments = [
    ...(change.name === undefined ? [] : [sql`name = ${change.name}`]),
    ...(change.defaultAgent === undefined ? [] : [sql`default_agent = ${change.defaultAgent}`]),
    ...(change.defaultModel === undefined ? [] : [sql`default_model = ${change.defaultModel}`]),
    ...(allowedModels === undefined ? [] : [sql`allowed_models = ${allowed}::jsonb`]),
    ...(change.retentionDays === undefined ? [] : [sql`retention_days = ${change.retentionDays}`]),
  ];
  const rows = await database.query<WorkspaceRow>(
    sql`update workspace w set ${join(assignments)} where w.id = ${id} returning ${columns}`,
  );
  return rows[0];
};
