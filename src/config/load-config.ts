import type { z } from "zod";
import { accountsOf, mistakesOfAccounts, type ResolvedAccounts } from "./accounts.ts";
import { configSchema } from "./config-schema.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { environmentSchema, type Environment } from "./environment.ts";
import { featuresOf, type ResolvedFeatures } from "./features.ts";
import { limitsOf, type ResolvedLimits } from "./limits.ts";
import type { Middleware } from "../protocol/agent/middleware.ts";
import type { ContextProvider } from "../protocol/agent/injected-context.ts";
import type { TelemetryConfig } from "../protocol/agent/telemetry.ts";
import type { AuthConfig, CompatibleProvider, NatterConfig } from "./natter-config.ts";

/** Keys that turn built-in providers on. */
export interface ProviderKeys {
  readonly openai?: string | undefined;
  readonly anthropic?: string | undefined;
  readonly google?: string | undefined;
  readonly groq?: string | undefined;
  readonly deepseek?: string | undefined;
  readonly azure?:
    | { readonly apiKey: string; readonly resourceName: string; readonly apiVersion?: string | undefined }
    | undefined;
}

/** Everything that can be set, checked and complete. */
export interface ResolvedConfig {
  readonly agents: NonNullable<NatterConfig["agents"]>;
  /** What holds for agents that do not say it themselves; absent: as usual. */
  readonly agentDefaults: { readonly maxSteps: number | undefined; readonly contextMessages: number | undefined };
  readonly models: {
    readonly default?: string | undefined;
    readonly aliases: Readonly<Record<string, string>>;
    readonly prices: NonNullable<NatterConfig["prices"]>;
    readonly keys: ProviderKeys;
    readonly providers: NonNullable<NatterConfig["providers"]>;
    /** Whether the demo model may answer. */
    readonly allowsDemo: boolean;
    readonly stallSeconds: number;
  };
  /** Empty without a source of identity. */
  readonly auth: AuthConfig;
  /** Absent: there are no built-in accounts. */
  readonly accounts: ResolvedAccounts | undefined;
  /** Nobody but this machine can reach it, and its token says who asks. */
  readonly isLoopback: boolean;
  /** Other machines can reach it and only API keys or accounts say who asks: it may not start without one. */
  readonly needsKey: boolean;
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly basePath: string;
    readonly allowedHosts: readonly string[];
    /** Addresses and networks whose `X-Forwarded-For` is believed. */
    readonly trustedProxies: readonly string[];
    readonly metricsToken?: string | undefined;
    readonly viewerBytes: number;
    readonly bodyBytes: number;
    readonly answerSeconds: number;
    readonly drainSeconds: number;
  };
  readonly stores: {
    readonly dataDirectory: string;
    readonly databaseUrl?: string | undefined;
    /** That requests share, and as many again for the work of a worker. */
    readonly databaseConnections: number;
    readonly redisUrl?: string | undefined;
    readonly s3Url?: string | undefined;
    /** What wakes workers: signals, or BullMQ in Redis. */
    readonly queue: "table" | "bullmq";
    readonly logRetentionSeconds: number;
  };
  /** Ids of users who may see the server as a whole; in loopback mode its one user may. */
  readonly operators: readonly string[];
  readonly limits: ResolvedLimits;
  /** MCP servers by name; undefined: those that Natter has by itself. */
  readonly mcp: NatterConfig["mcp"];
  /** Hosts and networks that may be asked although they are not public. */
  readonly egress: { readonly allow: readonly string[] };
  readonly webhooks: { readonly tellsPrivate: boolean };
  readonly telemetry: TelemetryConfig | undefined;
  /** The application's part of the `context` of tools and instructions. */
  readonly context: ContextProvider | undefined;
  readonly features: ResolvedFeatures;
  readonly middleware: readonly Middleware[];
  readonly worker: {
    readonly role: "all" | "web" | "worker";
    readonly concurrency: number;
    /** Bodies of background tools at once, at most. */
    readonly backgroundConcurrency: number;
    readonly leaseSeconds: number;
    readonly pollSeconds: number;
  };
}

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;

const mistakesOf = (error: z.ZodError, prefix = ""): string[] =>
  error.issues.map(({ path, message }) => `${prefix}${path.join(".") || "the configuration"}: ${message}`);

const readEnvironment = (
  given: Readonly<Record<string, string | undefined>>,
): { values?: Environment; mistakes: string[] } => {
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = environmentSchema.safeParse(present);
  return parsed.success ? { values: parsed.data, mistakes: [] } : { mistakes: mistakesOf(parsed.error) };
};

const authOf = (environment: Environment, auth: AuthConfig = {}): AuthConfig => {
  const { NATTER_JWT_SECRET: secret, NATTER_OIDC_ISSUER: issuer, NATTER_OIDC_AUDIENCE: audience } = environment;
  return {
    jwt: auth.jwt ?? (secret === undefined ? undefined : { secret }),
    oidc: auth.oidc ?? (issuer === undefined || audience === undefined ? undefined : { issuer, audience }),
    claims: {
      workspace: auth.claims?.workspace ?? environment.NATTER_JWT_WORKSPACE_CLAIM,
      role: auth.claims?.role ?? environment.NATTER_JWT_ROLE_CLAIM,
    },
    resolve: auth.resolve,
  };
};

const hasIdentity = ({ jwt, oidc, resolve }: AuthConfig): boolean =>
  jwt !== undefined || oidc !== undefined || resolve !== undefined;

const keysOf = (environment: Environment): ProviderKeys => {
  const { AZURE_API_KEY: apiKey, AZURE_RESOURCE_NAME: resourceName, AZURE_API_VERSION: apiVersion } = environment;
  return {
    openai: environment.OPENAI_API_KEY,
    anthropic: environment.ANTHROPIC_API_KEY,
    google: environment.GOOGLE_GENERATIVE_AI_API_KEY,
    groq: environment.GROQ_API_KEY,
    deepseek: environment.DEEPSEEK_API_KEY,
    azure: apiKey === undefined || resourceName === undefined ? undefined : { apiKey, resourceName, apiVersion },
  };
};

const compatibleOf = (environment: Environment): Readonly<Record<string, CompatibleProvider>> => {
  const { OPENAI_COMPATIBLE_BASE_URL: baseUrl, OPENAI_COMPATIBLE_API_KEY: apiKey } = environment;
  return baseUrl === undefined ? {} : { compatible: { baseUrl, apiKey } };
};

/** Agents that name an MCP server that there is not. */
const strangeServers = ({ agents = {}, mcp = {} }: NatterConfig): string[] =>
  Object.entries(agents).flatMap(([id, agent]) =>
    (agent.mcp ?? [])
      .filter((name) => !Object.hasOwn(mcp, name))
      .map((name) => `natter.config.ts: agents.${id}.mcp: there is no server "${name}" under mcp`),
  );

const contradictions = (environment: Environment, file: NatterConfig): string[] => {
  const { redisUrl, databaseUrl, role } = file;
  const mistakes = strangeServers(file);
  if (environment.NATTER_OIDC_ISSUER !== undefined && environment.NATTER_OIDC_AUDIENCE === undefined) {
    mistakes.push(
      "NATTER_OIDC_AUDIENCE: is needed with NATTER_OIDC_ISSUER; it names the tokens that are meant for Natter",
    );
  }
  if (environment.AZURE_API_KEY !== undefined && environment.AZURE_RESOURCE_NAME === undefined) {
    mistakes.push("AZURE_RESOURCE_NAME: is needed with AZURE_API_KEY");
  }
  if (environment.NATTER_QUEUE === "bullmq" && (redisUrl ?? environment.REDIS_URL) === undefined) {
    mistakes.push("REDIS_URL: is needed with NATTER_QUEUE=bullmq");
  }
  if ((role ?? environment.NATTER_ROLE) !== "all" && (databaseUrl ?? environment.DATABASE_URL) === undefined) {
    mistakes.push("DATABASE_URL: is needed with NATTER_ROLE=web and worker, which meet in a PostgreSQL database");
  }
  return mistakes;
};

const modelsOf = (environment: Environment, file: NatterConfig): ResolvedConfig["models"] => ({
  default: file.models?.default ?? environment.NATTER_DEFAULT_MODEL,
  aliases: file.models?.aliases ?? {},
  prices: file.prices ?? {},
  keys: keysOf(environment),
  providers: { ...compatibleOf(environment), ...file.providers },
  allowsDemo: environment.NODE_ENV !== "production" || environment.NATTER_ALLOW_DEMO,
  stallSeconds: environment.NATTER_STALL_SECONDS,
});

const resolve = (environment: Environment, auth: AuthConfig, file: NatterConfig): ResolvedConfig => ({
  agents: file.agents ?? {},
  agentDefaults: { maxSteps: file.limits?.steps, contextMessages: file.limits?.contextMessages },
  models: modelsOf(environment, file),
  auth,
  accounts: accountsOf(environment, file.auth),
  isLoopback:
    !hasIdentity(auth) && accountsOf(environment, file.auth) === undefined && loopbackHost.test(environment.HOST),
  needsKey: !hasIdentity(auth) && !loopbackHost.test(environment.HOST),
  http: {
    host: environment.HOST,
    port: environment.PORT,
    basePath: file.basePath ?? "",
    allowedHosts: environment.NATTER_ALLOWED_HOSTS ?? [],
    trustedProxies: environment.NATTER_TRUSTED_PROXIES ?? [],
    metricsToken: environment.NATTER_METRICS_TOKEN,
    viewerBytes: environment.NATTER_VIEWER_BYTES,
    bodyBytes: file.limits?.bodyBytes ?? 1_048_576,
    answerSeconds: file.limits?.answerSeconds ?? 30,
    drainSeconds: environment.NATTER_DRAIN_SECONDS,
  },
  stores: {
    dataDirectory: file.dataDirectory ?? environment.NATTER_DATA_DIR,
    databaseUrl: file.databaseUrl ?? environment.DATABASE_URL,
    databaseConnections: environment.NATTER_DATABASE_CONNECTIONS,
    redisUrl: file.redisUrl ?? environment.REDIS_URL,
    s3Url: environment.S3_URL,
    queue: environment.NATTER_QUEUE,
    logRetentionSeconds: environment.NATTER_LOG_RETENTION_SECONDS,
  },
  limits: limitsOf(environment, file.limits),
  operators: environment.NATTER_OPERATORS ?? [],
  mcp: file.mcp,
  egress: { allow: file.egress?.allow ?? [] },
  webhooks: { tellsPrivate: file.webhooks?.tellsPrivate ?? false },
  telemetry: file.telemetry,
  context: file.context,
  features: featuresOf(file.features),
  middleware: file.middleware ?? [],
  worker: {
    role: file.role ?? environment.NATTER_ROLE,
    concurrency: environment.NATTER_CONCURRENCY,
    backgroundConcurrency: environment.NATTER_BACKGROUND_CONCURRENCY,
    leaseSeconds: environment.NATTER_LEASE_SECONDS,
    pollSeconds: environment.NATTER_POLL_SECONDS,
  },
});

/**
 * Checks the environment and the configuration file together; the file wins.
 * @param env `process.env`, by default
 * @throws ConfigurationError with one line per mistake
 */
export const loadConfig = (
  env: Readonly<Record<string, string | undefined>> = process.env,
  file: NatterConfig = {},
): ResolvedConfig => {
  const environment = readEnvironment(env);
  const checked = configSchema.safeParse(file);
  const mistakes = [
    ...environment.mistakes,
    ...(checked.success ? [] : mistakesOf(checked.error, "natter.config.ts: ")),
  ];
  if (environment.values === undefined || mistakes.length > 0) throw new ConfigurationError(mistakes);
  const auth = authOf(environment.values, file.auth);
  const accounts = accountsOf(environment.values, file.auth);
  const contradicting = [
    ...contradictions(environment.values, file),
    ...mistakesOfAccounts(accounts, file.databaseUrl ?? environment.values.DATABASE_URL),
  ];
  if (contradicting.length > 0) throw new ConfigurationError(contradicting);
  return resolve(environment.values, auth, file);
};
