import type { Arrival } from "./call.ts";
import { takeBody, type BodyLimits } from "./read-body.ts";

/**
 * A request's body as it arrives, no faster than it is read; reading it throws what `takeBody` throws, and what `check`
 * rejects with, which is called when all of it has arrived.
 */
export const bodyPieces = (
  arrival: Arrival,
  limits: BodyLimits,
  check: () => Promise<void>,
): AsyncIterable<Uint8Array> => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  // whoever reads learns of each failure from `readable`; there is nobody else to tell
  const untold = (): void => {};
  const taken = takeBody(arrival, limits, (piece) => writer.write(piece)).then(check);
  taken.then(
    () => writer.close().catch(untold),
    (thrown: unknown) => writer.abort(thrown).catch(untold),
  );
  return readable;
};
