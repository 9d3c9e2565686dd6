import { z } from "zod";
import { accountsSchema } from "./accounts.ts";
import { limitMembers } from "./limits.ts";
import { mcpMembers } from "./mcp-schema.ts";
import { middlewareSchema } from "./middleware-schema.ts";

const isFunction = (value: unknown): boolean => typeof value === "function";
const isTracer = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "startSpan" in value && isFunction(value.startSpan);
const isContext = (value: unknown): boolean => typeof value === "object" || isFunction(value);
const idSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, _ or -");
const httpUrl = z.url({ protocol: /^https?$/, error: "must be a URL that begins with http:// or https://" });
const price = z.number().min(0);

const agentSchema = z.strictObject({
  name: z.string().optional(),
  model: z.string().optional(),
  instructions: z.union([z.string(), z.custom(isFunction)], "must be a text or a function").optional(),
  tools: z.record(z.string(), z.unknown()).optional(),
  mcp: z.array(z.string()).optional(),
  settings: z.unknown().optional(),
  runner: z.unknown().optional(),
  maxSteps: z.int().min(1).max(1_000).optional(),
  contextMessages: z.int().min(1).max(10_000).optional(),
});

const mediaType = z.string().regex(/^(\*|[a-z]+)\/(\*|[\w.+-]+)$/, "must look like image/png or image/*");
const offerShape = {
  models: z.array(z.string()).optional(),
  files: z.array(mediaType).optional(),
  concurrency: z.int().min(1).max(100_000).optional(),
  fallback: z.array(z.string().min(1)).max(8).optional(),
};

const providerSchema = z.union(
  [
    z.strictObject({
      baseUrl: httpUrl,
      apiKey: z.string().optional(),
      headers: z.record(z.string(), z.string()).optional(),
      ...offerShape,
    }),
    z.strictObject({ model: z.custom(isFunction, "must be a function"), ...offerShape }),
    z.strictObject({
      driver: z.unknown().refine((driver) => typeof driver === "object" && driver !== null && "stream" in driver),
      ...offerShape,
    }),
  ],
  "must have a baseUrl (http or https), a model function or a driver",
);

/** Checks `natter.config.ts`; what it holds is used as it is. */
export const configSchema = z.strictObject({
  agents: z.record(idSchema, agentSchema).optional(),
  context: z.unknown().refine(isContext, "must be an object, or a function that makes one").optional(),
  providers: z.record(idSchema, providerSchema).optional(),
  models: z
    .strictObject({ default: z.string().optional(), aliases: z.record(z.string(), z.string()).optional() })
    .optional(),
  prices: z
    .record(
      z.string(),
      z.strictObject({ input: price, output: price, cacheRead: price.optional(), cacheWrite: price.optional() }),
    )
    .optional(),
  limits: z
    .strictObject({
      bodyBytes: z.int().min(1_024).max(134_217_728).optional(),
      steps: z.int().min(1).max(1_000).optional(),
      contextMessages: z.int().min(1).max(10_000).optional(),
      answerSeconds: z.number().min(0.1).max(600).optional(),
      ...limitMembers,
    })
    .optional(),
  features: z
    .strictObject({
      titles: z.boolean().optional(),
      summary: z.boolean().optional(),
      attachments: z.boolean().optional(),
      artifacts: z.boolean().optional(),
    })
    .optional(),
  middleware: middlewareSchema.optional(),
  auth: z
    .strictObject({
      jwt: z
        .strictObject({
          secret: z.string().refine((text) => Buffer.byteLength(text) >= 32, "must be at least 32 bytes long"),
          audience: z.string().optional(),
        })
        .optional(),
      oidc: z.strictObject({ issuer: httpUrl, audience: z.string().min(1) }).optional(),
      claims: z.strictObject({ workspace: z.string().optional(), role: z.string().optional() }).optional(),
      resolve: z.custom(isFunction, "must be a function").optional(),
      accounts: accountsSchema,
    })
    .optional(),
  telemetry: z
    .strictObject({
      tracer: z.unknown().refine(isTracer, "must be a tracer of OpenTelemetry, as trace.getTracer makes them"),
      contents: z.boolean().optional(),
      sampleRatio: z.number().min(0).max(1).optional(),
    })
    .optional(),
  ...mcpMembers,
  basePath: z
    .string()
    .regex(/^(\/[A-Za-z0-9._~-]+)*$/, "must look like /natter")
    .optional(),
  role: z.enum(["all", "web", "worker"]).optional(),
  dataDirectory: z.string().min(1).optional(),
  databaseUrl: z.string().optional(),
  redisUrl: z.string().optional(),
});
