import { announce } from "./compose/announce.ts";
import { createAgentDirectory } from "./agents/define-agent.ts";
import { withoutArtifacts } from "./agents/artifact-tools.ts";
import { defaultAgents } from "./agents/default-agents.ts";
import { readLoopbackToken } from "./auth/loopback-token.ts";
import { readBacklog } from "./completions/backlog.ts";
import { expireAllLeases } from "./completions/progress.ts";
import { composeAccounts, type ComposedAccounts } from "./compose/compose-accounts.ts";
import { composeHttp } from "./compose/compose-http.ts";
import { composeMcp } from "./compose/compose-mcp.ts";
import { composeWorker, type WorkerParts } from "./compose/compose-worker.ts";
import { ConfigurationError } from "./config/configuration-error.ts";
import type { ResolvedConfig } from "./config/load-config.ts";
import { createId } from "./foundation/ids.ts";
import type { Logger } from "./foundation/logger.ts";
import type { Http } from "./http/app.ts";
import { maintain } from "./compose/maintain.ts";
import { expireJobLeases } from "./jobs/job.ts";
import type { AgentDirectory } from "./protocol/agent/agent.ts";
import { hasLiveKey } from "./people/keys.ts";
import { createLocalModels } from "./providers/local/local-models.ts";
import { createProviderWatch } from "./providers/guards/provider-watch.ts";
import { createProviders } from "./providers/registry.ts";
import { hasAccountRow } from "./store/identity/account-tables.ts";
import { migrate } from "./store/migrate.ts";
import { forgetAllNodes, type NodeAnnouncement } from "./store/node-rows.ts";
import type { McpServers } from "./tools/mcp/mcp-servers.ts";
import { withMcpTools } from "./tools/mcp/with-mcp-tools.ts";
import { openStores, type Stores } from "./compose/stores.ts";
import { createMetrics, type Metrics } from "./telemetry/metrics.ts";
import { version } from "./version.ts";

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
  await forgetAllNodes(database);
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

const openProviders = ({ isLoopback, models }: ResolvedConfig, metrics: Metrics) => {
  const watch = createProviderWatch(metrics.providers);
  const local = isLoopback ? { local: createLocalModels() } : {};
  return { watch, providers: createProviders({ ...models, ...local, observer: watch }) };
};

const nodeOf = ({ worker }: ResolvedConfig, id: string): NodeAnnouncement => ({
  id,
  role: worker.role,
  version,
  capacity: worker.role === "web" ? 0 : worker.concurrency,
});

/** Tells others that this process is there, and tidies up after it; both until what this returns is called. */
const settle = async (
  config: ResolvedConfig,
  { stores, logger, nodeId }: WorkerParts,
): Promise<() => Promise<void>> => {
  const stopMaintenance = maintain(config, stores, logger);
  const leave = await announce(stores.workDatabase, nodeOf(config, nodeId), logger);
  return () => {
    stopMaintenance();
    return leave();
  };
};

/** Opens the stores of a configuration, brings the database to this version, and serves and works on it. */
export const run = async (config: ResolvedConfig, logger: Logger): Promise<Running> => {
  const stores = await openStores(config, logger);
  await prepare(config, stores, logger).catch(async (thrown: unknown) => {
    await stores.close();
    throw thrown;
  });
  let { port } = config.http;
  const token = config.isLoopback ? await readLoopbackToken(config.stores.dataDirectory) : null;
  const composed = await composeAccounts(config, stores, logger);
  const metrics = await openMetrics(config, stores, logger);
  const mcp = composeMcp(config, stores, logger);
  const parts = {
    nodeId: createId(),
    stores,
    logger,
    token,
    port: () => port,
    metrics,
    ...openProviders(config, metrics),
    agents: agentsOf(config, mcp),
    mcp,
    accounts: composed?.accounts,
  };
  const http = composeHttp(config, parts);
  const worker = composeWorker(config, parts);
  await worker?.start();
  const leave = await settle(config, parts);
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
      await leave();
      await drain();
      http.closeStreams();
      await mcp.close();
      await stores.close();
    },
  };
};
