import sql, { empty } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { equal, newestFirst, within, type Keyset, type Span } from "./keyset.ts";

/** Whose a conversation is, and who else may read it. */
export interface ReadableRow {
  readonly owner_id: string;
  readonly visibility: "private" | "workspace";
  readonly deleted_at: Date | null;
}

export interface AdminConversationRow extends ReadableRow {
  readonly id: string;
  readonly title: string | null;
  readonly owner_name: string | null;
  readonly status: "active" | "completed" | "archived";
  readonly agent: string;
  readonly model: string | null;
  readonly message_count: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly cursor_at: string;
}

export interface ConversationFilter extends Span {
  readonly workspaceId: string;
  readonly id?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly status?: "active" | "completed" | "archived" | undefined;
  readonly visibility?: "private" | "workspace" | undefined;
  readonly isDeleted?: boolean | undefined;
}

/** Of everybody in the workspace, the newest first; temporary ones are in no list. */
export const listAdminConversationRows = (
  database: Database,
  filter: ConversationFilter,
  page: Keyset,
): Promise<AdminConversationRow[]> =>
  database.query(sql`
    select c.id, c.title, c.owner_id, u.name as owner_name, c.visibility, c.deleted_at, c.status, c.agent, c.model,
      c.message_count, c.created_at, c.updated_at, c.created_at::text as cursor_at
    from conversation c join "user" u on u.id = c.owner_id
    where c.workspace_id = ${filter.workspaceId} and not c.temporary
      ${equal(sql`c.id`, filter.id)} ${equal(sql`c.owner_id`, filter.ownerId)} ${equal(sql`c.status`, filter.status)} ${equal(sql`c.visibility`, filter.visibility)}
      ${filter.isDeleted === undefined ? empty : sql`and (c.deleted_at is not null) = ${filter.isDeleted}::boolean`}
      ${within(sql`c.created_at`, filter)} ${newestFirst(sql`c.created_at`, sql`c.id`, page)}`);
