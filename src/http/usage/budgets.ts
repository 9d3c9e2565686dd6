import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { listBudgets, removeBudget, setBudget } from "../../completions/money/budget-book.ts";
import { NatterError } from "../../foundation/errors.ts";
import { budgetSchema, setBudgetRequestSchema } from "../../protocol/people/budget.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { answer, answerNothing } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { listOf } from "../../protocol/page.ts";

const tag = "Account";

const requireBudgets = ({ budgets }: HttpDependencies): void => {
  if (budgets === undefined)
    throw new NatterError("conflict", "Budgets are not looked at here; add cost() to the server's middleware.");
};

/** What owners and admins decide about the spending of their workspace. */
export const budgetRoutes = (dependencies: HttpDependencies): Route[] => {
  const { database } = dependencies.context;
  return [
    route({
      method: "get",
      path: "/v1/budgets",
      summary: "The budgets that the workspace has set for itself; the server may have more",
      tag,
      answers: { 200: { description: "All of them", schema: listOf(budgetSchema) } },
      handle: async (call) => {
        authorize(call.principal, "administer", "workspace");
        return answer(call, 200, { data: await listBudgets(database, call.principal.workspaceId), nextCursor: null });
      },
    }),
    route({
      method: "put",
      path: "/v1/budgets",
      summary: "Set a budget of the workspace, of each user or key, or of one; in place of an earlier one for the same",
      tag,
      body: setBudgetRequestSchema,
      answers: { 200: { description: "The budget; it holds for the next model call", schema: budgetSchema } },
      handle: async (call) => {
        authorize(call.principal, "administer", "workspace");
        requireBudgets(dependencies);
        return answer(call, 200, await setBudget(database, call.principal, call.body));
      },
    }),
    route({
      method: "delete",
      path: "/v1/budgets/{budgetId}",
      summary: "Remove a budget",
      tag,
      params: z.object({ budgetId: idSchema }),
      answers: { 204: { description: "It does not hold any more" } },
      handle: async (call) => {
        authorize(call.principal, "administer", "workspace");
        await removeBudget(database, call.principal, call.params.budgetId);
        return answerNothing(call);
      },
    }),
  ];
};
