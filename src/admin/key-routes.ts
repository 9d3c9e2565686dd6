import { z } from "zod";
import { authorize } from "../auth/authorize.ts";
import { NatterError } from "../foundation/errors.ts";
import type { HttpDependencies } from "../http/dependencies.ts";
import { answer, answerNothing } from "../http/request/call.ts";
import { route, type Route } from "../http/route.ts";
import { publishStanding } from "../people/context.ts";
import { listKeys, revokeKeyOf } from "../people/keys.ts";
import { adminKeySchema } from "../protocol/admin/resources.ts";
import { idSchema } from "../protocol/identifiers.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { findMemberRow } from "../store/identity/member-rows.ts";
import { listOf } from "../protocol/page.ts";

const tag = "Administration";
const userParams = z.object({ userId: z.string().min(1).max(64) });

/** @throws NatterError `not_found` for one who is no member */
const requireMember = async (
  { context: { database } }: HttpDependencies,
  { workspaceId }: Principal,
  userId: string,
): Promise<{ readonly role: Principal["role"] }> => {
  const member = await findMemberRow(database, workspaceId, userId);
  if (member === undefined) throw new NatterError("not_found", "There is no such member.");
  return member;
};

/** The keys of members: what they are called and may do, and an end to them; never the keys themselves. */
export const keyRoutes = (dependencies: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/admin/users/{userId}/keys",
    summary: "API keys of a member, newest first, without those that are revoked",
    tag,
    params: userParams,
    answers: { 200: { description: "All of them", schema: listOf(adminKeySchema) } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const { userId } = call.params;
      const { workspaceId } = call.principal;
      await requireMember(dependencies, call.principal, userId);
      const keys = await listKeys(dependencies.context.database, { workspaceId, userId });
      const data = keys.map(({ workspaceId: _workspace, userId: _user, ...key }) => key);
      return answer(call, 200, { data, nextCursor: null });
    },
  }),
  route({
    method: "delete",
    path: "/v1/admin/users/{userId}/keys/{keyId}",
    summary: "Revoke a member's key, for good; an owner's only as an owner",
    tag,
    params: userParams.extend({ keyId: idSchema }),
    answers: { 204: { description: "It is not accepted any more, on every node within five seconds" } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const { userId, keyId } = call.params;
      const { role } = await requireMember(dependencies, call.principal, userId);
      if (role === "owner") authorize(call.principal, "rule", "workspace");
      dependencies.keys.forget(await revokeKeyOf(dependencies.context.database, call.principal, userId, keyId));
      publishStanding(dependencies.context, userId);
      return answerNothing(call);
    },
  }),
];
