import { z } from "zod";

const providerOptions = z
  .record(z.string().max(64), z.record(z.string().max(128), z.json()))
  .refine(
    (options) => JSON.stringify(options).length <= 16_384,
    "providerOptions may hold at most 16,384 characters of JSON",
  );

/** What a conversation, or one send, sets for its model calls (seed A2). Absent: the agent's or the model's own. */
export const settingsSchema = z
  .object({
    instructions: z.string().max(100_000).describe("System prompt, added to the agent's instructions"),
    temperature: z.number().min(0).max(2),
    maxOutputTokens: z.int().min(1).max(1_000_000),
    topP: z.number().min(0).max(1),
    frequencyPenalty: z.number().min(-2).max(2),
    presencePenalty: z.number().min(-2).max(2),
    contextMessages: z
      .int()
      .min(1)
      .max(1_000)
      .describe("Messages of the conversation that the model sees, at most; absent: as many as the agent looks back"),
    stream: z.boolean().describe("Default of this conversation's sends"),
    providerOptions: providerOptions.describe("Provider-specific parameters: { <provider id>: { … } }"),
  })
  .partial()
  .strict();

export type Settings = Readonly<z.infer<typeof settingsSchema>>;
