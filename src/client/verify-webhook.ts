import type { WebhookEvent } from "../protocol/webhook.ts";

/** A request that was not sent by Natter, or not now, or not with this secret. */
export class WebhookVerificationError extends Error {
  override readonly name = "WebhookVerificationError";
}

/** A request to a webhook as it came in. */
export interface WebhookRequest {
  /** To the byte: a body that was parsed and written again has another signature. */
  readonly body: string | Uint8Array;
  /** Of `fetch`, or of `node:http`. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** `whsec_…`; while it is rotated, those that may sign. */
  readonly secret: string | readonly string[];
  /** How far the clocks of both sides may be apart, and how long a request may be on its way. Default 300. */
  readonly toleranceSeconds?: number | undefined;
  /** Milliseconds since 1970. Default now. */
  readonly now?: number | undefined;
}

const isEvent = (value: unknown): value is WebhookEvent =>
  typeof value === "object" &&
  value !== null &&
  "type" in value &&
  typeof value.type === "string" &&
  "data" in value &&
  typeof value.data === "object";

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WebhookVerificationError("The request was signed, and is no JSON.", { cause });
  }
};

const headerOf = (headers: WebhookRequest["headers"], name: string): string => {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  if (typeof value !== "string" || value === "")
    throw new WebhookVerificationError(`The request has no header ${name}.`);
  return value;
};

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> | null => {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
};

const keyOf = async (secret: string): Promise<CryptoKey> => {
  const bytes = bytesOf(secret.replace(/^whsec_/, ""));
  if (bytes === null || bytes.length === 0)
    throw new WebhookVerificationError("The secret is none: it begins with whsec_.");
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
};

const isGenuine = async (
  secrets: readonly string[],
  signatures: readonly string[],
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> => {
  for (const secret of secrets) {
    const key = await keyOf(secret);
    for (const signature of signatures) {
      const bytes = signature.startsWith("v1,") ? bytesOf(signature.slice(3)) : null;
      // compares in constant time
      if (bytes !== null && (await crypto.subtle.verify("HMAC", key, bytes, signed))) return true;
    }
  }
  return false;
};

const joined = (head: string, body: string | Uint8Array): Uint8Array<ArrayBuffer> => {
  const encoder = new TextEncoder();
  const [first, second] = [encoder.encode(head), typeof body === "string" ? encoder.encode(body) : body];
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
};

/**
 * Checks that a request to a webhook was signed by Natter (Standard Webhooks 1.0), and answers what it tells. A request
 * may come more than once: remember `webhook-id`, and do nothing the second time.
 * @throws WebhookVerificationError answer 400 then
 *
 * @example
 * const event = await verifyWebhook({ body: await request.text(), headers: request.headers, secret });
 * if (event.type === "completion.completed") bill(event.data.completion?.usage);
 */
export const verifyWebhook = async ({
  body,
  headers,
  secret,
  toleranceSeconds = 300,
  now = Date.now(),
}: WebhookRequest): Promise<WebhookEvent> => {
  const [id, timestamp] = [headerOf(headers, "webhook-id"), headerOf(headers, "webhook-timestamp")];
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1_000 - Number(timestamp)) > toleranceSeconds)
    throw new WebhookVerificationError("The request is too old, or a clock is wrong.");
  const secrets = typeof secret === "string" ? [secret] : secret;
  const signatures = headerOf(headers, "webhook-signature").split(" ");
  if (!(await isGenuine(secrets, signatures, joined(`${id}.${timestamp}.`, body))))
    throw new WebhookVerificationError("The signature does not fit the body and the secret.");
  const event = parse(typeof body === "string" ? body : new TextDecoder().decode(body));
  if (!isEvent(event)) throw new WebhookVerificationError("The request was signed, and is no event.");
  return event;
};
