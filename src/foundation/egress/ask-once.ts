import { Agent as HttpAgent, request as requestHttp, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import type { Target } from "./check-url.ts";
import type { ResolvedAddress } from "./resolve-target.ts";

/** One request to a target whose addresses are known. */
export interface Question {
  readonly method: string;
  readonly headers: Headers;
  readonly body: Buffer | null;
  readonly signal: AbortSignal;
}

/** Bytes of an answer's headers, at most. */
const maxHeaderSize = 16_384;

/** Of our own, and without kept sockets: one that somebody else opened was never checked. */
const agents = { http: new HttpAgent({ keepAlive: false }), https: new HttpsAgent({ keepAlive: false }) };

/** Answers the checked addresses, whatever is asked: the name is not resolved a second time. */
const pinnedLookup =
  (addresses: readonly [ResolvedAddress, ...ResolvedAddress[]]): LookupFunction =>
  (_hostname, options, callback) => {
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, addresses[0].address, addresses[0].family);
  };

/** Sends a request to the checked addresses and to no others; resolves with the head of the answer. */
export const askOnce = (
  { url, hostname, port }: Target,
  addresses: readonly [ResolvedAddress, ...ResolvedAddress[]],
  { method, headers, body, signal }: Question,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const options = {
      method,
      hostname,
      port,
      path: `${url.pathname}${url.search}`,
      headers: { ...Object.fromEntries(headers), host: url.host },
      lookup: pinnedLookup(addresses),
      maxHeaderSize,
    };
    const request: ClientRequest =
      url.protocol === "https:"
        ? requestHttps({ ...options, agent: agents.https })
        : requestHttp({ ...options, agent: agents.http });
    const abort = (): void => void request.destroy(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    request.once("close", () => signal.removeEventListener("abort", abort));
    request.once("response", (answer) => {
      signal.addEventListener("abort", () => answer.destroy(signal.reason), { once: true });
      resolve(answer);
    });
    request.once("error", reject);
    request.once("upgrade", (_response, socket) => {
      socket.destroy();
      reject(new Error("the server switched protocols"));
    });
    request.end(body ?? undefined);
  });
