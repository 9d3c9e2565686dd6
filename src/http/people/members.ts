import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { cancelOfUser } from "../../completions/cancel-of-user.ts";
import { changeMember, listMembers, removeMember, type MemberAuthority } from "../../people/members.ts";
import { changeMemberRequestSchema, membersQuerySchema } from "../../protocol/people/people-requests.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { answer, answerNothing } from "../request/call.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { enterWorkspace, workspaceParams } from "./workspaces.ts";
import { listOf } from "../../protocol/page.ts";
import { memberSchema } from "../../protocol/people/workspace.ts";

const tag = "Workspaces";
const memberParams = workspaceParams.extend({ userId: z.string().min(1).max(64) });
const cursorSchema = z.strictObject({ userId: z.string().max(64) });

const authorityOf = (principal: Principal): MemberAuthority => ({
  principal,
  requireRule: () => authorize(principal, "rule", "workspace"),
});

/** Nothing more is answered for somebody who may not be here. */
const stopWork = async ({ context }: HttpDependencies, { workspaceId }: Principal, userId: string): Promise<void> =>
  void (await cancelOfUser(context.database, { userId, workspaceId }, context));

const listRoute = (dependencies: HttpDependencies): Route =>
  route({
    method: "get",
    path: "/v1/workspaces/{workspaceId}/members",
    summary: "Who is in a workspace of yours",
    tag,
    params: workspaceParams,
    query: membersQuerySchema,
    answers: { 200: { description: "A page of them", schema: listOf(memberSchema) } },
    handle: async (call) => {
      const there = await enterWorkspace(dependencies, call, "account");
      const page = { cursor: decodeCursor(cursorSchema, call.query.cursor), limit: call.query.limit ?? 50 };
      const { data, nextCursor } = await listMembers(dependencies.context.database, there, page);
      return answer(call, 200, { data, nextCursor: encodeCursor(nextCursor) });
    },
  });

/** Who is in a workspace, and as what. */
export const memberRoutes = (dependencies: HttpDependencies): Route[] => [
  listRoute(dependencies),
  route({
    method: "patch",
    path: "/v1/workspaces/{workspaceId}/members/{userId}",
    summary: "Change a member's role, or suspend them here",
    tag,
    params: memberParams,
    body: changeMemberRequestSchema,
    answers: {
      200: {
        description: "The member; what runs for somebody suspended ends, their streams and sockets are cut",
        schema: memberSchema,
      },
    },
    handle: async (call) => {
      const there = await enterWorkspace(dependencies, call, "administer");
      const { userId } = call.params;
      const member = await changeMember(dependencies.context, authorityOf(there), userId, call.body);
      if (call.body.suspended === true) await stopWork(dependencies, there, userId);
      return answer(call, 200, member);
    },
  }),
  route({
    method: "delete",
    path: "/v1/workspaces/{workspaceId}/members/{userId}",
    summary: "Take a member out, or leave; what they wrote stays",
    tag,
    params: memberParams,
    answers: { 204: { description: "They are no member any more" } },
    handle: async (call) => {
      const isLeaving = call.params.userId === call.principal.userId;
      const there = await enterWorkspace(dependencies, call, isLeaving ? "leave" : "administer");
      await removeMember(dependencies.context, authorityOf(there), call.params.userId);
      await stopWork(dependencies, there, call.params.userId);
      return answerNothing(call);
    },
  }),
];
