import { z } from "zod";
import { timestampSchema } from "../identifiers.ts";

const operatorOnly = "Null for whoever does not operate the server";

export const settingLineSchema = z.object({
  name: z.string().describe("Of the environment variable, or its place in natter.config.ts"),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]).describe("Of a secret only whether it is set"),
  isSecret: z.boolean(),
});

/** One thing that is set, as it may be shown. */
export type SettingLine = Readonly<z.infer<typeof settingLineSchema>>;

export const adminServerSchema = z
  .object({
    version: z.string(),
    isOperator: z.boolean().describe("Whether the caller operates the server, not only a workspace on it"),
    health: z
      .array(z.object({ part: z.string(), isWell: z.boolean(), milliseconds: z.number() }))
      .describe("Whether each part answered just now, and how fast"),
    providers: z.array(
      z.object({
        id: z.string(),
        models: z.int().describe("That it offers"),
        circuit: z
          .enum(["closed", "open", "trying"])
          .describe("open: it failed so often that it is left alone; as this node sees it"),
        calls: z.int().describe("That went out from this node since it started"),
        failures: z.int(),
      }),
    ),
    defaultModel: z.string(),
    agents: z.array(z.string()),
    limits: z.record(z.string(), z.number()),
    features: z.record(z.string(), z.boolean()),
    drivers: z.record(z.string(), z.string()).nullable().describe(operatorOnly),
    nodes: z
      .array(
        z.object({
          id: z.string(),
          role: z.enum(["all", "web", "worker"]),
          version: z.string(),
          capacity: z.int().describe("Completions at once; 0: it only serves"),
          running: z.int(),
          startedAt: timestampSchema,
          seenAt: timestampSchema,
        }),
      )
      .nullable()
      .describe(operatorOnly),
    queues: z
      .array(
        z.object({
          workspaceId: z.string(),
          name: z.string(),
          queued: z.int(),
          running: z.int(),
          waiting: z.int(),
          oldestSeconds: z.number(),
        }),
      )
      .nullable()
      .describe("Of all workspaces that have something before them, at most 50. Null for whoever does not operate it"),
    migrations: z
      .array(z.object({ name: z.string(), appliedAt: timestampSchema }))
      .nullable()
      .describe(operatorOnly),
    settings: z.array(settingLineSchema).nullable().describe(operatorOnly),
  })
  .meta({ id: "AdminServer" });

export type AdminServer = Readonly<z.infer<typeof adminServerSchema>>;
