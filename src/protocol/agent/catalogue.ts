import { z } from "zod";
import { runnerCapabilitiesSchema } from "./runner-capabilities.ts";

export const modelSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    contextTokens: z.int().nullable(),
    maxOutputTokens: z.int().nullable(),
    tools: z.boolean(),
    reasoning: z.boolean(),
    images: z.boolean().describe("Whether it reads images"),
    files: z.array(z.string()).describe("Media types that it reads besides text and images"),
    price: z
      .object({ inputMicrosPerMillion: z.int(), outputMicrosPerMillion: z.int() })
      .nullable()
      .describe("Millionths of a dollar for a million tokens; null when it is not known"),
    isDefault: z.boolean().describe("Whether it answers where nobody chose"),
  })
  .meta({ id: "Model" });

/** A model to choose. */
export type Model = Readonly<z.infer<typeof modelSchema>>;

const agentToolSchema = z.object({
  name: z.string(),
  description: z.string().nullable(),
  kind: z
    .enum(["inline", "client", "background"])
    .describe("Where it runs: in the completion, in the person's browser or app, or besides the completion"),
  outputSchema: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe("Of a client tool: the JSON Schema that its result must fit"),
});

/** A tool that an agent may call. */
export type AgentTool = Readonly<z.infer<typeof agentToolSchema>>;

export const agentSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    model: z.string().nullable().describe("Null: the server's default model"),
    tools: z.array(agentToolSchema),
    runner: z.string(),
    capabilities: runnerCapabilitiesSchema.describe("What the runner can promise"),
    maxSteps: z.int(),
    isDefault: z.boolean().describe("Whether it answers where nobody chose"),
  })
  .meta({ id: "Agent" });

/** An agent to choose. */
export type AgentDescription = Readonly<z.infer<typeof agentSchema>>;

export const modelsQuerySchema = z.strictObject({
  all: z
    .literal("true")
    .optional()
    .describe("Also those that the workspace does not allow, for its owners and admins to choose from"),
});
