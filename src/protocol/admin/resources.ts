import { z } from "zod";
import { idSchema, timestampSchema } from "../identifiers.ts";
import { roleSchema } from "../principal.ts";
import { completionStatusSchema, conversationStatusSchema, visibilitySchema } from "../resources.ts";
import { executionStatusSchema } from "../tool-execution.ts";
import { toolKindSchema } from "./queries.ts";

const instant = timestampSchema.nullable();
const micros = z.int().describe("Millionths of a dollar, of the calls whose price is known");

export const adminUserSchema = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    role: roleSchema,
    isSuspended: z.boolean(),
    conversations: z.int(),
    calls: z.int().describe("Model calls that they asked for here"),
    costMicros: micros,
    lastActiveAt: instant.describe("Of the newest of those calls"),
    createdAt: timestampSchema.describe("Since when they are a member"),
  })
  .meta({ id: "AdminUser" });

export const adminConversationSchema = z
  .object({
    id: idSchema,
    title: z.string().nullable().describe("Null as well where the caller may not read the conversation"),
    isReadable: z.boolean(),
    ownerId: z.string(),
    ownerName: z.string().nullable(),
    status: conversationStatusSchema,
    visibility: visibilitySchema,
    agent: z.string(),
    model: z.string().nullable(),
    messageCount: z.int(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
    deletedAt: instant,
  })
  .meta({ id: "AdminConversation" });

export const adminCompletionSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    isReadable: z.boolean().describe("Whether the caller may read its conversation"),
    userId: z.string(),
    userName: z.string().nullable(),
    keyId: z.string().nullable(),
    status: completionStatusSchema,
    agent: z.string(),
    model: z.string(),
    claims: z.int(),
    crashes: z.int(),
    finishReason: z.string().nullable(),
    error: z.object({ code: z.string(), message: z.string().nullable() }).nullable(),
    calls: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    costMicros: micros,
    unpricedCalls: z.int(),
    createdAt: timestampSchema,
    startedAt: instant,
    finishedAt: instant,
    cancelRequestedAt: instant,
  })
  .meta({ id: "AdminCompletion" });

export const adminToolRunSchema = z
  .object({
    id: z.string(),
    completionId: idSchema,
    conversationId: idSchema,
    userId: z.string(),
    userName: z.string().nullable(),
    agent: z.string(),
    tool: z.string(),
    kind: toolKindSchema,
    step: z.int(),
    starts: z.int(),
    status: executionStatusSchema,
    outcome: z.string().nullable().describe("Type of its result"),
    createdAt: timestampSchema,
    finishedAt: instant,
  })
  .meta({ id: "AdminToolRun" });

export const adminTimelineSchema = adminCompletionSchema
  .extend({
    steps: z.array(z.object({ step: z.int(), claim: z.int(), finishReason: z.string(), createdAt: timestampSchema })),
    modelCalls: z.array(
      z.object({
        step: z.int(),
        claim: z.int(),
        call: z.int(),
        model: z.string(),
        inputTokens: z.int(),
        outputTokens: z.int(),
        costMicros: z.int().nullable(),
        estimated: z.boolean(),
        cached: z.boolean(),
        createdAt: timestampSchema,
      }),
    ),
    toolRuns: z.array(adminToolRunSchema).describe("The newest 200"),
    approvals: z.array(
      z.object({
        id: z.string(),
        tool: z.string(),
        decision: z.enum(["once", "always", "deny", "expired"]).nullable(),
        decidedBy: z.string().nullable(),
        createdAt: timestampSchema,
        decidedAt: instant,
      }),
    ),
  })
  .meta({ id: "AdminTimeline" });

const sums = {
  calls: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  costMicros: micros,
  unpricedCalls: z.int(),
};

export const adminUsageSchema = z
  .object({
    data: z.array(
      z.object({
        key: z.string().describe("The day (UTC), the model, or the user's id"),
        name: z.string().nullable().describe("Of the user"),
        ...sums,
      }),
    ),
    totals: z.object(sums),
  })
  .meta({ id: "AdminUsage" });

export const adminQueueSchema = z
  .object({
    queued: z.int(),
    running: z.int(),
    waiting: z.int().describe("For a person, or a client's tool"),
    oldestSeconds: z.number().describe("How long the one that was queued first has been due; 0: none is queued"),
    tools: z.object({ queued: z.int(), running: z.int(), waiting: z.int() }).describe("In the background"),
    jobs: z.object({ open: z.int(), failed: z.int().describe("Given up") }),
  })
  .meta({ id: "AdminQueue" });

export type AdminUser = Readonly<z.infer<typeof adminUserSchema>>;
export type AdminConversation = Readonly<z.infer<typeof adminConversationSchema>>;
export type AdminCompletion = Readonly<z.infer<typeof adminCompletionSchema>>;
export type AdminToolRun = Readonly<z.infer<typeof adminToolRunSchema>>;
export type AdminTimeline = Readonly<z.infer<typeof adminTimelineSchema>>;
export type AdminUsage = Readonly<z.infer<typeof adminUsageSchema>>;
export type AdminQueue = Readonly<z.infer<typeof adminQueueSchema>>;
