import { z } from "zod";
import { timestampSchema } from "./identifiers.ts";

/** What a person decides: this call, this call and later ones of the same tool in this conversation, or not. */
export const decisionSchema = z.enum(["once", "always", "deny"]);
export type Decision = z.infer<typeof decisionSchema>;

/** A question whether a call may run, as it stands. `expired`: nobody decided in time, which means no. */
export interface CallApproval {
  readonly id: string;
  readonly callId: string;
  /** Null: not decided yet. */
  readonly decision: Decision | "expired" | null;
  readonly reason: string | null;
}

export const approvalSchema = z
  .object({
    id: z.string(),
    conversationId: z.string(),
    completionId: z.string(),
    callId: z.string().describe("The tool call it is about"),
    agent: z.string().describe("The agent that asks"),
    tool: z.string(),
    input: z.unknown().describe("The exact input that the call would run with"),
    userId: z.string().describe("Whom the call would run for"),
    decision: z.union([decisionSchema, z.literal("expired")]).nullable(),
    reason: z.string().nullable(),
    decidedBy: z.string().nullable(),
    createdAt: timestampSchema,
    expiresAt: timestampSchema.describe("Not decided by then, it is denied"),
    decidedAt: timestampSchema.nullable(),
    revokedAt: timestampSchema
      .nullable()
      .describe("Set: an `always` that was taken back; later calls are asked for again"),
  })
  .meta({ id: "Approval" });

/** A question to a person whether a call may run, as the API tells it. */
export type Approval = Readonly<z.infer<typeof approvalSchema>>;

/** Whether a decision lets the call run. */
export const isAllowed = (decision: CallApproval["decision"]): boolean => decision === "once" || decision === "always";
