import { createAgentDirectory } from "./agents/define-agent.ts";
import { defaultAgents } from "./agents/default-agents.ts";
import { createAuthenticator } from "./auth/authenticator.ts";
import { readLoopbackToken } from "./auth/loopback-token.ts";
import { expireAllLeases } from "./completions/progress.ts";
import { countDue } from "./completions/due.ts";
import { loadConfig, type ResolvedConfig } from "./config/load-config.ts";
import type { NatterConfig } from "./config/natter-config.ts";
import { createFlushClock } from "./engine/flush-clock.ts";
import { Worker } from "./engine/worker.ts";
import { createId } from "./foundation/ids.ts";
import { directIo } from "./foundation/io.ts";
import { silentLogger, type Logger } from "./foundation/logger.ts";
import { createHttp, type Http } from "./http/app.ts";
import { createMetrics, type Metrics } from "./http/metrics.ts";
import { createNodeHandler, type NodeHandler } from "./http/node-handler.ts";
import { createWalls, loopbackNames } from "./http/walls.ts";
import { createProviders, type Providers } from "./providers/registry.ts";
import { migrate } from "./store/migrate.ts";
import { openStores, type Stores } from "./stores.ts";
import { version } from "./version.ts";

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
  /** The same for Express, Fastify and `node:http`. */
  node(): NodeHandler;
  /** Opens the database, migrates it and starts to work; done by the first request otherwise. */
  start(): Promise<Running>;
  /** Gives what runs time to end, hands the rest over, and closes everything. */
  close(): Promise<void>;
}

/** A Natter that has started. */
export interface Running {
  readonly config: ResolvedConfig;
  readonly http: Http;
  /** The token of loopback mode; null with any other identity. */
  readonly token: string | null;
  /** The port of the server that serves it; the walls of loopback mode ask for it. */
  listening(port: number): void;
  /** Readiness off and no new claims; resolves when nothing runs here any more. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

const createWorker = (config: ResolvedConfig, stores: Stores, parts: { providers: Providers; metrics: Metrics; logger: Logger; agents: ReturnType<typeof createAgentDirectory> }): Worker => {
  const { providers, metrics, logger, agents } = parts;
  const { database, log, queue, signals } = stores;
  return new Worker(
    {
      database,
      log,
      queue,
      signals,
      agents,
      models: providers,
      logger,
      io: directIo,
      flushClock: createFlushClock(),
      observer: { ended: ({ status }) => metrics.countCompletion(status) },
      workerId: createId(),
      leaseSeconds: config.worker.leaseSeconds,
      logRetentionSeconds: config.stores.logRetentionSeconds,
      snapshotMilliseconds: 2_000,
    },
    { concurrency: config.worker.concurrency, pollSeconds: config.worker.pollSeconds },
  );
};

const run = async (config: ResolvedConfig, logger: Logger): Promise<Running> => {
  const { dataDirectory } = config.stores;
  const stores = await openStores(config, logger);
  const { database } = stores;
  await migrate(database);
  if (stores.isEmbedded) await expireAllLeases(database);
  let port = config.http.port;
  const token = config.isLoopback ? await readLoopbackToken(dataDirectory) : null;
  const loopback = token === null ? undefined : { token, cookie: () => `natter_${port}` };
  const metrics = await createMetrics({ queueDepth: () => countDue(database) });
  const providers = createProviders(config.models);
  const agents = createAgentDirectory(Object.keys(config.agents).length === 0 ? defaultAgents : config.agents);
  const http = createHttp({
    context: { database, queue: stores.queue, signals: stores.signals, agents, models: providers.models },
    log: stores.log,
    logger,
    authenticate: createAuthenticator(database, { tokens: tokensOf(config), resolve: config.auth.resolve, loopback }),
    walls: createWalls({
      loopback: token === null ? null : { names: [...loopbackNames, ...config.http.allowedHosts], port: () => port },
      hasAmbientIdentity: config.auth.resolve !== undefined,
    }),
    metrics,
    metricsToken: config.http.metricsToken,
    readiness: async () => ({ database: await answers(database.query({ text: "select 1", values: [] })) }),
    loopback,
    basePath: config.http.basePath,
    limits: { bodyBytes: config.http.bodyBytes, viewerBytes: config.http.viewerBytes, answerMs: config.http.answerSeconds * 1000 },
    version,
  });
  const worker = config.worker.role === "web" ? null : createWorker(config, stores, { providers, metrics, logger, agents });
  await worker?.start();
  const drain = async (): Promise<void> => {
    http.beginDrain();
    await worker?.drain(config.http.drainSeconds);
  };
  return {
    config,
    http,
    token,
    listening: (actual) => void (port = actual),
    drain,
    async close() {
      await drain();
      http.closeStreams();
      await stores.close();
    },
  };
};

/** Undefined: nobody signs tokens for this server. */
const tokensOf = ({ auth }: ResolvedConfig): ResolvedConfig["auth"] | undefined =>
  auth.jwt === undefined && auth.oidc === undefined ? undefined : auth;

const answers = (work: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1_000).unref()),
  ]);

/**
 * Makes a Natter to mount in an application that keeps its own users, or to serve by itself.
 * @throws ConfigurationError with one line per mistake
 *
 * @example
 * const natter = createNatter({ auth: { resolve: (request) => hostUser(request) } });
 * app.use("/natter", natter.node());
 */
export const createNatter = ({ logger = silentLogger, env, ...config }: NatterOptions = {}): Natter => {
  const resolved = loadConfig(env, config);
  let running: Promise<Running> | null = null;
  const start = (): Promise<Running> => (running ??= run(resolved, logger));
  const started = async (): Promise<Http> => (await start()).http;
  return {
    start,
    fetch: async (request) => (await started()).fetch(request),
    node: () => createNodeHandler({ serve: async (...call) => (await started()).serve(...call), fetch: async (request) => (await started()).fetch(request) }),
    async close() {
      await (await running)?.close();
      running = null;
    },
  };
};

export { defineAgent, type AgentDefinition } from "./agents/define-agent.ts";
export { chat } from "./agents/chat.ts";
export { toolLoop } from "./agents/tool-loop.ts";
export { defineConfig, type NatterConfig } from "./config/natter-config.ts";
export { ConfigurationError } from "./config/configuration-error.ts";
export { NatterError, type ErrorCode } from "./foundation/errors.ts";
export { completed, failed, notFound, pending, validationError } from "./tools/results.ts";
export { tool, type ToolDefinition } from "./tools/tool.ts";
