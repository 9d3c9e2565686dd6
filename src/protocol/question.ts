import { z } from "zod";
import { approvalSchema, decisionSchema } from "./approval.ts";
import { timestampSchema } from "./identifiers.ts";

export const clientCallSchema = z
  .object({
    id: z.string().describe("Of the tool execution: its result goes to `/v1/tool-executions/{id}/result`"),
    conversationId: z.string(),
    completionId: z.string(),
    callId: z.string(),
    tool: z.string(),
    input: z.unknown(),
    userId: z.string().describe("Who asked for the answer that made the call"),
    createdAt: timestampSchema,
    expiresAt: timestampSchema.describe("Without a result by then, it has failed"),
  })
  .meta({ id: "ClientCall" });

/** A call that waits for a result from somebody's browser or app. */
export type ClientCall = Readonly<z.infer<typeof clientCallSchema>>;

export const openQuestionsSchema = z
  .object({ approvals: z.array(approvalSchema), clientCalls: z.array(clientCallSchema) })
  .meta({ id: "OpenQuestions" });

/** What the conversation's answer waits for. */
export type OpenQuestionsOf = Readonly<z.infer<typeof openQuestionsSchema>>;

export const alwaysAllowedSchema = z.object({ approvals: z.array(approvalSchema) }).meta({ id: "AlwaysAllowed" });

/** What was allowed for the rest of a conversation and was not taken back, one for each tool, agent and user. */
export type AlwaysAllowed = Readonly<z.infer<typeof alwaysAllowedSchema>>;

const maxReason = 2_000;

/** `POST /v1/approvals/{approvalId}`. */
export const decideRequestSchema = z
  .strictObject({
    decision: decisionSchema.describe("always: also later calls of this tool in this conversation"),
    reason: z.string().max(maxReason).nullable().optional().describe("Told to the model, and shown"),
  })
  .meta({ id: "DecideRequest" });

/** `POST /v1/tool-executions/{toolExecutionId}/result` for a client tool. */
export const clientResultRequestSchema = z
  .union([
    z.strictObject({ output: z.unknown() }).refine((body) => body.output !== undefined, "must have an output"),
    z.strictObject({ errorText: z.string().max(maxReason).regex(/\S/, "must hold more than white space") }),
  ])
  .meta({ id: "ClientResultRequest" });

export type ClientResult = Readonly<z.infer<typeof clientResultRequestSchema>>;
