import type { defaultAgents } from "./agents/default-agents.ts";
import { loadConfig } from "./config/load-config.ts";
import type { NatterConfig } from "./config/natter-config.ts";
import { silentLogger, withFields, type Logger } from "./foundation/logger.ts";
import { currentRequest } from "./foundation/request-scope.ts";
import type { Http } from "./http/app.ts";
import { createNodeHandler, type NodeHandler } from "./http/server/node-handler.ts";
import type { ContextOption } from "./protocol/agent/injected-context.ts";
import type { MessageOfAgents } from "./protocol/message/ui-message.ts";
import type { Running } from "./run-natter.ts";

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

/** What a log line says of the request that it is written for. */
const requestFields = (): object => {
  const requestId = currentRequest()?.requestId;
  return requestId === undefined ? {} : { requestId };
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
  // nobody who only describes agents and tools, or starts later, waits for the server's modules
  const open = async (): Promise<Running> => (await import("./run-natter.ts")).run(resolved, logger);
  const start = (): Promise<Running> =>
    (running ??= open().catch((thrown: unknown) => {
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
export type { Running } from "./run-natter.ts";
export type { AgentId, Register } from "./protocol/agent/register.ts";
export type {
  ContextProvider,
  InjectedContext,
  NatterContext,
  ToolDatabase,
} from "./protocol/agent/injected-context.ts";
export type { LanguageModelV4, ModelCall, ModelDriver, ModelEnd, ModelEvent } from "./protocol/agent/model.ts";
export type { MessageOfAgents, NatterUIMessage } from "./protocol/message/ui-message.ts";
export type { Feature, FeatureCollection } from "./protocol/message/geo-json.ts";
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
export type {
  AcceptRequest,
  ChunkCall,
  CompletionCall,
  Middleware,
  ModelLayerCall,
} from "./protocol/agent/middleware.ts";
export { NatterError, type ErrorCode } from "./foundation/errors.ts";
export type { Runner, Turn, TurnEnd } from "./protocol/agent/turn.ts";
export { completed, failed, notFound, pending, validationError } from "./tools/results.ts";
export type { BackgroundJob, ToolContext } from "./protocol/agent/tool.ts";
export { tool, type BackgroundDefinition, type ClientDefinition, type InlineDefinition } from "./tools/tool.ts";
