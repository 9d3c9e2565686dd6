import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { createEgressCheck } from "../../foundation/egress/egress-check.ts";
import type { HttpDependencies } from "../../http/dependencies.ts";
import { answer, answerNothing } from "../../http/request/call.ts";
import { route, type Route } from "../../http/route.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import {
  changeWebhookRequestSchema,
  createWebhookRequestSchema,
  newWebhookSchema,
  rotateWebhookRequestSchema,
  webhookSchema,
} from "../../protocol/webhook.ts";
import { deliveryRoutes } from "./delivery-routes.ts";
import { changeWebhook, createWebhook, getWebhook, listWebhooks, removeWebhook, rotateWebhook } from "./webhooks.ts";
import { listOf } from "../../protocol/page.ts";

const tag = "Webhooks";
const params = z.object({ webhookId: idSchema });

const makingRoutes = ({ context: { database }, egressAllow = [] }: HttpDependencies): Route[] => {
  const context = { database, checkUrl: createEgressCheck({ allow: egressAllow }) };
  return [
    route({
      method: "post",
      path: "/v1/webhooks",
      summary:
        "Tell a URL of what happens in the workspace, by signed requests; the answer alone ever shows the secret",
      tag,
      body: createWebhookRequestSchema,
      answers: { 201: { description: "The webhook with its secret", schema: newWebhookSchema } },
      handle: async (call) => {
        authorize(call.principal, "administer", "workspace");
        return answer(call, 201, await createWebhook(context, call.principal, call.body));
      },
    }),
    route({
      method: "patch",
      path: "/v1/webhooks/{webhookId}",
      summary: "Change what a webhook is told and where, disable or enable it",
      tag,
      params,
      body: changeWebhookRequestSchema,
      answers: { 200: { description: "The webhook", schema: webhookSchema } },
      handle: async (call) => {
        authorize(call.principal, "administer", "workspace");
        return answer(call, 200, await changeWebhook(context, call.principal, call.params.webhookId, call.body));
      },
    }),
    route({
      method: "post",
      path: "/v1/webhooks/{webhookId}/rotate",
      summary: "Give a webhook another secret; the one before signs as well for a time",
      tag,
      params,
      body: rotateWebhookRequestSchema,
      isBodyOptional: true,
      answers: { 200: { description: "The webhook with its new secret, shown this once", schema: newWebhookSchema } },
      handle: async (call) => {
        authorize(call.principal, "administer", "workspace");
        const { graceSeconds } = call.body;
        return answer(call, 200, await rotateWebhook(database, call.principal, call.params.webhookId, graceSeconds));
      },
    }),
  ];
};

/** Whom a workspace tells of what happens in it (N10). */
export const webhookRoutes = (dependencies: HttpDependencies): Route[] => {
  const { database } = dependencies.context;
  return [
    route({
      method: "get",
      path: "/v1/webhooks",
      summary: "The webhooks of the workspace, oldest first",
      tag,
      answers: { 200: { description: "All of them, without their secrets", schema: listOf(webhookSchema) } },
      handle: async (call) => {
        authorize(call.principal, "administer", "workspace");
        return answer(call, 200, { data: await listWebhooks(database, call.principal), nextCursor: null });
      },
    }),
    ...makingRoutes(dependencies),
    route({
      method: "get",
      path: "/v1/webhooks/{webhookId}",
      summary: "A webhook, and whether it takes what it is told",
      tag,
      params,
      answers: { 200: { description: "The webhook, without its secret", schema: webhookSchema } },
      handle: async (call) => {
        authorize(call.principal, "administer", "workspace");
        return answer(call, 200, await getWebhook(database, call.principal, call.params.webhookId));
      },
    }),
    route({
      method: "delete",
      path: "/v1/webhooks/{webhookId}",
      summary: "Forget a webhook, with what it was to be told",
      tag,
      params,
      answers: { 204: { description: "It is told nothing any more" } },
      handle: async (call) => {
        authorize(call.principal, "administer", "workspace");
        await removeWebhook(database, call.principal, call.params.webhookId);
        return answerNothing(call);
      },
    }),
    ...deliveryRoutes(dependencies),
  ];
};
