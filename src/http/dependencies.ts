import type { ApiKeys } from "../auth/api-keys.ts";
import type { Authenticate } from "../auth/authenticator.ts";
import type { Accounts } from "../people/accounts/accounts.ts";
import type { ConversationContext } from "../conversations/context.ts";
import type { Logger } from "../foundation/logger.ts";
import type { BudgetPolicy } from "../completions/money/budgets.ts";
import type { AcceptLayers } from "../middleware/pipeline.ts";
import type { ChunkLog } from "../ports/chunk-log.ts";
import type { AdminServer } from "../protocol/admin/server.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { McpServers } from "../tools/mcp/mcp-servers.ts";
import type { HttpMetrics } from "./metrics.ts";
import type { CallerAddress } from "./admission/caller-address.ts";
import type { Limiter } from "./admission/limiter.ts";
import type { CheckWalls } from "./server/walls.ts";

export interface HttpLimits {
  /** Bytes of a JSON body, at most. */
  readonly bodyBytes: number;
  /** Milliseconds in which a body must arrive. */
  readonly bodyMs: number;
  /** Milliseconds that `stream: false` waits for the answer. */
  readonly answerMs: number;
  /** Bytes that a viewer may lag behind before it is disconnected. */
  readonly viewerBytes: number;
  /** Milliseconds in which a web socket must say who is there. */
  readonly helloMs: number;
  /** Requests of known callers at a time; open streams and waits are not counted. */
  readonly requests: number;
  /** Event streams and sockets on this node. */
  readonly viewers: number;
  /** Event streams of one user on this node. */
  readonly viewersPerUser: number;
}

export const defaultHttpLimits: HttpLimits = {
  bodyBytes: 1_048_576,
  bodyMs: 15_000,
  answerMs: 30_000,
  viewerBytes: 1_048_576,
  helloMs: 5_000,
  requests: 1_000,
  viewers: 10_000,
  viewersPerUser: 250,
};

/** What `createHttp` needs; the composition root makes it. */
export interface HttpDependencies {
  readonly context: ConversationContext;
  readonly log: ChunkLog;
  readonly logger: Logger;
  readonly authenticate: Authenticate;
  readonly keys: Pick<ApiKeys, "forget">;
  /** Built-in accounts; absent: there are none. */
  readonly accounts?: Accounts | undefined;
  /** What this node remembers of a user is forgotten; absent: nothing is remembered. */
  readonly forgetUser?: ((userId: string) => void) | undefined;
  /** From where a request comes; absent: the socket's other end. */
  readonly callerAddress?: CallerAddress | undefined;
  readonly walls: CheckWalls;
  readonly metrics: HttpMetrics;
  /** Servers whose tools agents have; absent: none. */
  readonly mcp?: Pick<McpServers, "names" | "prepare" | "reports"> | undefined;
  /** Hosts and networks that webhooks may lead to although they are not public; absent: none. */
  readonly egressAllow?: readonly string[] | undefined;
  /** Token that opens `/metrics` without a principal. */
  readonly metricsToken?: string | undefined;
  /** What must hold before this node takes requests, by name; it should answer within a second. */
  readonly readiness: () => Promise<Readonly<Record<string, boolean>>>;
  /** Loopback mode: the token that `/login` turns into a cookie. */
  readonly loopback?: { readonly token: string; readonly cookie: () => string } | undefined;
  /** Where a host has mounted Natter, as `/natter`; empty at the root. */
  readonly basePath?: string | undefined;
  /** Where the built web app lies; absent: it is not served. */
  readonly appDirectory?: string | undefined;
  readonly limits?: Partial<HttpLimits> | undefined;
  /** The middleware around accepting a message; absent: none. */
  readonly accept?: AcceptLayers | undefined;
  /** The budgets that model calls are held to; absent: none. */
  readonly budgets?: BudgetPolicy | undefined;
  /** What is limited by time; absent: nothing. */
  readonly limiter?: Limiter | undefined;
  /** False: only `/healthz`, `/readyz` and `/metrics` answer, as on a node that only works. Default true. */
  readonly servesRequests?: boolean | undefined;
  readonly version: string;
  /** What the server tells of itself to an owner or admin; absent: nothing. */
  readonly server?: ((principal: Principal) => Promise<AdminServer>) | undefined;
}
