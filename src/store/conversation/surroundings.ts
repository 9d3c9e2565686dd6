import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** What the rows say around a completion, for tools and instructions. */
export interface Surroundings {
  readonly userName: string | null;
  readonly userEmail: string | null;
  readonly workspaceName: string;
  readonly title: string | null;
}

export interface SurroundedKey {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly userId: string;
}

/** A Surroundings as a value in a statement: three look-ups. */
export const surroundings = ({ workspaceId, conversationId, userId }: SurroundedKey): Sql => sql`
  (select jsonb_build_object('userName', u.name, 'userEmail', u.email, 'workspaceName', w.name, 'title', v.title)
   from "user" u, workspace w, conversation v
   where u.id = ${userId} and w.id = ${workspaceId} and v.id = ${conversationId} and v.workspace_id = ${workspaceId})`;

/** For work that goes on beside a completion: its surroundings, and the model that it asked. Undefined: it is gone. */
export const findSurroundings = async (
  database: Database,
  key: SurroundedKey & { readonly completionId: string },
): Promise<{ readonly around: Surroundings; readonly model: string } | undefined> => {
  const rows = await database.query<{ readonly around: Surroundings; readonly model: string }>(sql`
    select model, ${surroundings(key)} as around from completion where workspace_id = ${key.workspaceId} and id = ${key.completionId}`);
  return rows[0];
};
