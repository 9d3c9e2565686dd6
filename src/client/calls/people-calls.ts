import type { Role } from "../../protocol/people/principal.ts";
import type { Page } from "./bodies.ts";
import type { Requester } from "../requests/requester.ts";

/** A workspace that you are a member of; times are ISO 8601 in UTC. */
export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** Yours. */
  readonly role: Role;
  readonly defaultAgent: string | null;
  readonly defaultModel: string | null;
  /** The only models that answer here; null: all. */
  readonly allowedModels: readonly string[] | null;
  readonly retentionDays: number | null;
  readonly createdAt: string;
}

/** What a workspace decides for its members; null: as the server has it. */
export interface WorkspaceChange {
  readonly name?: string | undefined;
  readonly defaultAgent?: string | null | undefined;
  readonly defaultModel?: string | null | undefined;
  /** Null: all models. */
  readonly allowedModels?: readonly string[] | null | undefined;
  /** After so many days without a change a conversation is deleted; null: never. */
  readonly retentionDays?: number | null | undefined;
}

export interface Member {
  readonly userId: string;
  readonly role: Role;
  readonly name: string | null;
  /** Told to owners and admins, and of oneself. */
  readonly email: string | null;
  readonly suspended: boolean;
  readonly joinedAt: string;
}

/** An invitation that can still be used. */
export interface Invitation {
  readonly id: string;
  readonly role: Role;
  readonly note: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface NewInvitation extends Invitation {
  /** Shown this once. */
  readonly token: string;
  /** The page to send somebody to, as `/join#…`. */
  readonly path: string;
}

export interface InviteBody {
  readonly role?: Exclude<Role, "owner"> | undefined;
  readonly note?: string | undefined;
  /** Default: a week. */
  readonly expiresInHours?: number | undefined;
}

export interface MembersQuery {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

const pathOf = (workspaceId: string): string => `/v1/workspaces/${encodeURIComponent(workspaceId)}`;
const memberPath = (workspaceId: string, userId: string): string =>
  `${pathOf(workspaceId)}/members/${encodeURIComponent(userId)}`;

/** Workspaces, who is in them, and who is invited. */
export const workspaceCalls = ({ json, response }: Requester) => ({
  list: (): Promise<Page<Workspace>> => json("/v1/workspaces"),
  create: (name: string): Promise<Workspace> => json("/v1/workspaces", { body: { name } }),
  change: (workspaceId: string, change: WorkspaceChange): Promise<Workspace> =>
    json(pathOf(workspaceId), { method: "PATCH", body: change }),
  members: (workspaceId: string, query: MembersQuery = {}): Promise<Page<Member>> =>
    json(`${pathOf(workspaceId)}/members`, { query: { ...query } }),
  changeMember: (
    workspaceId: string,
    userId: string,
    change: { readonly role?: Role; readonly suspended?: boolean },
  ): Promise<Member> => json(memberPath(workspaceId, userId), { method: "PATCH", body: change }),
  /** Also how one leaves. */
  removeMember: async (workspaceId: string, userId: string): Promise<void> =>
    void (await response(memberPath(workspaceId, userId), { method: "DELETE" })),
  invitations: (workspaceId: string): Promise<Page<Invitation>> => json(`${pathOf(workspaceId)}/invitations`),
  invite: (workspaceId: string, body: InviteBody): Promise<NewInvitation> =>
    json(`${pathOf(workspaceId)}/invitations`, { body }),
  withdraw: async (workspaceId: string, invitationId: string): Promise<void> =>
    void (await response(`${pathOf(workspaceId)}/invitations/${invitationId}`, { method: "DELETE" })),
});
