import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import type { HttpDependencies } from "../../http/dependencies.ts";
import { answer } from "../../http/request/call.ts";
import { databaseTimestampSchema, decodeCursor, encodeCursor } from "../../http/request/cursor.ts";
import { route, type Route } from "../../http/route.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { deliveriesQuerySchema, webhookDeliverySchema } from "../../protocol/webhook.ts";
import { deliverAgain, getDelivery, listDeliveries, sendTest } from "./deliveries.ts";
import { listOf } from "../../protocol/page.ts";

const tag = "Webhooks";
const params = z.object({ webhookId: idSchema });
const deliveryParams = params.extend({ deliveryId: idSchema });
const cursorSchema = z.strictObject({ createdAt: databaseTimestampSchema, id: idSchema });

const sendingRoutes = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "post",
    path: "/v1/webhooks/{webhookId}/test",
    summary: "Send a webhook something to try it with: `webhook.test`",
    tag,
    params,
    answers: { 202: { description: "The delivery", schema: webhookDeliverySchema } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      return answer(call, 202, await sendTest(database, call.principal, call.params.webhookId));
    },
  }),
  route({
    method: "post",
    path: "/v1/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver",
    summary: "Tell it once more, under the same id",
    tag,
    params: deliveryParams,
    answers: { 202: { description: "The delivery", schema: webhookDeliverySchema } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const { webhookId, deliveryId } = call.params;
      return answer(call, 202, await deliverAgain(database, call.principal, webhookId, deliveryId));
    },
  }),
];

/** How far the telling is. */
export const deliveryRoutes = (dependencies: HttpDependencies): Route[] => {
  const { database } = dependencies.context;
  return [
    route({
      method: "get",
      path: "/v1/webhooks/{webhookId}/deliveries",
      summary: "What a webhook was told or is to be told in the last 30 days, newest first",
      tag,
      params,
      query: deliveriesQuerySchema,
      answers: { 200: { description: "A page of deliveries", schema: listOf(webhookDeliverySchema) } },
      handle: async (call) => {
        authorize(call.principal, "administer", "workspace");
        const { status, cursor, limit = 50 } = call.query;
        const query = { status, cursor: decodeCursor(cursorSchema, cursor), limit };
        const page = await listDeliveries(database, call.principal, call.params.webhookId, query);
        return answer(call, 200, { data: page.data, nextCursor: encodeCursor(page.nextCursor) });
      },
    }),
    route({
      method: "get",
      path: "/v1/webhooks/{webhookId}/deliveries/{deliveryId}",
      summary: "One delivery, with what its last attempt met",
      tag,
      params: deliveryParams,
      answers: { 200: { description: "The delivery", schema: webhookDeliverySchema } },
      handle: async (call) => {
        authorize(call.principal, "administer", "workspace");
        const { webhookId, deliveryId } = call.params;
        return answer(call, 200, await getDelivery(database, call.principal, webhookId, deliveryId));
      },
    }),
    ...sendingRoutes(dependencies),
  ];
};
