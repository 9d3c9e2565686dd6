import { createAgentDirectory } from "./agents/define-agent.ts";
import { withoutArtifacts } from "./agents/artifact-tools.ts";
import { defaultAgents } from "./agents/default-agents.ts";
import { readLoopbackToken } from "./auth/loopback-token.ts";
import { readBacklog } from "./completions/backlog.ts";
import { expireAllLeases } from "./completions/progress.ts";
import { composeAccounts, type ComposedAccounts } from "./compose-accounts.ts";
import { composeHttp } from "./compose-http.ts";
import { composeMcp } from "./compose-mcp.ts";
import { composeWorker } from "./compose-worker.ts";
import { ConfigurationError } from "./config/configuration-error.ts";
import { loadConfig, type ResolvedConfig } from "./config/load-config.ts";
import type { NatterConfig } from "./config/natter-config.ts";
import { silentLogger, withFields, type Logger } from "./foundation/logger.ts";
import { currentRequest } from "./foundation/request-scope.ts";
import type { Http } from "./http/app.ts";
import { createNodeHandler, type NodeHandler } from "./http/server/node-handler.ts";
import { maintain } from "./maintain.ts";
import { expireJobLeases } from "./jobs/job.ts";
import type { AgentDirectory } from "./protocol/agent.ts";
import { hasLiveKey } from "./people/keys.ts";
import { createLocalModels } from "./providers/local/local-models.ts";
import type { ContextOption } from "./protocol/injected-context.ts";
import type { MessageOfAgents } from "./protocol/ui-message.ts";
import { createProviders } from "./providers/registry.ts";
import { hasAccountRow } from "./store/identity/account-tables.ts";
import { migrate } from "./store/migrate.ts";
import type { McpServers } from "./tools/mcp/mcp-servers.ts";
import { withMcpTools } from "./tools/mcp/with-mcp-tools.ts";
import { openStores, type Stores } from "./stores.ts";
import { createMetrics, type Metrics } from "./telemetry/metrics.ts";

export interface NatterOptions extends NatterConfig {
  /** Default: nothing is logged. */
  readonly logger?: Logger | undefined;
  /** Environment to read besides; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Natter, mounted in a host application or served by itself. */
export interface Natter {
  /** Answers one web request: for Hono, Next, SvelteKit, Bun. Starts everything on first use. */
  fetch(request: Request): Promise<Response>;
  /** The same for Express, Fastify and `node:http`; its `upgrade` takes web sockets. */
  node(): NodeHandler;
  /** Opens the database, migrates it and starts to work; done by the first request otherwise. */
  start(): Promise<Running>;
  /** Gives what runs time to end, hands the rest over, and closes everything. */
  close(): Promise<void>;
}

/** Agents as a configuration names them. */
export type AgentDefinitions = NonNullable<NatterConfig["agents"]>;

/** Options whose agents TypeScript knows one by one. */
export type TypedOptions<Agents extends AgentDefinitions> = Omit<NatterOptions, "agents" | "context"> & {
  readonly agents?: Agents | undefined;
} & ContextOption;

/** A Natter of which TypeScript knows what its agents write. */
export interface TypedNatter<Agents extends AgentDefinitions> extends Natter {
  /** For `typeof natter.$Infer.UIMessage` alone: it is not there when the program runs. */
  readonly $Infer: { readonly UIMessage: MessageOfAgents<Agents> };
}

type CreateArguments<Options> = object extends ContextOption ? [options?: Options] : [options: Options];

/** A Natter that has started. */
export interface Running {
  readonly config: ResolvedConfig;
  readonly http: Http;
  /** The token of loopback mode; null with any other identity. */
  readonly token: string | null;
  /** Built-in accounts; null where they are off. */
  readonly accounts: ComposedAccounts | null;
  /** Says which port it is served on; the walls of loopback mode ask for it. */
  listening(port: number): void;
  /** Readiness off and no new claims; resolves when nothing runs here any more. */
  drain(): Promise<void>;
  /** Drains, ends every stream, and closes the stores. */
  close(): Promise<void>;
}

/** What a log line says of the request that it is written for. */
const requestFields = (): object => {
  const requestId = currentRequest()?.requestId;
  return requestId === undefined ? {} : { requestId };
};

/** A server that anybody can reach must tell them apart. */
const requireKey = async (
  { needsKey, accounts, http, worker }: ResolvedConfig,
  { database }: Stores,
): Promise<void> => {
  if (!needsKey || worker.role === "worker" || (await hasLiveKey(database))) return;
  if (accounts !== undefined && (await hasAccountRow(database))) return;
  throw new ConfigurationError([
    `HOST: ${http.host} can be reached from other machines, and nobody could be told from anybody; set NATTER_JWT_SECRET or NATTER_OIDC_ISSUER, make an API key with "natter key create" or an account with "natter user create", or keep HOST=127.0.0.1`,
  ]);
};

/** Brings the database to this version, and sees to it that this process may start on it. */
const prepare = async (config: ResolvedConfig, stores: Stores, logger: Logger): Promise<void> => {
  const { database } = stores;
  await migrate(database, { logger });
  await requireKey(config, stores);
  if (!stores.isEmbedded) return;
  await expireAllLeases(database);
  await expireJobLeases(database);
};

/** The agents of the configuration; where it names none, the one of our own, with every MCP server there is. */
const agentsOf = ({ agents, agentDefaults, features }: ResolvedConfig, mcp: McpServers): AgentDirectory => {
  const own = Object.entries(defaultAgents).map(([id, agent]) => [
    id,
    { ...agent, tools: features.artifacts ? agent.tools : withoutArtifacts(agent.tools), mcp: mcp.names },
  ]);
  const chosen = Object.keys(agents).length === 0 ? Object.fromEntries(own) : agents;
  return withMcpTools(createAgentDirectory(chosen, agentDefaults), mcp);
};

const openMetrics = ({ worker, limits }: ResolvedConfig, stores: Stores, logger: Logger): Promise<Metrics> => {
  const { leaseSeconds } = worker;
  const { runningPerUser } = limits;
  return createMetrics({
    backlog: () => readBacklog(stores.database, { leaseSeconds, runningPerUser }),
    pools: () => stores.connections(),
    logger,
  });
};

const run = async (config: ResolvedConfig, logger: Logger): Promise<Running> => {
  const stores = await openStores(config, logger);
  await prepare(config, stores, logger).catch(async (thrown: unknown) => {
    await stores.close();
    throw thrown;
  });
  let { port } = config.http;
  const token = config.isLoopback ? await readLoopbackToken(config.stores.dataDirectory) : null;
  const composed = await composeAccounts(config, stores, logger);
  const metrics = await openMetrics(config, stores, logger);
  const local = config.isLoopback ? { local: createLocalModels() } : {};
  const mcp = composeMcp(config, stores, logger);
  const parts = {
    stores,
    logger,
    token,
    port: () => port,
    metrics,
    providers: createProviders({ ...config.models, ...local, observer: metrics.providers }),
    agents: agentsOf(config, mcp),
    mcp,
    accounts: composed?.accounts,
  };
  const http = composeHttp(config, parts);
  const worker = composeWorker(config, parts);
  await worker?.start();
  const stopMaintenance = maintain(config, stores, logger);
  let draining: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    http.beginDrain();
    await (draining ??= worker?.drain(config.http.drainSeconds));
  };
  return {
    config,
    http,
    token,
    accounts: composed,
    listening: (actual) => void (port = actual),
    drain,
    async close() {
      stopMaintenance();
      await drain();
      http.closeStreams();
      await mcp.close();
      await stores.close();
    },
  };
};

/**
 * Makes a Natter to mount in an application that keeps its own users, or to serve by itself.
 * @throws ConfigurationError with one line per mistake
 *
 * @example
 * const natter = createNatter({ auth: { resolve: (request) => hostUser(request) } });
 * app.use("/natter", natter.node());
 */
export function createNatter<const Agents extends AgentDefinitions = typeof defaultAgents>(
  ...options: CreateArguments<TypedOptions<Agents>>
): TypedNatter<Agents>;
export function createNatter({ logger: given = silentLogger, env, ...config }: NatterOptions = {}): Natter {
  const resolved = loadConfig(env, config);
  const logger = withFields(given, requestFields);
  let running: Promise<Running> | null = null;
  const start = (): Promise<Running> =>
    (running ??= run(resolved, logger).catch((thrown: unknown) => {
      running = null;
      throw thrown;
    }));
  const fetch = async (request: Request): Promise<Response> => (await start()).http.fetch(request);
  const serve: Http["serve"] = async (...call) => (await start()).http.serve(...call);
  const upgrade: Http["upgrade"] = (incoming, connection, head) => {
    start().then(
      ({ http }) => http.upgrade(incoming, connection, head),
      (error: unknown) => {
        logger.error({ error }, "a web socket could not be opened");
        connection.destroy();
      },
    );
  };
  return {
    start,
    fetch,
    node: () => createNodeHandler({ fetch, serve, upgrade }),
    async close() {
      await (await running)?.close();
      running = null;
    },
  };
}

export { agUi, type AgUiOptions } from "./agents/ag-ui/ag-ui.ts";
export { aiSdk, type SdkAgent } from "./agents/ai-sdk/ai-sdk.ts";
export { aiSdkTools } from "./agents/ai-sdk/ai-sdk-tools.ts";
export { languageModel } from "./agents/ai-sdk/language-model.ts";
export { chat } from "./agents/chat.ts";
export { defineAgent, type AgentDefinition } from "./agents/define-agent.ts";
export { fromIterable, type FromIterableOptions, type Iterate, type Said } from "./agents/from-iterable.ts";
export type { InterruptAnswer } from "./agents/langgraph/ask-interrupts.ts";
export { langgraph, type Graph, type GraphKit, type LanggraphOptions } from "./agents/langgraph/langgraph.ts";
export type { AgentId, Register } from "./protocol/register.ts";
export type { ContextProvider, InjectedContext, NatterContext, ToolDatabase } from "./protocol/injected-context.ts";
export type { LanguageModelV4, ModelCall, ModelDriver, ModelEnd, ModelEvent } from "./protocol/model.ts";
export type { MessageOfAgents, NatterUIMessage } from "./protocol/ui-message.ts";
export type { Feature, FeatureCollection } from "./protocol/geo-json.ts";
export { toolLoop } from "./agents/tool-loop.ts";
export { ConfigurationError } from "./config/configuration-error.ts";
export { defineConfig, type NatterConfig } from "./config/natter-config.ts";
export { cache, type CacheOptions } from "./middleware/cache/cache.ts";
export { cost, type BudgetRule, type CostOptions } from "./middleware/cost/cost.ts";
export { rateLimit } from "./middleware/rate-limit/rate-limit.ts";
export type { RateLimitOptions, RateLimits } from "./middleware/rate-limit/minute-rules.ts";
export { guardrails, type GuardrailsOptions } from "./middleware/guardrails/guardrails.ts";
export type { FunctionRule, GuardRule, ModelRule, PatternRule } from "./middleware/guardrails/rules.ts";
export { log, type LogOptions } from "./middleware/log/log.ts";
export type { AcceptRequest, ChunkCall, CompletionCall, Middleware, ModelLayerCall } from "./protocol/middleware.ts";
export { NatterError, type ErrorCode } from "./foundation/errors.ts";
export type { Runner, Turn, TurnEnd } from "./protocol/turn.ts";
export { completed, failed, notFound, pending, validationError } from "./tools/results.ts";
export type { BackgroundJob, ToolContext } from "./protocol/tool.ts";
export { tool, type BackgroundDefinition, type ClientDefinition, type InlineDefinition } from "./tools/tool.ts";
