import { hash } from "node:crypto";
import { NatterError } from "../../foundation/errors.ts";
import { canonicalJson } from "../../foundation/canonical-json.ts";
import type { OpenCall } from "./call.ts";

/**
 * The `Idempotency-Key` of a request and the hash of what it asks for (method, path, body); undefined without one.
 * @throws NatterError `invalid_request` for a key that is no 1 to 255 visible ASCII characters
 */
export const readIdempotency = ({
  request,
  json,
}: Pick<OpenCall<unknown, unknown, unknown>, "request" | "json">): { key: string; hash: string } | undefined => {
  const key = request.headers.get("idempotency-key");
  if (key === null) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new NatterError("invalid_request", "Idempotency-Key must be 1 to 255 visible ASCII characters.");
  const { pathname } = new URL(request.url);
  return { key, hash: hash("sha256", canonicalJson([request.method, pathname, json]), "base64url") };
};
