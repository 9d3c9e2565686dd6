import { asNatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { Middleware, ModelLayerCall } from "../../protocol/agent/middleware.ts";
import type { ModelEnd, ModelEvent } from "../../protocol/agent/model.ts";
import type { TurnCompletion } from "../../protocol/agent/turn.ts";
import { builtIn, type MiddlewareServices } from "../services.ts";

export interface LogOptions {
  /** Whether lines hold what people and models say. Default false. */
  readonly contents?: boolean;
}

const idsOf = ({ id, workspaceId, conversationId, userId }: TurnCompletion): object => ({
  completionId: id,
  workspaceId,
  conversationId,
  userId,
});

const since = (start: number): number => Math.round(performance.now() - start);

/** Runs something and writes its one line, whatever comes of it. */
const timed = async <Result>(
  logger: Logger,
  { what, fields }: { readonly what: string; readonly fields: object },
  run: () => Promise<{ readonly result: Result; readonly more: object }>,
): Promise<Result> => {
  const start = performance.now();
  try {
    const { result, more } = await run();
    logger.info({ ...fields, ...more, ms: since(start) }, what);
    return result;
  } catch (thrown) {
    const { code } = asNatterError(thrown);
    logger.info({ ...fields, code, ms: since(start) }, `${what} failed`);
    throw thrown;
  }
};

const costOf = ({ models }: MiddlewareServices, model: string, { usage }: ModelEnd): object =>
  usage === undefined
    ? {}
    : { ...usage, costMicros: usage.cached === true ? 0 : (models.priceOf(model, usage)?.costMicros ?? null) };

const answerOf = (call: ModelLayerCall): { sink: ModelLayerCall["sink"]; text: () => string } => {
  let text = "";
  return {
    text: () => text,
    sink(events: readonly ModelEvent[]) {
      for (const event of events) if (event.type === "text") text += event.delta;
      call.sink(events);
    },
  };
};

const modelLayer =
  (services: MiddlewareServices, contents: boolean): NonNullable<Middleware["model"]> =>
  (call, next) => {
    const { model, messages } = call.request;
    const fields = { ...idsOf(call.completion), step: call.step, model };
    return timed(services.logger, { what: "a model call", fields }, async () => {
      const heard = contents ? answerOf(call) : null;
      const result = await next(heard === null ? {} : { sink: heard.sink });
      const said = heard === null ? {} : { asked: messages.at(-1)?.content, said: heard.text() };
      const answered = result.model ?? model;
      return {
        result,
        more: { answered, finishReason: result.finishReason, ...costOf(services, answered, result), ...said },
      };
    });
  };

/**
 * One line of the server's log for each message accepted, each completion and each model call, with milliseconds,
 * tokens and micro-dollars. What people and models say stands in it only with `contents`.
 */
export const log = ({ contents = false }: LogOptions = {}): Middleware =>
  builtIn("log", (services) => ({
    accept: ({ principal: { userId, workspaceId, keyId }, route, requestId, texts }, next) => {
      const fields = { userId, workspaceId, keyId, route, requestId, ...(contents ? { texts } : {}) };
      return timed(services.logger, { what: "a request to accept", fields }, async () => ({
        result: await next(),
        more: {},
      }));
    },
    completion: ({ completion, agent }, next) =>
      timed(
        services.logger,
        { what: "a completion", fields: { ...idsOf(completion), agent, model: completion.model } },
        async () => {
          const result = await next();
          const reason = result.status === "completed" ? { finishReason: result.finishReason } : {};
          return { result, more: { status: result.status, ...reason } };
        },
      ),
    model: modelLayer(services, contents),
  }));
