import { NatterError } from "../../foundation/errors.ts";
import type { Middleware, ModelLayerCall } from "../../protocol/agent/middleware.ts";
import { findCachedAnswer, putCachedAnswer, type CachedAnswerKey } from "../../store/money/cached-answer-rows.ts";
import { builtIn, type MiddlewareServices } from "../services.ts";
import { cacheKeyOf } from "./cache-key.ts";
import { parseAnswer, recordAnswer, replayAnswer, type RecordedAnswer } from "./recorded-answer.ts";

export interface CacheOptions {
  /** Seconds that an answer is given again. Default 3,600. */
  readonly ttl?: number;
}

const mostSeconds = 31_536_000;

const find = async ({ database, logger }: MiddlewareServices, key: CachedAnswerKey): Promise<RecordedAnswer | null> => {
  try {
    const stored = await findCachedAnswer(database, key);
    return stored === undefined ? null : parseAnswer(stored);
  } catch (err) {
    logger.warn({ err }, "the cache can't be read; the model is asked");
    return null;
  }
};

const keep = async (
  { database, logger }: MiddlewareServices,
  key: CachedAnswerKey,
  answer: RecordedAnswer,
  seconds: number,
): Promise<void> => {
  try {
    await putCachedAnswer(database, key, answer, seconds);
  } catch (err) {
    logger.warn({ err }, "an answer could not be cached");
  }
};

/** Later steps are told results of tools: what did something is never said twice. */
const keyOf = ({ completion, step, request }: ModelLayerCall): CachedAnswerKey | null => {
  const key = step === 1 ? cacheKeyOf(completion, request) : null;
  const { workspaceId, userId } = completion;
  return key === null ? null : { key, workspaceId, userId };
};

/**
 * Gives a user the same answer to the same question without asking the model: as a stream, at no cost, marked `cached`
 * in the ledger. Only the user who asked gets it, in the same workspace, when everything that the model would be told
 * is the same: model, prompt, instructions, tools, settings, contents of files. Only whole answers of text are kept, and
 * an answer that is asked for once more is made anew. Put it after middleware that changes requests.
 * @throws NatterError `unprocessable` for a `ttl` that is none
 */
export const cache = ({ ttl = 3_600 }: CacheOptions = {}): Middleware => {
  if (!(ttl > 0 && ttl <= mostSeconds))
    throw new NatterError("unprocessable", "cache(): ttl must be seconds, up to a year.");
  return builtIn("cache", (services) => ({
    async model(call, next) {
      const key = keyOf(call);
      if (key === null) return next();
      const known = call.completion.isRepeated === true ? null : await find(services, key);
      if (known !== null) return replayAnswer(known, call);
      const recorder = recordAnswer(call.sink);
      const end = await next({ sink: recorder.sink });
      const answer = recorder.finish(end);
      if (answer !== null) await keep(services, key, answer, ttl);
      return end;
    },
  }));
};
