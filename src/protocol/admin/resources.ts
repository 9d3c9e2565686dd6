import { z } from "zod";
import { idSchema, timestampSchema } from "../identifiers.ts";
import { roleSchema, scopeSchema } from "../people/principal.ts";
import { completionStatusSchema, conversationStatusSchema, visibilitySchema } from "../resources.ts";
import { executionStatusSchema } from "../tool-execution.ts";
import { sums } from "./figures.ts";
import { toolKindSchema } from "./queries.ts";

const instant = timestampSchema.nullable();

export const adminUserSchema = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    role: roleSchema,
    isSuspended: z.boolean(),
    suspendedAt: instant.describe("Since when they may not come here; null as well where they may come nowhere"),
    conversations: z.int(),
    completions: z.int().describe("That they asked for here"),
    apiKeys: z.int().describe("That are not revoked"),
    ...sums,
    lastActiveAt: instant.describe("Of the newest of those calls"),
    createdAt: timestampSchema.describe("Since when they are a member"),
  })
  .meta({ id: "AdminUser" });

export const adminKeySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    prefix: z.string().describe("Its first characters"),
    scopes: z.array(scopeSchema),
    createdAt: timestampSchema,
    expiresAt: instant,
    lastUsedAt: instant.describe("To the minute"),
  })
  .meta({ id: "AdminKey" });

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
    ...sums,
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

export type AdminUser = Readonly<z.infer<typeof adminUserSchema>>;
export type AdminKey = Readonly<z.infer<typeof adminKeySchema>>;
export type AdminConversation = Readonly<z.infer<typeof adminConversationSchema>>;
export type AdminCompletion = Readonly<z.infer<typeof adminCompletionSchema>>;
export type AdminToolRun = Readonly<z.infer<typeof adminToolRunSchema>>;
export type AdminTimeline = Readonly<z.infer<typeof adminTimelineSchema>>;
