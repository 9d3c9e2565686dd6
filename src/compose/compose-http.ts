import { join } from "node:path";
import { createApiKeys } from "../auth/api-keys.ts";
import { createAuthenticator } from "../auth/authenticator.ts";
import { createPrincipalCache } from "../auth/principal-cache.ts";
import { composeServerReport } from "./compose-server-report.ts";
import type { ResolvedConfig } from "../config/load-config.ts";
import type { AcceptedCompletion, ConversationContext } from "../conversations/context.ts";
import type { Logger } from "../foundation/logger.ts";
import { createCallerAddress, type CallerAddress } from "../http/admission/caller-address.ts";
import { createLimiter, type Limiter } from "../http/admission/limiter.ts";
import { createHttp, type Http } from "../http/app.ts";
import { createWalls, loopbackNames } from "../http/server/walls.ts";
import { budgetPolicyOf } from "../middleware/cost/cost.ts";
import { createPipeline, type Pipeline } from "../middleware/pipeline.ts";
import type { Accounts } from "../people/accounts/accounts.ts";
import type { AgentDirectory } from "../protocol/agent/agent.ts";
import type { ProviderWatch } from "../providers/guards/provider-watch.ts";
import type { Providers } from "../providers/registry.ts";
import type { Stores } from "./stores.ts";
import { createAcceptTraces } from "../telemetry/accept-traces.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { McpServers } from "../tools/mcp/mcp-servers.ts";
import { version } from "../version.ts";

export interface HttpParts {
  readonly watch: ProviderWatch;
  readonly stores: Stores;
  readonly providers: Providers;
  readonly agents: AgentDirectory;
  readonly metrics: Metrics;
  readonly mcp: McpServers;
  readonly logger: Logger;
  /** The token of loopback mode; null with any other identity. */
  readonly token: string | null;
  /** Built-in accounts; undefined where they are off. */
  readonly accounts: Accounts | undefined;
  /** The port that requests come to. */
  readonly port: () => number;
}

/** Undefined: nobody signs tokens for this server. */
const tokensOf = ({ auth }: ResolvedConfig): ResolvedConfig["auth"] | undefined =>
  auth.jwt === undefined && auth.oidc === undefined ? undefined : auth;

/** Whether the database answers within a second. */
const answers = (work: Promise<unknown>): Promise<boolean> => {
  const late = new Promise<boolean>((resolve) => void setTimeout(() => resolve(false), 1_000).unref());
  const answered = work.then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]);
};

/** Counts, logs and traces each completion that was accepted. */
const createAcceptTold = ({ telemetry }: ResolvedConfig, { metrics, logger }: HttpParts) => {
  const trace = telemetry === undefined ? undefined : createAcceptTraces(telemetry);
  return (accepted: AcceptedCompletion): void => {
    metrics.countAccepted();
    const { workspaceId, conversationId, completionId } = accepted;
    logger.info({ workspaceId, conversationId, completionId }, "a message was accepted");
    trace?.(accepted);
  };
};

const minute = 60;
/** Of an address where nobody is known: a person who mistypes is far below, a search for a token far above. */
const triesPerMinute = 30;

const composeLimiter = ({ limits }: ResolvedConfig, { limits: store }: Stores, callerAddress: CallerAddress): Limiter =>
  createLimiter({
    store,
    callerAddress,
    sends: limits.sendsPerMinute === 0 ? [] : [{ limit: limits.sendsPerMinute, windowSeconds: minute }],
    tokens: limits.tokensPerMinute === 0 ? [] : [{ limit: limits.tokensPerMinute, windowSeconds: minute }],
    tries: [{ limit: triesPerMinute, windowSeconds: minute }],
  });

const composeAccept = ({ middleware }: ResolvedConfig, { stores, providers, logger }: HttpParts): Pipeline["accept"] =>
  createPipeline(middleware, { database: stores.database, limits: stores.limits, logger, models: providers }).accept;

const contextOf = (config: ResolvedConfig, parts: HttpParts): ConversationContext => {
  const { database, queue, signals, blobs, assertAccepting } = parts.stores;
  return {
    database,
    queue,
    signals,
    agents: parts.agents,
    models: parts.providers.models,
    blobs,
    assertAccepting,
    onAccepted: createAcceptTold(config, parts),
    caps: config.limits,
    backgroundPerUser: config.limits.backgroundPerUser,
    takesArtifacts: config.features.artifacts,
    storage: {
      takesFiles: config.features.attachments,
      uploadBytes: config.limits.uploadBytes,
      bytesPerUser: config.limits.storagePerUser,
    },
  };
};

export const composeHttp = (config: ResolvedConfig, parts: HttpParts): Http => {
  const { stores, mcp, metrics, logger, token, accounts, port } = parts;
  const { database, log } = stores;
  const { basePath, metricsToken, bodyBytes, viewerBytes, answerSeconds } = config.http;
  const { requests, viewers, viewersPerUser } = config.limits;
  const loopback = token === null ? undefined : { token, cookie: () => `natter_${port()}` };
  const names = [...loopbackNames, ...config.http.allowedHosts];
  const cache = createPrincipalCache();
  const keys = createApiKeys(database, cache);
  const callerAddress = createCallerAddress(config.http.trustedProxies);
  return createHttp({
    context: contextOf(config, parts),
    log,
    logger,
    mcp,
    egressAllow: config.egress.allow,
    metrics,
    metricsToken,
    loopback,
    basePath,
    version,
    appDirectory: join(import.meta.dirname, "../../web/dist"),
    keys,
    accounts,
    forgetUser: (userId) => cache.forgetUser(userId),
    callerAddress,
    authenticate: createAuthenticator(database, {
      cache,
      keys,
      tokens: tokensOf(config),
      resolve: config.auth.resolve,
      accounts,
      loopback,
    }),
    walls: createWalls({
      loopback: token === null ? null : { names, port },
      hasAmbientIdentity: config.auth.resolve !== undefined || accounts !== undefined,
      trustsSiblings: config.auth.resolve !== undefined,
    }),
    readiness: async () => ({ database: await answers(database.query({ text: "select 1", values: [] })) }),
    limits: { bodyBytes, viewerBytes, answerMs: answerSeconds * 1000, requests, viewers, viewersPerUser },
    accept: composeAccept(config, parts),
    budgets: budgetPolicyOf(config.middleware),
    limiter: composeLimiter(config, stores, callerAddress),
    servesRequests: config.worker.role !== "worker",
    server: composeServerReport(config, parts),
  });
};
