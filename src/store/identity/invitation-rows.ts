import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { InvitedRole } from "../../protocol/people/invitation.ts";

export interface InvitationRow {
  readonly workspace_id: string;
  readonly workspace_name: string;
  readonly id: string;
  readonly role: InvitedRole;
  readonly note: string | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
}

const columns = sql`i.workspace_id, w.name as workspace_name, i.id, i.role, i.note, i.created_by, i.created_at, i.expires_at`;
const isOpen = sql`i.used_at is null and i.revoked_at is null and i.expires_at > now()`;

export interface NewInvitation {
  readonly workspaceId: string;
  readonly id: string;
  readonly hash: string;
  readonly role: InvitedRole;
  readonly note: string | null;
  readonly createdBy: string;
  readonly hours: number;
}

/** Undefined: the workspace has `most` open ones already. */
export const insertInvitation = async (
  database: Database,
  invitation: NewInvitation,
  most: number,
): Promise<InvitationRow | undefined> => {
  const { workspaceId } = invitation;
  const rows = await database.query<InvitationRow>(sql`
    with i as (
      insert into invitation (workspace_id, id, hash, role, note, created_by, expires_at)
      select ${workspaceId}, ${invitation.id}, ${invitation.hash}, ${invitation.role}, ${invitation.note},
        ${invitation.createdBy}, now() + ${invitation.hours}::int * interval '1 hour'
      where (select count(*) from invitation i where i.workspace_id = ${workspaceId} and ${isOpen}) < ${most}
      returning *
    )
    select ${columns} from i join workspace w on w.id = i.workspace_id`);
  return rows[0];
};

/** Those that can still be used, newest first. */
export const listInvitationRows = (database: Database, workspaceId: string): Promise<InvitationRow[]> =>
  database.query(sql`
    select ${columns} from invitation i join workspace w on w.id = i.workspace_id
    where i.workspace_id = ${workspaceId} and ${isOpen} order by i.created_at desc, i.id desc`);

/** One that can still be used. */
export const findInvitation = async (database: Database, hash: string): Promise<InvitationRow | undefined> => {
  const rows = await database.query<InvitationRow>(sql`
    select ${columns} from invitation i join workspace w on w.id = i.workspace_id where i.hash = ${hash} and ${isOpen}`);
  return rows[0];
};

/** Uses it up: of any number at a time one gets it, the others undefined. */
export const takeInvitation = async (
  database: Database,
  hash: string,
  userId: string,
): Promise<InvitationRow | undefined> => {
  const rows = await database.query<InvitationRow>(sql`
    with i as (
      update invitation i set used_at = now(), used_by = ${userId} where i.hash = ${hash} and ${isOpen} returning *
    )
    select ${columns} from i join workspace w on w.id = i.workspace_id`);
  return rows[0];
};

/** False: there is no open one of that id. */
export const revokeInvitation = async (database: Database, workspaceId: string, id: string): Promise<boolean> => {
  const rows = await database.query(sql`
    update invitation i set revoked_at = now() where i.workspace_id = ${workspaceId} and i.id = ${id} and ${isOpen}
    returning i.id`);
  return rows.length === 1;
};
