import { NatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { AcceptLayers } from "../../middleware/pipeline.ts";
import type { AcceptRequest } from "../../protocol/agent/middleware.ts";

/** The middleware around accepting, and who is told of what it throws too late. */
export interface Accepting {
  readonly layers: AcceptLayers;
  readonly logger: Logger;
}

/**
 * Accepts something within the middleware. What a layer throws afterwards changes nothing: what was accepted is never
 * told as refused.
 * @param accept gets the texts as the layers left them; the same array when they changed nothing
 */
export const runAccept = async <Result>(
  { layers, logger }: Accepting,
  request: AcceptRequest,
  accept: (texts: readonly string[]) => Promise<Result>,
): Promise<Result> => {
  const outcomes: Result[] = [];
  try {
    await layers(request, async ({ texts }) => {
      if (texts.length !== request.texts.length)
        throw new NatterError("internal", "A middleware gave a message another number of texts.");
      outcomes.push(await accept(texts));
    });
  } catch (err) {
    if (outcomes.length === 0) throw err;
    logger.error({ err, requestId: request.requestId }, "a middleware failed after a message was accepted");
  }
  for (const outcome of outcomes) return outcome;
  throw new NatterError("internal", "A middleware neither let a message through nor refused it.");
};
