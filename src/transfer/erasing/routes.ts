import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { NatterError } from "../../foundation/errors.ts";
import { answer } from "../../http/request/call.ts";
import type { HttpDependencies } from "../../http/dependencies.ts";
import { guarded } from "../../http/people/guard-guesses.ts";
import { route, type Route } from "../../http/route.ts";
import { eraseAccountRequestSchema, erasureSchema, eraseUserQuerySchema } from "../../protocol/people/erasure.ts";
import { eraseEverywhere, eraseHere } from "./erase-user.ts";

const isBegun = "It has begun: they are signed out everywhere, and a job deletes the rest";

const memberRoute = ({ context }: HttpDependencies): Route =>
  route({
    method: "delete",
    path: "/v1/admin/users/{userId}",
    summary:
      "Erase a user of the workspace, for good: what they own and said here, and the person if they are in no other",
    tag: "Administration",
    params: z.object({ userId: z.string().min(1).max(64) }),
    query: eraseUserQuerySchema,
    answers: { 202: { description: isBegun, schema: erasureSchema } },
    handle: async (call) => {
      const { principal, params, query } = call;
      authorize(principal, "administer", "workspace");
      const authority = { principal, requireRule: () => authorize(principal, "rule", "workspace") };
      return answer(call, 202, await eraseHere(context, authority, { ...params, ...query }));
    },
  });

const accountRoute = (dependencies: HttpDependencies): Route[] => {
  const { context, accounts } = dependencies;
  if (accounts === undefined) return [];
  return [
    route({
      method: "post",
      path: "/v1/account/erase",
      summary: "Erase yourself, for good: your account, what you own and what you said, in every workspace",
      tag: "Sign-in",
      body: eraseAccountRequestSchema,
      answers: { 202: { description: isBegun, schema: erasureSchema } },
      handle: async (call) => {
        const { principal, request, body } = call;
        authorize(principal, "account", "workspace");
        if (principal.sessionId === undefined)
          throw new NatterError("conflict", "Only somebody signed in with a password can erase themselves.");
        await guarded(dependencies, principal.userId, () => accounts.verifyPassword(request.headers, body.password));
        return answer(call, 202, await eraseEverywhere(context, principal, { userId: principal.userId }));
      },
    }),
  ];
};

/** How people are erased. */
export const erasingRoutes = (dependencies: HttpDependencies): Route[] => [
  memberRoute(dependencies),
  ...accountRoute(dependencies),
];
