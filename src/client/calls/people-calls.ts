import type { Invitation, NewInvitation } from "../../protocol/people/invitation.ts";
import type { Member, Workspace } from "../../protocol/people/workspace.ts";
import type { Page } from "../../protocol/page.ts";
import type { ChangeMemberBody, InviteBody, WorkspaceChange } from "./bodies.ts";
import type { MembersQuery } from "./queries.ts";
import type { Requester } from "../requests/requester.ts";

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
  changeMember: (workspaceId: string, userId: string, change: ChangeMemberBody): Promise<Member> =>
    json(memberPath(workspaceId, userId), { method: "PATCH", body: change }),
  /** Also how one leaves. */
  removeMember: async (workspaceId: string, userId: string): Promise<void> =>
    void (await response(memberPath(workspaceId, userId), { method: "DELETE" })),
  invitations: (workspaceId: string): Promise<Page<Invitation>> => json(`${pathOf(workspaceId)}/invitations`),
  invite: (workspaceId: string, body: InviteBody): Promise<NewInvitation> =>
    json(`${pathOf(workspaceId)}/invitations`, { body }),
  withdraw: async (workspaceId: string, invitationId: string): Promise<void> =>
    void (await response(`${pathOf(workspaceId)}/invitations/${invitationId}`, { method: "DELETE" })),
});
