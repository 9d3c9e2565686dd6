import type { Arrival } from "../request/call.ts";
import { takeBody, type BodyLimits } from "../request/read-body.ts";
import { BodyReducer, bodyTooLarge } from "./body-reducer.ts";

/** Bytes of an AI SDK body: a history with its files as `data:` URLs. */
const bodyBytes = 134_217_728;
/** Bytes of the message that is sent: a file of 10 MB as a `data:` URL, and room for more. */
const messageBytes = 16_777_216;
/** A large body may take its time at a megabit a second or more. */
const bytesPerSecond = 131_072;

/**
 * The bytes of a body of `POST /v1/chat`: a native one as it is, of AI SDK's what counts.
 * @throws NatterError as `takeBody`, `invalid_json`
 */
export const readChatBody = async (arrival: Arrival, limits: BodyLimits): Promise<Buffer> => {
  const reducer = new BodyReducer({ outerBytes: limits.maxBytes, messageBytes, bodyBytes });
  if (Number(arrival.request.headers.get("content-length") ?? 0) > bodyBytes) throw bodyTooLarge(bodyBytes);
  await takeBody(arrival, { ...limits, maxBytes: Infinity, bytesPerSecond }, (piece) => reducer.push(piece));
  return reducer.end();
};
