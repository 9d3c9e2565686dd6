import type { SettingLine } from "../protocol/admin/server.ts";
import type { ResolvedConfig } from "./load-config.ts";

type Value = string | number | boolean | readonly string[] | undefined;

const line = (name: string, value: Value): SettingLine => ({
  name,
  value: value === undefined ? null : typeof value === "object" ? value.join(", ") : value,
  isSecret: false,
});

/** Only whether it is set. */
const secret = (name: string, value: unknown): SettingLine => ({ name, value: value !== undefined, isSecret: true });

/** An address without the name, password and parameters in it. */
const address = (name: string, url: string | undefined): SettingLine => {
  if (url === undefined) return line(name, undefined);
  const { protocol, host, pathname } = new URL(url);
  return line(name, `${protocol}//${host}${pathname}`);
};

const httpLines = ({ http, accounts, auth, operators }: ResolvedConfig): SettingLine[] => [
  line("HOST", http.host),
  line("PORT", http.port),
  line("basePath", http.basePath),
  line("NATTER_ALLOWED_HOSTS", http.allowedHosts),
  line("NATTER_TRUSTED_PROXIES", http.trustedProxies),
  line("NATTER_VIEWER_BYTES", http.viewerBytes),
  line("NATTER_DRAIN_SECONDS", http.drainSeconds),
  line("limits.bodyBytes", http.bodyBytes),
  line("limits.answerSeconds", http.answerSeconds),
  secret("NATTER_METRICS_TOKEN", http.metricsToken),
  secret("NATTER_JWT_SECRET", auth.jwt?.secret),
  address("NATTER_OIDC_ISSUER", auth.oidc?.issuer),
  line("NATTER_OIDC_AUDIENCE", auth.oidc?.audience),
  line("NATTER_JWT_WORKSPACE_CLAIM", auth.claims?.workspace),
  line("NATTER_JWT_ROLE_CLAIM", auth.claims?.role),
  line("auth.resolve", auth.resolve !== undefined),
  line("NATTER_ACCOUNTS", accounts?.signUp ?? "off"),
  secret("NATTER_ACCOUNTS_SECRET", accounts?.secret),
  address("NATTER_PUBLIC_URL", accounts?.publicUrl),
  line("NATTER_OPERATORS", operators),
];

const storeLines = ({ stores }: ResolvedConfig): SettingLine[] => [
  line("NATTER_DATA_DIR", stores.dataDirectory),
  address("DATABASE_URL", stores.databaseUrl),
  line("NATTER_DATABASE_CONNECTIONS", stores.databaseConnections),
  address("REDIS_URL", stores.redisUrl),
  address("S3_URL", stores.s3Url),
  line("NATTER_QUEUE", stores.queue),
  line("NATTER_LOG_RETENTION_SECONDS", stores.logRetentionSeconds),
];

const modelLines = ({ models }: ResolvedConfig): SettingLine[] => [
  line("NATTER_DEFAULT_MODEL", models.default),
  line("NATTER_ALLOW_DEMO", models.allowsDemo),
  line("NATTER_STALL_SECONDS", models.stallSeconds),
  secret("OPENAI_API_KEY", models.keys.openai),
  secret("ANTHROPIC_API_KEY", models.keys.anthropic),
  secret("GOOGLE_GENERATIVE_AI_API_KEY", models.keys.google),
  secret("GROQ_API_KEY", models.keys.groq),
  secret("DEEPSEEK_API_KEY", models.keys.deepseek),
  secret("AZURE_API_KEY", models.keys.azure?.apiKey),
  line("AZURE_RESOURCE_NAME", models.keys.azure?.resourceName),
  line("AZURE_API_VERSION", models.keys.azure?.apiVersion),
  ...Object.entries(models.providers).flatMap(([id, provider]) => {
    if (!("baseUrl" in provider)) return [line(`providers.${id}`, "driver" in provider ? "a driver" : "AI SDK models")];
    const [url, key] =
      id === "compatible"
        ? ["OPENAI_COMPATIBLE_BASE_URL", "OPENAI_COMPATIBLE_API_KEY"]
        : [`providers.${id}.baseUrl`, `providers.${id}.apiKey`];
    return [address(url, provider.baseUrl), secret(key, provider.apiKey)];
  }),
];

const workLines = ({
  worker,
  limits,
  middleware,
  mcp,
  egress,
  telemetry,
  ...config
}: ResolvedConfig): SettingLine[] => [
  line("NATTER_ROLE", worker.role),
  line("NATTER_CONCURRENCY", worker.concurrency),
  line("NATTER_BACKGROUND_CONCURRENCY", worker.backgroundConcurrency),
  line("NATTER_LEASE_SECONDS", worker.leaseSeconds),
  line("NATTER_POLL_SECONDS", worker.pollSeconds),
  line("NATTER_REQUESTS", limits.requests),
  line("NATTER_VIEWERS", limits.viewers),
  line("NATTER_VIEWERS_PER_USER", limits.viewersPerUser),
  line("NATTER_SENDS_PER_MINUTE", limits.sendsPerMinute),
  line("NATTER_TOKENS_PER_MINUTE", limits.tokensPerMinute),
  line("NATTER_WAITING_SENDS", limits.waitingSends),
  line("NATTER_OPEN_PER_USER", limits.openPerUser),
  line("NATTER_RUNNING_PER_USER", limits.runningPerUser),
  line("NATTER_BACKGROUND_PER_USER", limits.backgroundPerUser),
  line("limits.uploadBytes", limits.uploadBytes),
  line("limits.storagePerUser", limits.storagePerUser),
  line("limits.steps", config.agentDefaults.maxSteps),
  line("limits.contextMessages", config.agentDefaults.contextMessages),
  ...Object.entries(config.features).map(([name, isOn]) => line(`features.${name}`, isOn)),
  line("agents", Object.keys(config.agents)),
  line(
    "middleware",
    middleware.map(({ name }) => name),
  ),
  line("mcp", Object.keys(mcp ?? {})),
  line("egress.allow", egress.allow),
  line("telemetry", telemetry !== undefined),
];

/** Everything that is set, by the name that sets it; of secrets only that they are, of addresses neither name nor password. */
export const describeConfig = (config: ResolvedConfig): readonly SettingLine[] => [
  ...httpLines(config),
  ...storeLines(config),
  ...modelLines(config),
  ...workLines(config),
];
