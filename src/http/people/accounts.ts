import { authorize } from "../../auth/authorize.ts";
import { NatterError } from "../../foundation/errors.ts";
import type { Accounts, SessionCookies } from "../../people/accounts/accounts.ts";
import { publishStanding } from "../../people/context.ts";
import {
  changePasswordRequestSchema,
  signInRequestSchema,
  signUpRequestSchema,
} from "../../protocol/people/people-requests.ts";
import { answer, answerNothing, type Arrival } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { openRoute, route, type Route, type RouteAnswer } from "../route.ts";
import { accountProfileRoutes } from "./account-profile.ts";
import { guarded } from "./guard-guesses.ts";
import { signInOptionsSchema } from "../../protocol/people/account.ts";

const tag = "Sign-in";
const signedIn: RouteAnswer = { description: "The cookie of a session is set", headers: ["Set-Cookie"] };

const answerCookies = (arrival: Arrival, { cookies }: SessionCookies): Response => {
  const response = answerNothing(arrival);
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
};

const entryRoutes = (dependencies: HttpDependencies, accounts: Accounts): Route[] => [
  openRoute({
    method: "get",
    path: "/v1/account/options",
    summary: "What a new account needs here",
    tag,
    answers: {
      200: { description: "An invitation, the link that the server printed, or nothing", schema: signInOptionsSchema },
    },
    handle: async (call) => answer(call, 200, { signUpNeeds: await accounts.signUpNeeds() }),
  }),
  openRoute({
    method: "post",
    path: "/v1/account/sign-up",
    summary: "Make an account, and sign in with it",
    tag,
    body: signUpRequestSchema,
    takes: ["try"],
    answers: { 204: signedIn },
    handle: async (call) => {
      const { invitation, setup, ...account } = call.body;
      return answerCookies(call, await accounts.signUp(account, { invitation, setup }));
    },
  }),
  openRoute({
    method: "post",
    path: "/v1/account/sign-in",
    summary: "Sign in with e-mail and password",
    tag,
    body: signInRequestSchema,
    takes: ["try"],
    answers: { 204: signedIn },
    handle: async (call) => {
      const { email, password } = call.body;
      return answerCookies(
        call,
        await guarded(dependencies, email, () => accounts.signIn({ email, password }, call.request.headers)),
      );
    },
  }),
];

/** Built-in accounts, where they are on. */
export const accountSessionRoutes = (dependencies: HttpDependencies): Route[] => {
  const { accounts, context } = dependencies;
  if (accounts === undefined) return [];
  return [
    ...entryRoutes(dependencies, accounts),
    ...accountProfileRoutes(dependencies, accounts),
    route({
      method: "post",
      path: "/v1/account/sign-out",
      summary: "End the session of this browser",
      tag,
      answers: { 204: { description: "It has ended; its streams and sockets are cut", headers: ["Set-Cookie"] } },
      handle: async (call) => {
        authorize(call.principal, "account", "workspace");
        const ended = await accounts.signOut(call.request.headers, call.principal);
        publishStanding(context, call.principal.userId);
        return answerCookies(call, ended);
      },
    }),
    route({
      method: "post",
      path: "/v1/account/password",
      summary: "Change your password; all other sessions end",
      tag,
      body: changePasswordRequestSchema,
      answers: { 204: signedIn },
      handle: async (call) => {
        const { principal, body, request } = call;
        authorize(principal, "account", "workspace");
        if (principal.sessionId === undefined)
          throw new NatterError("conflict", "Only somebody signed in with a password can change it.");
        const change = { from: body.currentPassword, to: body.newPassword };
        const changed = await guarded(dependencies, principal.userId, () =>
          accounts.changePassword(request.headers, principal, change),
        );
        publishStanding(context, principal.userId);
        return answerCookies(call, changed);
      },
    }),
  ];
};
