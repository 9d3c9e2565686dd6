import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { signatureV4 } from "../databases/signature-v4.ts";

/** A small S3 of one bucket in memory, which computes every signature anew and refuses what it has not got. */
export interface FakeS3 {
  /** With right keys; others can be put into it. */
  readonly url: string;
  /** How many requests were refused for their signatures. */
  readonly refused: () => number;
  /**
   * What is answered to writes, whatever they are: a status, nothing because the connection breaks while they come
   * (`cut`), or nothing although they were stored (`unheard`); null: as usual.
   */
  failWrites(how: number | "cut" | "unheard" | null): void;
  close(): Promise<void>;
}

interface Stored {
  readonly content: Buffer;
  readonly at: Date;
}

const accessKey = "AKIAFAKE";
const secret = "a/secret+with=marks";
const region = "eu-test-1";
const pageSize = 2;

const isSigned = (request: IncomingMessage, body: Buffer): boolean => {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([\da-f]{64})$/.exec(
      request.headers.authorization ?? "",
    );
  const [, key, day, givenRegion, names = "", signature] = found ?? [];
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const dateTime = headers["x-amz-date"] ?? "";
  const payloadHash = createHash("sha256").update(body).digest("hex");
  const signedHeaders = names.split(";");
  if (!["host", "x-amz-content-sha256", "x-amz-date"].every((name) => signedHeaders.includes(name))) return false;
  if (key !== accessKey || givenRegion !== region || !dateTime.startsWith(day ?? "-")) return false;
  if (headers["x-amz-content-sha256"] !== payloadHash) return false;
  const url = new URL(request.url ?? "/", "http://s3.test");
  const signed = {
    method: request.method ?? "",
    path: url.pathname,
    query: url.search.slice(1),
    headers,
    signedHeaders,
  };
  return signatureV4({ ...signed, payloadHash }, { secret, dateTime, region, service: "s3" }) === signature;
};

const answerRange = (response: ServerResponse, content: Buffer, range: string | undefined): void => {
  const [, first = "0", last = ""] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
  if (range === undefined) response.writeHead(200, { "content-length": content.length }).end(content);
  else if (Number(first) >= content.length) response.writeHead(416).end();
  else response.writeHead(206).end(content.subarray(Number(first), last === "" ? undefined : Number(last) + 1));
};

const listing = (objects: ReadonlyMap<string, Stored>, query: URLSearchParams): string => {
  const after = query.get("continuation-token") ?? "";
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.get("prefix") ?? "") && key > after).toSorted();
  const page = keys.slice(0, pageSize);
  const entries = page.map(
    (key) => `<Contents><Key>${key}</Key><LastModified>${objects.get(key)?.at.toISOString()}</LastModified></Contents>`,
  );
  const next = keys.length > pageSize ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : "";
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${keys.length > pageSize}</IsTruncated>${entries.join("")}${next}</ListBucketResult>`;
};

export const startFakeS3 = async (): Promise<FakeS3> => {
  const objects = new Map<string, Stored>();
  let refused = 0;
  let failure: Parameters<FakeS3["failWrites"]>[0] = null;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === "PUT" && failure === "cut") {
      request.once("data", () => request.destroy());
      return;
    }
    const body = await buffer(request);
    if (!isSigned(request, body)) {
      refused += 1;
      response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
      return;
    }
    const url = new URL(request.url ?? "/", "http://s3.test");
    const key = decodeURIComponent(url.pathname).replace(/^\/bucket\/?/, "");
    const found = objects.get(key);
    if (request.method === "PUT" && failure === "unheard") {
      objects.set(key, { content: body, at: new Date() });
      request.socket.destroy();
    } else if (request.method === "PUT" && typeof failure === "number") response.writeHead(failure).end();
    else if (request.method === "PUT")
      response.writeHead(200, void objects.set(key, { content: body, at: new Date() })).end();
    else if (request.method === "DELETE") response.writeHead(204, void objects.delete(key)).end();
    else if (key === "") response.writeHead(200).end(listing(objects, url.searchParams));
    else if (found === undefined) response.writeHead(404).end();
    else if (request.method === "HEAD") response.writeHead(200, { "content-length": found.content.length }).end();
    else answerRange(response, found.content, request.headers.range);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${accessKey}:${encodeURIComponent(secret)}@127.0.0.1:${port}/bucket/natter/files?region=${region}`,
    refused: () => refused,
    failWrites: (how) => void (failure = how),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
