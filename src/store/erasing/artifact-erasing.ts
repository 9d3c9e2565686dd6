import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Traces } from "./conversation-erasing.ts";
import type { NamedVersion } from "./message-erasing.ts";

const erasedTitle = "Erased";

/** Empties versions of artifacts; they keep their numbers. */
export const emptyVersions = async (
  database: Database,
  workspaceId: string,
  versions: readonly NamedVersion[],
): Promise<void> => {
  if (versions.length === 0) return;
  await database.query(sql`
    update artifact_version v set content = '', title = ${erasedTitle}
    from unnest(${versions.map(({ id }) => id)}::text[], ${versions.map(({ version }) => version)}::int[]) as named (id, version)
    where v.workspace_id = ${workspaceId} and v.artifact_id = named.id and v.version = named.version`);
};

/** Those that a user wrote, or had written, in conversations of others. */
export const emptyVersionsOf = (database: Database, { workspaceId, userId }: Traces): Promise<unknown[]> =>
  database.query(sql`
    update artifact_version v set content = '', title = ${erasedTitle} from artifact a join conversation c
      on c.workspace_id = a.workspace_id and c.id = a.conversation_id and c.owner_id <> ${userId}
    where v.workspace_id = ${workspaceId} and a.workspace_id = v.workspace_id and a.id = v.artifact_id
      and (v.content <> '' or v.title <> ${erasedTitle}) and v.author_id = ${userId}`);

/** Artifacts are called what their newest version is called; one of which nothing is left goes. */
export const settleArtifacts = async (database: Database, workspaceId: string): Promise<void> => {
  await database.query(sql`
    delete from artifact a where a.workspace_id = ${workspaceId}
      and exists (select 1 from artifact_version v where v.workspace_id = a.workspace_id and v.artifact_id = a.id and v.title = ${erasedTitle} and v.content = '')
      and not exists (select 1 from artifact_version v where v.workspace_id = a.workspace_id and v.artifact_id = a.id
        and not (v.title = ${erasedTitle} and v.content = ''))`);
  await database.query(sql`
    update artifact a set title = v.title from artifact_version v
    where a.workspace_id = ${workspaceId} and v.workspace_id = a.workspace_id and v.artifact_id = a.id and v.version = a.version
      and v.title = ${erasedTitle} and a.title <> v.title`);
};
