import { z } from "zod";
import { authorize } from "../auth/authorize.ts";
import { NatterError } from "../foundation/errors.ts";
import { publishStanding } from "../people/context.ts";
import { createKey, listKeys, revokeKey } from "../people/keys.ts";
import { idSchema } from "../protocol/identifiers.ts";
import { createKeyRequestSchema } from "../protocol/people/people-requests.ts";
import type { Principal, Scope } from "../protocol/people/principal.ts";
import { answer, answerNothing } from "./request/call.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { route, type Route } from "./route.ts";
import { listOf } from "../protocol/page.ts";
import { apiKeySchema, newApiKeySchema } from "../protocol/people/api-key.ts";

const tag = "Account";

/** A key is never worth more than what it was made with. @throws NatterError `forbidden` */
const requireScopes = (principal: Principal, scopes: readonly Scope[] = ["read", "chat"]): void => {
  if (scopes.includes("admin")) authorize(principal, "administer", "workspace");
  if (scopes.includes("act-as")) authorize(principal, "actAs", "workspace");
  const missing = scopes.find((scope) => principal.scopes?.includes(scope) === false);
  if (missing !== undefined)
    throw new NatterError("forbidden", `This key lacks the scope "${missing}" and can't give it to another.`);
};

/** The caller's own keys in its workspace. */
export const apiKeyRoutes = ({ context, context: { database }, keys }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/api-keys",
    summary: "Your API keys, newest first, without those that are revoked",
    tag,
    answers: { 200: { description: "All of them", schema: listOf(apiKeySchema) } },
    handle: async (call) => {
      authorize(call.principal, "keys", "workspace");
      return answer(call, 200, { data: await listKeys(database, call.principal), nextCursor: null });
    },
  }),
  route({
    method: "post",
    path: "/v1/api-keys",
    summary: "Make a key that acts as you in this workspace; the answer is the only place that ever shows it",
    tag,
    body: createKeyRequestSchema,
    answers: { 201: { description: "The key", schema: newApiKeySchema } },
    handle: async (call) => {
      authorize(call.principal, "keys", "workspace");
      const { name, expiresAt, scopes } = call.body;
      requireScopes(call.principal, scopes);
      const given = { name, scopes, ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }) };
      return answer(call, 201, await createKey(database, call.principal, given));
    },
  }),
  route({
    method: "delete",
    path: "/v1/api-keys/{keyId}",
    summary: "Revoke a key, for good",
    tag,
    params: z.object({ keyId: idSchema }),
    answers: { 204: { description: "It is not accepted any more, on every node within five seconds" } },
    handle: async (call) => {
      authorize(call.principal, "keys", "workspace");
      keys.forget(await revokeKey(database, call.principal, call.params.keyId));
      publishStanding(context, call.principal.userId);
      return answerNothing(call);
    },
  }),
];
