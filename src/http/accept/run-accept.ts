import { NatterError } from "../../foundation/errors.ts";
import type { AcceptLayers } from "../../middleware/pipeline.ts";
import type { AcceptRequest } from "../../protocol/middleware.ts";

/**
 * Accepts something within the middleware.
 * @param accept gets the texts as the layers left them; the same array when they changed nothing
 */
export const runAccept = async <Result>(
  layers: AcceptLayers,
  request: AcceptRequest,
  accept: (texts: readonly string[]) => Promise<Result>,
): Promise<Result> => {
  let outcome: { readonly result: Result } | undefined;
  await layers(request, async ({ texts }) => {
    if (texts.length !== request.texts.length)
      throw new NatterError("internal", "A middleware gave a message another number of texts.");
    outcome = { result: await accept(texts) };
  });
  if (outcome === undefined)
    throw new NatterError("internal", "A middleware neither let a message through nor refused it.");
  return outcome.result;
};
