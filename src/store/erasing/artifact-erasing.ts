import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Traces } from "./conversation-erasing.ts";
import type { NamedVersion } from "./message-erasing.ts";

const erasedTitle = "Erased";

/** Artifacts are called what their newest version is called; one of which nothing is left goes. */
const settle = async (database: Database, workspaceId: string, ids: readonly string[]): Promise<void> => {
  await database.query(sql`
    delete from artifact a where a.workspace_id = ${workspaceId} and a.id = any(${ids}) and not exists (
      select 1 from artifact_version v where v.workspace_id = a.workspace_id and v.artifact_id = a.id
        and not (v.title = ${erasedTitle} and v.content = ''))`);
  await database.query(sql`
    update artifact a set title = v.title from artifact_version v
    where a.workspace_id = ${workspaceId} and a.id = any(${ids}) and v.workspace_id = a.workspace_id and v.artifact_id = a.id
      and v.version = a.version and v.title = ${erasedTitle} and a.title <> v.title`);
};

/** Empties versions of artifacts, inside a transaction; they keep their numbers. */
export const emptyVersions = async (
  database: Database,
  workspaceId: string,
  versions: readonly NamedVersion[],
): Promise<void> => {
  if (versions.length === 0) return;
  const ids = versions.map(({ id }) => id);
  await database.query(sql`
    update artifact_version v set content = '', title = ${erasedTitle}
    from unnest(${ids}::text[], ${versions.map(({ version }) => version)}::int[]) as named (id, version)
    where v.workspace_id = ${workspaceId} and v.artifact_id = named.id and v.version = named.version`);
  await settle(database, workspaceId, ids);
};

/** Those that a user wrote, or had written, in conversations of others. Answers how many there were. */
export const emptyVersionsOf = async (database: Database, { workspaceId, userId }: Traces): Promise<number> => {
  const emptied = await database.query<{ artifact_id: string }>(sql`
    update artifact_version v set content = '', title = ${erasedTitle} from artifact a join conversation c
      on c.workspace_id = a.workspace_id and c.id = a.conversation_id and c.owner_id <> ${userId}
    where v.workspace_id = ${workspaceId} and a.workspace_id = v.workspace_id and a.id = v.artifact_id
      and (v.content <> '' or v.title <> ${erasedTitle}) and v.author_id = ${userId} returning v.artifact_id`);
  if (emptied.length > 0)
    await settle(
      database,
      workspaceId,
      emptied.map(({ artifact_id: id }) => id),
    );
  return emptied.length;
};
