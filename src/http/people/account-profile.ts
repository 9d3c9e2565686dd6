import { authorize } from "../../auth/authorize.ts";
import type { Accounts } from "../../people/accounts/accounts.ts";
import { changeProfile, endOtherSessions, readProfile } from "../../people/accounts/profile.ts";
import { publishStanding } from "../../people/context.ts";
import { changeAccountRequestSchema } from "../../protocol/people/people-requests.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { answer, answerNothing } from "../request/call.ts";
import { route, type Route } from "../route.ts";
import { guarded } from "./guard-guesses.ts";
import { accountSchema } from "../../protocol/people/account.ts";

const tag = "Sign-in";

/** One's own built-in account. */
export const accountProfileRoutes = (dependencies: HttpDependencies, accounts: Accounts): Route[] => {
  const { context } = dependencies;
  return [
    route({
      method: "get",
      path: "/v1/account",
      summary: "Your account, and where you are signed in",
      tag,
      answers: { 200: { description: "The account", schema: accountSchema } },
      handle: async (call) => {
        authorize(call.principal, "account", "workspace");
        return answer(call, 200, await readProfile(context.database, call.principal));
      },
    }),
    route({
      method: "patch",
      path: "/v1/account",
      summary: "Change your name, or with your password the e-mail address that you sign in with",
      tag,
      body: changeAccountRequestSchema,
      answers: { 200: { description: "The account", schema: accountSchema } },
      handle: async (call) => {
        const { principal, request, body } = call;
        authorize(principal, "account", "workspace");
        const { currentPassword: password, ...change } = body;
        await readProfile(context.database, principal);
        if (password !== undefined)
          await guarded(dependencies, principal.userId, () => accounts.verifyPassword(request.headers, password));
        const changed = await changeProfile(context.database, principal, change);
        publishStanding(context, principal.userId);
        return answer(call, 200, changed);
      },
    }),
    route({
      method: "delete",
      path: "/v1/account/sessions",
      summary: "Sign out everywhere else",
      tag,
      answers: { 204: { description: "All other sessions have ended; their streams and sockets are cut" } },
      handle: async (call) => {
        authorize(call.principal, "account", "workspace");
        await endOtherSessions(context.database, call.principal);
        publishStanding(context, call.principal.userId);
        return answerNothing(call);
      },
    }),
  ];
};
