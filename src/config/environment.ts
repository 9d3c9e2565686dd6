import { isIP } from "node:net";
import { z } from "zod";
import { accountVariables } from "./accounts.ts";
import { limitVariables } from "./limits.ts";

const seconds = (least: number, most: number) => z.coerce.number().min(least).max(most);
const flag = z.enum(["0", "1", "false", "true"]).transform((text) => text === "1" || text === "true");
const secret = z.string().refine((text) => Buffer.byteLength(text) >= 32, "must be at least 32 bytes long");
const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
    );

const hostNames = z
  .string()
  .transform((text) => text.split(",").map((name) => name.trim().toLowerCase()))
  .pipe(
    z.array(z.string().regex(/^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/, "must be host names, separated by commas")),
  );

const isNetwork = (text: string): boolean => {
  const [address = "", bits, ...more] = text.split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return most >= 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
};

const networks = z
  .string()
  .transform((text) => text.split(",").map((network) => network.trim()))
  .pipe(z.array(z.string().refine(isNetwork, "must be addresses or networks as 10.0.0.0/8, separated by commas")));

const userIds = z
  .string()
  .transform((text) => text.split(",").map((id) => id.trim()))
  .pipe(z.array(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be ids of users, separated by commas")));

/** The environment variables that Natter reads. An empty one counts as absent. */
export const environmentSchema = z.object({
  NODE_ENV: z.string().optional(),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3210),
  HOST: z.string().default("127.0.0.1"),
  NATTER_DATA_DIR: z.string().default(".natter"),
  DATABASE_URL: url("postgres:", "postgresql:").optional(),
  NATTER_DATABASE_CONNECTIONS: z.coerce.number().int().min(1).max(1_000).default(10),
  REDIS_URL: url("redis:", "rediss:").optional(),
  S3_URL: url("http:", "https:").optional(),
  NATTER_JWT_SECRET: secret.optional(),
  NATTER_OIDC_ISSUER: url("http:", "https:").optional(),
  NATTER_OIDC_AUDIENCE: z.string().optional(),
  NATTER_JWT_WORKSPACE_CLAIM: z.string().optional(),
  NATTER_JWT_ROLE_CLAIM: z.string().optional(),
  ...accountVariables,
  OPENAI_API_KEY: z.string().optional(),
  ANTHROPIC_API_KEY: z.string().optional(),
  GOOGLE_GENERATIVE_AI_API_KEY: z.string().optional(),
  GROQ_API_KEY: z.string().optional(),
  DEEPSEEK_API_KEY: z.string().optional(),
  AZURE_API_KEY: z.string().optional(),
  AZURE_RESOURCE_NAME: z.string().optional(),
  AZURE_API_VERSION: z.string().optional(),
  OPENAI_COMPATIBLE_BASE_URL: url("http:", "https:").optional(),
  OPENAI_COMPATIBLE_API_KEY: z.string().optional(),
  NATTER_DEFAULT_MODEL: z.string().optional(),
  NATTER_LEASE_SECONDS: seconds(1, 600).default(10),
  NATTER_LOG_RETENTION_SECONDS: seconds(1, 86_400).default(60),
  NATTER_QUEUE: z.enum(["table", "bullmq"]).default("table"),
  NATTER_ROLE: z.enum(["all", "web", "worker"]).default("all"),
  NATTER_CONCURRENCY: z.coerce.number().int().min(1).max(100_000).default(200),
  NATTER_BACKGROUND_CONCURRENCY: z.coerce.number().int().min(1).max(100_000).default(50),
  NATTER_POLL_SECONDS: seconds(0.05, 60).default(1),
  NATTER_STALL_SECONDS: seconds(1, 3_600).default(30),
  NATTER_DRAIN_SECONDS: seconds(0, 3_600).default(25),
  NATTER_VIEWER_BYTES: z.coerce.number().int().min(16_384).max(1_073_741_824).default(1_048_576),
  NATTER_ALLOWED_HOSTS: hostNames.optional(),
  NATTER_TRUSTED_PROXIES: networks.optional(),
  ...limitVariables,
  NATTER_METRICS_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9._~+/-]{16,}=*$/, "must be at least 16 characters of A-Z a-z 0-9 . _ ~ + / -")
    .optional(),
  NATTER_OPERATORS: userIds.optional(),
  NATTER_ALLOW_DEMO: flag.default(false),
});

export type Environment = z.output<typeof environmentSchema>;
