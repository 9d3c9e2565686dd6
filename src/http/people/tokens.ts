import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { NatterError } from "../../foundation/errors.ts";
import { issueBrowserToken } from "../../people/browser-token.ts";
import { timestampSchema } from "../../protocol/identifiers.ts";
import { issueTokenRequestSchema } from "../../protocol/people/people-requests.ts";
import { answer } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";

const tokenSchema = z
  .object({
    token: z.string().describe("For `Authorization: Bearer`, in that user's browser"),
    userId: z.string(),
    workspaceId: z.string(),
    expiresAt: timestampSchema,
  })
  .meta({ id: "BrowserToken" });

/** A host's server exchanges its key for a token of one of its users. */
export const tokenRoutes = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "post",
    path: "/v1/tokens",
    summary: "Exchange a key with the scope act-as for a short-lived token of one of your users",
    tag: "Account",
    body: issueTokenRequestSchema,
    takes: ["token"],
    answers: { 201: { description: "The token, shown this once", schema: tokenSchema } },
    handle: async (call) => {
      const { principal, body } = call;
      authorize(principal, "actAs", "workspace");
      const { keyId } = principal;
      if (keyId === undefined)
        throw new NatterError("forbidden", "Tokens are given for an API key with the scope act-as, and this is none.");
      const { user, scopes, expiresInSeconds: seconds } = body;
      const wanted = { userId: user.id, name: user.name, email: user.email, scopes, seconds };
      return answer(call, 201, await issueBrowserToken(database, { ...principal, keyId }, wanted));
    },
  }),
];
