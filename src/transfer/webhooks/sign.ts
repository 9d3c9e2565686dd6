import { createHmac, randomBytes } from "node:crypto";

const prefix = "whsec_";

/** A secret as Standard Webhooks writes it: 256 random bits in base64 behind `whsec_`. */
export const createWebhookSecret = (): string => `${prefix}${randomBytes(32).toString("base64")}`;

/** What is signed. */
export interface SignedMessage {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

const signatureOf = (secret: string, { id, timestamp, body }: SignedMessage): string => {
  const key = Buffer.from(secret.slice(prefix.length), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
};

/** The headers of Standard Webhooks 1.0; one signature for each secret, the newest first. */
export const signedHeaders = (secrets: readonly string[], message: SignedMessage): Record<string, string> => ({
  "webhook-id": message.id,
  "webhook-timestamp": String(message.timestamp),
  "webhook-signature": secrets.map((secret) => signatureOf(secret, message)).join(" "),
});
