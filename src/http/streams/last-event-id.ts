import { NatterError } from "../../foundation/errors.ts";
import { parsePosition } from "../../protocol/message/frames.ts";

/** A place in a log that a viewer has seen. */
export interface SeenPosition {
  readonly epoch: string;
  readonly position: number;
}

/**
 * What `Last-Event-ID` says; null without it.
 * @throws NatterError `invalid_request` for anything that is no id of ours
 */
export const readLastEventId = (headers: Headers): SeenPosition | null => {
  const header = headers.get("last-event-id");
  if (header === null || header === "") return null;
  const seen = parsePosition(header);
  if (seen === null)
    throw new NatterError("invalid_request", "Last-Event-ID must be the id of an event of this stream.");
  return seen;
};
