import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** Whose data it is. */
export interface ToolDataOwner {
  readonly workspaceId: string;
  readonly userId: string;
}

export interface ToolDataRow {
  readonly key: string;
  readonly value: unknown;
  readonly version: number;
}

const owned = ({ workspaceId, userId }: ToolDataOwner) => sql`user_id = ${userId} and workspace_id = ${workspaceId}`;

export const findToolData = async (
  database: Database,
  owner: ToolDataOwner,
  key: string,
): Promise<ToolDataRow | undefined> => {
  const rows = await database.query<ToolDataRow>(
    sql`select key, value, version from tool_data where ${owned(owner)} and key = ${key}`,
  );
  return rows[0];
};

export const listToolData = (database: Database, owner: ToolDataOwner, prefix: string): Promise<ToolDataRow[]> =>
  database.query(sql`
    select key, value, version from tool_data where ${owned(owner)} and starts_with(key, ${prefix}) order by key collate "C"`);

export interface NewToolData {
  readonly key: string;
  readonly json: string;
  /** Keys that the owner may have, at most. */
  readonly most: number;
  /** Only where nothing is kept under the key. */
  readonly isFirst?: boolean;
}

/** Keeps a value. False: there is one already and this was to be the first, or there are too many others. */
export const putToolData = async (
  database: Database,
  owner: ToolDataOwner,
  { key, json, most, isFirst = false }: NewToolData,
): Promise<boolean> => {
  const rows = await database.query(sql`
    insert into tool_data (workspace_id, user_id, key, value)
    select ${owner.workspaceId}, ${owner.userId}, ${key}, ${json}::jsonb
    where (select count(*) from tool_data where ${owned(owner)} and key <> ${key}) < ${most}
    on conflict (user_id, workspace_id, key) do update
      set value = excluded.value, version = tool_data.version + 1, updated_at = now() where not ${isFirst}::boolean
    returning 1`);
  return rows.length === 1;
};

/** Keeps a value in the place of one that is still of this version. False: it is not. */
export const replaceToolData = async (
  database: Database,
  owner: ToolDataOwner,
  { key, json, version }: { readonly key: string; readonly json: string; readonly version: number },
): Promise<boolean> => {
  const rows = await database.query(sql`
    update tool_data set value = ${json}::jsonb, version = version + 1, updated_at = now()
    where ${owned(owner)} and key = ${key} and version = ${version}::int returning 1`);
  return rows.length === 1;
};

export const deleteToolData = (database: Database, owner: ToolDataOwner, key: string): Promise<unknown[]> =>
  database.query(sql`delete from tool_data where ${owned(owner)} and key = ${key}`);
