import { SignJWT } from "jose";
import { createApiKeys } from "../../auth/api-keys.ts";
import { createAuthenticator, type IdentitySources } from "../../auth/authenticator.ts";
import { createPrincipalCache } from "../../auth/principal-cache.ts";
import type { ConversationContext } from "../../conversations/context.ts";
import { createId } from "../../foundation/ids.ts";
import { silentLogger, type Logger } from "../../foundation/logger.ts";
import { createHttp, type Http } from "../../http/app.ts";
import type { HttpDependencies } from "../../http/dependencies.ts";
import type { HttpMetrics } from "../../http/metrics.ts";
import { createWalls } from "../../http/server/walls.ts";
import { createAccounts } from "../../people/accounts/accounts.ts";
import type { Role } from "../../protocol/people/principal.ts";
import type { Frame } from "../../protocol/message/frames.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import { createSpine, type Spine, type SpineOptions } from "../spine.ts";
import { createAnswerCheck } from "./answer-check.ts";

export const testSecret = "a secret for tests, long enough for HS256";

/** Counts nothing. */
const silentMetrics: HttpMetrics = {
  countRequest: () => {},
  watchViewers: () => {},
  render: async () => ({ contentType: "text/plain", text: "" }),
};

export interface Someone {
  readonly subject?: string;
  readonly workspace?: string;
  readonly role?: Role;
}

/** A token as the test operator signs it: the claims `workspace` and `role` are trusted. */
export const tokenFor = ({ subject = createId(), workspace, role }: Someone = {}): Promise<string> =>
  new SignJWT({ ...(workspace === undefined ? {} : { workspace }), ...(role === undefined ? {} : { role }) })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(subject)
    .setExpirationTime("1h")
    .sign(Buffer.from(testSecret));

export interface WebOptions extends SpineOptions {
  readonly sources?: IdentitySources;
  readonly logger?: Logger;
  readonly dependencies?: Partial<HttpDependencies>;
  /** Changes what the rooms below HTTP work with. */
  readonly changeContext?: (context: ConversationContext) => ConversationContext;
  /** Turns built-in accounts on; `setup` is the token that makes the first one. */
  readonly accounts?: { readonly signUp: "invited" | "open"; readonly setup: string };
}

export interface Ask {
  readonly method?: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Natter's HTTP surface in this process, over a spine. */
export interface Web {
  readonly spine: Spine;
  readonly http: Http;
  /** One request; `body` goes as JSON. Rejects when a success is not what the route's description says. */
  ask(path: string, options?: Ask): Promise<Response>;
  close(): Promise<void>;
}

export const requestOf = (
  path: string,
  { method, token, body, headers }: Ask = {},
  origin = "http://natter.test",
): Request =>
  new Request(`${origin}${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });

export const createWeb = async ({
  sources,
  logger = silentLogger,
  dependencies,
  changeContext = (context) => context,
  accounts: given,
  ...options
}: WebOptions): Promise<Web> => {
  const spine = await createSpine(options);
  const tokens = { jwt: { secret: testSecret }, claims: { workspace: "workspace", role: "role" } };
  const cache = createPrincipalCache();
  const accounts =
    given === undefined
      ? undefined
      : createAccounts({
          database: options.database,
          logger,
          secret: testSecret,
          signUp: given.signUp,
          isSetupToken: (token) => token === given.setup,
        });
  const keys = createApiKeys(options.database, cache);
  const http = createHttp({
    context: changeContext(spine.context),
    log: spine.log,
    logger,
    keys,
    forgetUser: (userId) => cache.forgetUser(userId),
    authenticate: createAuthenticator(options.database, { cache, keys, accounts, ...(sources ?? { tokens }) }),
    accounts,
    walls: createWalls({ loopback: null, hasAmbientIdentity: accounts !== undefined }),
    metrics: silentMetrics,
    readiness: async () => ({ database: true }),
    version: "0.0.0",
    ...dependencies,
  });
  const check = createAnswerCheck(http.routes);
  const ask: Web["ask"] = async (path, asked) => {
    const request = requestOf(path, asked);
    const { method, url } = request;
    const response = await http.fetch(request);
    await check({ method, url }, response);
    return response;
  };
  return { spine, http, ask, close: () => spine.close() };
};

/** Reads an SSE response frame by frame; `done` tells whether it ended with `[DONE]`. */
export async function* framesOf(response: Response): AsyncGenerator<Frame | "[DONE]" | { readonly retry: number }> {
  let rest = "";
  if (response.body === null) return;
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + piece).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const fields = new Map(
        event.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
      );
      const [data, id, retry] = [fields.get("data"), fields.get("id"), fields.get("retry")];
      if (retry !== undefined) yield { retry: Number(retry) };
      else if (data === "[DONE]") yield "[DONE]";
      else if (data !== undefined) yield { ...(id === undefined ? {} : { id }), chunk: JSON.parse(data) as Chunk };
    }
  }
}

export interface ReadStream {
  readonly frames: readonly Frame[];
  readonly chunks: readonly Chunk[];
  readonly isDone: boolean;
  readonly retry: number | null;
}

/** Reads an SSE response to its end. */
export const readStream = async (response: Response): Promise<ReadStream> => {
  const frames: Frame[] = [];
  let isDone = false;
  let retry: number | null = null;
  for await (const frame of framesOf(response)) {
    if (frame === "[DONE]") isDone = true;
    else if ("retry" in frame) retry = frame.retry;
    else frames.push(frame);
  }
  return { frames, chunks: frames.map(({ chunk }) => chunk), isDone, retry };
};

/** What the text deltas of a stream add up to. */
export const spokenText = (chunks: readonly Chunk[]): string =>
  chunks.map((chunk) => (chunk.type === "text-delta" ? chunk.delta : "")).join("");
