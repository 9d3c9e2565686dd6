import { z } from "zod";
import { idSchema, timestampSchema } from "./identifiers.ts";
import { completionSchema, messageSchema, voteSchema } from "./resources.ts";
import { toolExecutionSchema } from "./tool-execution.ts";
import { pageQuerySchema } from "./requests.ts";

/** What a webhook can be told of. */
export const webhookEventTypeSchema = z
  .enum([
    "message.created",
    "completion.started",
    "completion.waiting",
    "completion.completed",
    "completion.failed",
    "completion.cancelled",
    "tool.completed",
    "tool.failed",
    "tool.cancelled",
    "vote.created",
    "vote.updated",
    "vote.removed",
  ])
  .meta({ id: "WebhookEventType" });

export type WebhookEventType = z.infer<typeof webhookEventTypeSchema>;

const isReadable = z
  .boolean()
  .describe(
    "False: a private conversation's, of which nothing that was said is told: no parts, inputs, results, reasons",
  );

const messageDataSchema = z.object({
  conversationId: idSchema,
  messageId: idSchema,
  isReadable,
  message: messageSchema.nullable().describe("Null: it is gone by now"),
});

const completionDataSchema = z.object({
  conversationId: idSchema,
  completionId: idSchema,
  messageId: idSchema.describe("The answer that it writes"),
  isReadable,
  completion: completionSchema.nullable().describe("As it is when this is sent; null: it is gone by now"),
});

const toolDataSchema = z.object({
  conversationId: idSchema,
  completionId: idSchema,
  toolExecutionId: z.string(),
  callId: z.string(),
  tool: z.string(),
  kind: z.enum(["inline", "client", "background"]),
  isReadable,
  toolExecution: toolExecutionSchema
    .nullable()
    .describe("Null unless it runs in the background; then as `GET` tells it"),
});

const voteDataSchema = z.object({
  conversationId: idSchema,
  messageId: idSchema,
  userId: z.string(),
  isReadable,
  vote: voteSchema.describe("As it is when this is sent"),
});

const testDataSchema = z.object({ webhookId: idSchema });

/** What a webhook is sent, by type. */
export const webhookEventSchema = z
  .discriminatedUnion("type", [
    z.object({ type: z.literal("message.created"), timestamp: timestampSchema, data: messageDataSchema }),
    z.object({
      type: z.enum([
        "completion.started",
        "completion.waiting",
        "completion.completed",
        "completion.failed",
        "completion.cancelled",
      ]),
      timestamp: timestampSchema,
      data: completionDataSchema,
    }),
    z.object({
      type: z.enum(["tool.completed", "tool.failed", "tool.cancelled"]),
      timestamp: timestampSchema,
      data: toolDataSchema,
    }),
    z.object({
      type: z.enum(["vote.created", "vote.updated", "vote.removed"]),
      timestamp: timestampSchema,
      data: voteDataSchema,
    }),
    z.object({ type: z.literal("webhook.test"), timestamp: timestampSchema, data: testDataSchema }),
  ])
  .meta({ id: "WebhookEvent" });

/** The body of a request to a webhook. */
export type WebhookEvent = Readonly<z.infer<typeof webhookEventSchema>>;

export const webhookSchema = z
  .object({
    id: idSchema,
    url: z.string(),
    description: z.string().nullable(),
    events: z.array(webhookEventTypeSchema),
    enabled: z.boolean(),
    disabledBecause: z
      .enum(["person", "failing", "gone"])
      .nullable()
      .describe("Failing: for five days; gone: it answered 410"),
    disabledAt: timestampSchema.nullable(),
    failures: z.int().describe("Attempts that failed since the last one that did not"),
    failingSince: timestampSchema.nullable(),
    formerSecretUntil: timestampSchema
      .nullable()
      .describe("Until then the secret before the last rotation signs as well"),
    createdBy: z.string().nullable(),
    createdAt: timestampSchema,
  })
  .meta({ id: "Webhook" });

/** Whom a workspace tells of what happens in it. */
export type Webhook = Readonly<z.infer<typeof webhookSchema>>;

export const newWebhookSchema = webhookSchema
  .extend({ secret: z.string().describe("`whsec_…`, shown this once") })
  .meta({ id: "NewWebhook" });

export type NewWebhook = Readonly<z.infer<typeof newWebhookSchema>>;

export const webhookDeliverySchema = z
  .object({
    id: z.string().describe("Of what happened; the header `webhook-id`, the same in each attempt"),
    type: z.string(),
    status: z.enum(["pending", "delivered", "failed"]),
    attempts: z.int(),
    attemptedAt: timestampSchema.nullable(),
    nextAttemptAt: timestampSchema.nullable().describe("Null: there is none"),
    answer: z
      .object({
        status: z.int().nullable().describe("Null: none came"),
        text: z.string().nullable().describe("How it begins"),
        milliseconds: z.int(),
        error: z.string().nullable(),
      })
      .nullable()
      .describe("What the last attempt met"),
    createdAt: timestampSchema,
  })
  .meta({ id: "WebhookDelivery" });

/** How far the telling of one thing is. */
export type WebhookDelivery = Readonly<z.infer<typeof webhookDeliverySchema>>;

const urlSchema = z.string().min(1).max(2_000);
const descriptionSchema = z.string().max(500).nullable();
const eventsSchema = z
  .array(webhookEventTypeSchema)
  .min(1)
  .max(webhookEventTypeSchema.options.length)
  .transform((events) => [...new Set(events)]);

/** `POST /v1/webhooks`. */
export const createWebhookRequestSchema = z
  .strictObject({
    url: urlSchema,
    events: eventsSchema.optional().describe("Default: all of them"),
    description: descriptionSchema.optional(),
    enabled: z.boolean().optional().describe("Default true"),
  })
  .meta({ id: "CreateWebhookRequest" });

/** `PATCH /v1/webhooks/{webhookId}`. */
export const changeWebhookRequestSchema = z
  .strictObject({
    url: urlSchema.optional(),
    events: eventsSchema.optional(),
    description: descriptionSchema.optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: "ChangeWebhookRequest" });

/** `POST /v1/webhooks/{webhookId}/rotate`. */
export const rotateWebhookRequestSchema = z
  .strictObject({
    graceSeconds: z
      .int()
      .min(0)
      .max(604_800)
      .optional()
      .describe("How long the secret before signs as well; default a day"),
  })
  .meta({ id: "RotateWebhookRequest" });

/** `GET /v1/webhooks/{webhookId}/deliveries`. */
export const deliveriesQuerySchema = pageQuerySchema.extend({
  status: webhookDeliverySchema.shape.status.optional(),
});
