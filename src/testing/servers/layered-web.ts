import type { AgentDefinition } from "../../agents/define-agent.ts";
import type { EngineDependencies } from "../../engine/dependencies.ts";
import { createMemoryLimits } from "../../drivers/limits/limits-memory.ts";
import { silentLogger, type Logger } from "../../foundation/logger.ts";
import { budgetPolicyOf } from "../../middleware/cost/cost.ts";
import { createPipeline } from "../../middleware/pipeline.ts";
import type { Middleware } from "../../protocol/agent/middleware.ts";
import type { ModelDriver } from "../../protocol/agent/model.ts";
import { testDatabases } from "../databases/test-databases.ts";
import { createWeb, readStream, tokenFor, type Ask, type ReadStream } from "./web.ts";

/** HTTP and a worker in this process, within middleware, answered by one model; `test/other` has no known price, others cost 1 and 10 micro-dollars a token. */
export interface LayeredWeb {
  /** One request, of the same user unless another token is given. */
  ask(path: string, options?: Ask): Promise<Response>;
  /** Sends words and reads the answer to its end. */
  say(words: string, more?: Readonly<Record<string, unknown>>): Promise<ReadStream & { readonly text: string }>;
  close(): Promise<void>;
}

export interface LayeredOptions {
  readonly model: ModelDriver;
  readonly middleware: readonly Middleware[];
  readonly agents?: Readonly<Record<string, AgentDefinition>>;
  readonly logger?: Logger;
}

/** What an answer has shown as text. */
export const shownText = ({ chunks }: ReadStream): string =>
  chunks.map((chunk) => (chunk.type === "text-delta" ? chunk.delta : "")).join("");

const priceOf: EngineDependencies["models"]["priceOf"] = (model, { inputTokens, outputTokens }) =>
  model === "test/other" ? null : { costMicros: inputTokens + 10 * outputTokens, price: { input: 1, output: 10 } };

export const createLayeredWeb = async ({
  model,
  middleware,
  agents = { default: {} },
  logger = silentLogger,
}: LayeredOptions): Promise<LayeredWeb> => {
  const [{ open } = { open: () => Promise.reject(new Error("there is no database to test with")) }] = testDatabases;
  const database = await open();
  const limits = createMemoryLimits();
  const estimateTokens = (text: string): number => Math.ceil(text.length / 4);
  const budgets = budgetPolicyOf(middleware);
  const models = { driver: () => model, priceOf, estimateTokens, budgets };
  const pipeline = createPipeline(middleware, { database, limits, logger, models });
  const { accept } = pipeline;
  const web = await createWeb({ database, model, agents, logger, dependencies: { accept, budgets } });
  const usual = web.spine.dependencies();
  const worker = web.spine.worker({ middleware: pipeline, logger, models: { ...usual.models, ...models } });
  await worker.start();
  const token = await tokenFor({ subject: "somebody" });
  const ask = (path: string, given: Ask = {}): Promise<Response> => web.ask(path, { token, ...given });
  return {
    ask,
    async say(words, more = {}) {
      const stream = await readStream(await ask("/v1/chat", { body: { message: { text: words }, ...more } }));
      return { ...stream, text: shownText(stream) };
    },
    async close() {
      await worker.drain(1);
      web.http.closeStreams();
      await web.close();
      await limits.close();
      await database.close();
    },
  };
};
