import { z } from "zod";

const text = z.string();
const message = { messageId: text, delta: text };

const usage = z.object({
  provider: text.nullish(),
  model: text.nullish(),
  inputTokens: z.int().nonnegative().nullish(),
  outputTokens: z.int().nonnegative().nullish(),
  reasoningTokens: z.int().nonnegative().nullish(),
  cachedInputTokens: z.int().nonnegative().nullish(),
  cacheWriteInputTokens: z.int().nonnegative().nullish(),
});

const interrupt = z.object({
  id: text.min(1).max(500),
  reason: text.nullish(),
  message: text.nullish(),
  toolCallId: text.nullish(),
  responseSchema: z.record(z.string(), z.unknown()).nullish(),
});

const outcome = z.discriminatedUnion("type", [
  z.object({ type: z.literal("success") }),
  z.object({ type: z.literal("interrupt"), interrupts: z.array(interrupt).min(1) }),
  z.object({ type: z.literal("cancelled") }),
]);

/** The events of AG-UI 1.0 that the runner reads; fields that it does not read are left out. */
const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("RUN_STARTED") }),
  z.object({ type: z.literal("RUN_FINISHED"), outcome: outcome.nullish(), usage: z.array(usage).nullish() }),
  z.object({ type: z.literal("RUN_ERROR"), message: text, code: text.nullish() }),
  z.object({ type: z.literal("TEXT_MESSAGE_START"), messageId: text, role: text.nullish() }),
  z.object({ type: z.literal("TEXT_MESSAGE_CONTENT"), ...message }),
  z.object({ type: z.literal("TEXT_MESSAGE_END"), messageId: text }),
  z.object({
    type: z.literal("TEXT_MESSAGE_CHUNK"),
    messageId: text.nullish(),
    delta: text.nullish(),
    role: text.nullish(),
  }),
  z.object({ type: z.literal("REASONING_MESSAGE_START"), messageId: text }),
  z.object({ type: z.literal("REASONING_MESSAGE_CONTENT"), ...message }),
  z.object({ type: z.literal("REASONING_MESSAGE_END"), messageId: text }),
  z.object({ type: z.literal("REASONING_MESSAGE_CHUNK"), messageId: text.nullish(), delta: text.nullish() }),
  z.object({ type: z.literal("TOOL_CALL_START"), toolCallId: text, toolCallName: text }),
  z.object({ type: z.literal("TOOL_CALL_ARGS"), toolCallId: text, delta: text }),
  z.object({ type: z.literal("TOOL_CALL_END"), toolCallId: text }),
  z.object({
    type: z.literal("TOOL_CALL_CHUNK"),
    toolCallId: text.nullish(),
    toolCallName: text.nullish(),
    delta: text.nullish(),
  }),
  z.object({ type: z.literal("TOOL_CALL_RESULT"), toolCallId: text, content: z.union([text, z.array(z.unknown())]) }),
  z.object({ type: z.literal("CUSTOM"), name: text, value: z.unknown() }),
  z.object({ type: z.literal("STATE_SNAPSHOT"), snapshot: z.unknown() }),
  z.object({
    type: z.literal("ACTIVITY_SNAPSHOT"),
    messageId: text,
    activityType: text,
    content: z.record(z.string(), z.unknown()),
  }),
]);

export type AgentEvent = z.infer<typeof eventSchema>;
export type Interrupt = z.infer<typeof interrupt>;
export type TokenUsage = z.infer<typeof usage>;

/** An event of a type that the runner does not read, or of a newer protocol. */
export interface OtherEvent {
  readonly type: "other";
  readonly event: object;
}

/** One event from its JSON; null when it is no event. */
export const readAgentEvent = (json: string): AgentEvent | OtherEvent | null => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // told by the caller, who knows where it came from
    return null;
  }
  if (typeof value !== "object" || value === null || !("type" in value) || typeof value.type !== "string") return null;
  const read = eventSchema.safeParse(value);
  if (read.success) return read.data;
  const isKnown = eventSchema.options.some((option) => option.shape.type.value === value.type);
  return isKnown ? null : { type: "other", event: value };
};
