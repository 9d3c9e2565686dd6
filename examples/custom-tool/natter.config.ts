import { completed, defineAgent, defineConfig, notFound, tool, validationError } from "natter";
import { z } from "zod";
import { shop } from "./shop.ts";

const orderId = z.string().regex(/^A-\d{4}$/, "must look like A-1001");

const getOrder = tool({
  description: "Looks an order up by its id",
  inputSchema: z.object({ orderId }),
  // it only reads: after a crash it may be asked again
  retrySafe: true,
  timeout: "5s",
  execute: async (input, { abortSignal }) =>
    (await shop.find(input.orderId, abortSignal)) ?? notFound(`order ${input.orderId}`),
});

const refund = tool({
  description: "Pays an order back, in cents. Look the order up first.",
  inputSchema: z.object({ orderId, cents: z.int().min(1) }),
  // more than 50 euros: a person has to allow it, with this exact input
  approval: ({ cents }) => cents > 5_000,
  execute: async (input, { abortSignal, idempotencyKey }) => {
    const order = await shop.find(input.orderId, abortSignal);
    if (order === undefined) return notFound(`order ${input.orderId}`);
    const left = order.cents - order.refundedCents;
    if (input.cents > left) return validationError([`cents: at most ${left} can be paid back`]);
    return completed(await shop.refund(order.id, input.cents, idempotencyKey));
  },
});

export default defineConfig({
  agents: {
    default: defineAgent({
      name: "Shop",
      instructions: "You help with orders. Never say that money was paid back before the tool has said so.",
      tools: { getOrder, refund },
    }),
  },
});
