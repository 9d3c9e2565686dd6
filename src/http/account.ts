import { authorize } from "../auth/authorize.ts";
import { readQuota } from "../completions/money/budget-book.ts";
import { answer } from "./request/call.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { route, type Route } from "./route.ts";
import { meSchema } from "../protocol/people/account.ts";

const tag = "Account";

export const accountRoutes = ({ context, budgets }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/me",
    summary: "Who you are here",
    tag,
    answers: { 200: { description: "You", schema: meSchema } },
    handle: async (call) => {
      authorize(call.principal, "account", "workspace");
      const { userId, workspaceId, role, name, sessionId } = call.principal;
      const quota = budgets === undefined ? undefined : await readQuota(context.database, call.principal, budgets);
      return answer(call, 200, { userId, workspaceId, role, name, hasSession: sessionId !== undefined, quota });
    },
  }),
];
