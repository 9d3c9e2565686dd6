import { createHash, createHmac } from "node:crypto";

/** A request as AWS Signature Version 4 signs it; header names in lower case. */
export interface SignedRequest {
  readonly method: string;
  /** As it goes over the wire. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

export interface SigningScope {
  readonly secret: string;
  readonly dateTime: string;
  readonly region: string;
  readonly service: string;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

const canonicalQuery = (query: string): string =>
  [...new URLSearchParams(query)]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join("&");

/** The signature of a request, computed from the specification and from nothing of the client's. */
export const signatureV4 = (request: SignedRequest, { secret, dateTime, region, service }: SigningScope): string => {
  const path = request.path
    .split("/")
    .map((segment) => encode(decodeURIComponent(segment)))
    .join("/");
  const headers = request.signedHeaders.map((name) => `${name}:${(request.headers[name] ?? "").trim()}\n`).join("");
  const canonical = [
    request.method,
    path,
    canonicalQuery(request.query),
    headers,
    request.signedHeaders.join(";"),
    request.payloadHash,
  ].join("\n");
  const day = dateTime.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const digest = createHash("sha256").update(canonical).digest("hex");
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), "aws4_request");
  return hmac(key, ["AWS4-HMAC-SHA256", dateTime, scope, digest].join("\n")).toString("hex");
};
