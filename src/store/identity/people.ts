import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Role, WorkspacePolicy } from "../../protocol/people/principal.ts";

export interface MembershipRow {
  readonly workspaceId: string;
  readonly role: Role;
  readonly isSuspended: boolean;
  /** Null: the workspace decides nothing. */
  readonly policy: WorkspacePolicy | null;
}

export interface PersonRow {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly suspended_at: Date | null;
  readonly memberships: readonly MembershipRow[];
}

/** What a row of `workspace`, named `w`, decides; null where it decides nothing. */
export const policyOfWorkspace: Sql = sql`case
  when w.default_agent is null and w.default_model is null and w.allowed_models is null then null
  else jsonb_build_object('agent', w.default_agent, 'model', w.default_model, 'allowedModels', w.allowed_models) end`;

const personWhere = (condition: Sql): Sql => sql`
  select id, name, email, suspended_at, coalesce(
    (select jsonb_agg(jsonb_build_object('workspaceId', member.workspace_id, 'role', member.role,
         'isSuspended', member.suspended_at is not null, 'policy', ${policyOfWorkspace}) order by member.created_at, member.workspace_id)
     from member join workspace w on w.id = member.workspace_id where member.user_id = "user".id), '[]') as memberships
  from "user" where ${condition}`;

/** A user with all memberships, in one statement. */
export const findPerson = async (
  database: Database,
  issuer: string,
  subject: string,
): Promise<PersonRow | undefined> => {
  const rows = await database.query<PersonRow>(personWhere(sql`issuer = ${issuer} and subject = ${subject}`));
  return rows[0];
};

/** The same by Natter's own id of the user. */
export const findPersonById = async (database: Database, id: string): Promise<PersonRow | undefined> => {
  const rows = await database.query<PersonRow>(personWhere(sql`id = ${id}`));
  return rows[0];
};

export interface NewPerson {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string | null;
  readonly email: string | null;
}

/** False when somebody else has just made the same one. */
export const insertPerson = async (database: Database, person: NewPerson): Promise<boolean> => {
  const rows = await database.query(sql`
    insert into "user" (id, issuer, subject, name, email)
    values (${person.id}, ${person.issuer}, ${person.subject}, ${person.name}, ${person.email})
    on conflict (issuer, subject) do nothing returning id`);
  return rows.length === 1;
};

export const updatePerson = (
  database: Database,
  id: string,
  profile: { readonly name: string | null; readonly email: string | null },
): Promise<unknown[]> =>
  database.query(sql`update "user" set name = ${profile.name}, email = ${profile.email} where id = ${id}`);

/** Another source vouches for this user from now on. False: there is no user of the old one. */
export const adoptPerson = async (
  database: Database,
  from: { readonly issuer: string; readonly subject: string },
  to: Omit<NewPerson, "id">,
): Promise<boolean> => {
  const rows = await database.query(sql`
    update "user" set issuer = ${to.issuer}, subject = ${to.subject}, name = ${to.name}, email = ${to.email}
    where issuer = ${from.issuer} and subject = ${from.subject} returning id`);
  return rows.length === 1;
};

export interface NewMembership {
  readonly workspaceId: string;
  /** Name of the workspace if it has to be made. */
  readonly workspaceName: string;
  readonly userId: string;
  readonly role: Role;
}

/** Makes the workspace if it isn't there, and the membership or its new role. */
export const putMembership = (database: Database, membership: NewMembership): Promise<unknown[]> =>
  database.query(sql`
    with made as (
      insert into workspace (id, name) values (${membership.workspaceId}, ${membership.workspaceName}) on conflict (id) do nothing
    )
    insert into member (workspace_id, user_id, role) values (${membership.workspaceId}, ${membership.userId}, ${membership.role})
    on conflict (workspace_id, user_id) do update set role = excluded.role`);

/** Suspends a user in every workspace, or lifts it. */
export const setSuspended = (database: Database, userId: string, isSuspended: boolean): Promise<unknown[]> =>
  database.query(
    sql`update "user" set suspended_at = ${isSuspended ? sql`coalesce(suspended_at, now())` : sql`null`} where id = ${userId}`,
  );
