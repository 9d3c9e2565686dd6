import { asNatterError } from "../../foundation/errors.ts";
import type { EgressFetch } from "../../foundation/egress/egress-fetch.ts";
import type { Attempt } from "../../store/webhook/delivery-rows.ts";
import { signedHeaders } from "./sign.ts";

/** What is sent, and where. */
export interface Shipment {
  readonly url: string;
  readonly secrets: readonly string[];
  /** Of what happened; the same in each attempt. */
  readonly id: string;
  readonly body: string;
}

/** An attempt, before it is decided what follows from it. */
export type Met = Omit<Attempt, "againInSeconds" | "pauseSeconds"> & {
  /** What the receiver asks for. */
  readonly retryAfterSeconds: number;
};

const mostTextCharacters = 500;
const mostRetryAfterSeconds = 86_400;

/** How an answer begins; an answer that is broken off, or is too large, has begun all the same. */
const beginningOf = async ({ body }: Response): Promise<string | null> => {
  if (body === null) return null;
  const reader = body.getReader();
  try {
    const { value } = await reader.read();
    await reader.cancel();
    // text columns hold no NUL
    const text = new TextDecoder().decode(value).replaceAll("\0", "").slice(0, mostTextCharacters);
    return text === "" ? null : text;
  } catch (thrown) {
    return `(${asNatterError(thrown).message})`;
  }
};

const retryAfterOf = ({ headers }: Response): number => {
  const seconds = Number(headers.get("retry-after") ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), mostRetryAfterSeconds) : 0;
};

const post = async (ask: EgressFetch, shipment: Shipment, signal: AbortSignal): Promise<Omit<Met, "milliseconds">> => {
  const { url, secrets, id, body } = shipment;
  const timestamp = Math.floor(Date.now() / 1_000);
  const headers = {
    "content-type": "application/json",
    "user-agent": "Natter-Webhooks/1",
    ...signedHeaders(secrets, { id, timestamp, body }),
  };
  const response = await ask(url, { method: "POST", headers, body, redirect: "manual", signal });
  const { status } = response;
  const isDelivered = status >= 200 && status < 300;
  const error = isDelivered
    ? null
    : status >= 300 && status < 400
      ? "It answered with a redirect, which is not followed."
      : `It answered ${status}.`;
  return { isDelivered, status, text: await beginningOf(response), error, retryAfterSeconds: retryAfterOf(response) };
};

/**
 * Sends it once. Every answer and every failure is a value; rejects only with the reason of a signal that aborts.
 */
export const deliver = async (ask: EgressFetch, shipment: Shipment, signal: AbortSignal): Promise<Met> => {
  const startedAt = performance.now();
  const took = (): number => Math.round(performance.now() - startedAt);
  try {
    return { ...(await post(ask, shipment, signal)), milliseconds: took() };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = asNatterError(thrown).message;
    return { isDelivered: false, status: null, text: null, error, retryAfterSeconds: 0, milliseconds: took() };
  }
};
