import { AsyncLocalStorage } from "node:async_hooks";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { Logger } from "../../foundation/logger.ts";
import { serializeError } from "../../foundation/serialize-error.ts";
import type { McpCaller, McpServerConfig, McpServerReport } from "../../protocol/agent/mcp.ts";
import type { Tool, ToolContext, ToolOutcome } from "../../protocol/agent/tool.ts";
import { failed } from "../results.ts";
import type { McpConnection } from "./connection.ts";
import { failureKind, failureText, type FailureKind } from "./explain-failure.ts";
import { readTools } from "./listed-tool.ts";
import { createMcpTool, type CallTool } from "./mcp-tool.ts";
import { changedName, modelNames } from "./tool-names.ts";
import { pinTools, type PinnedTool, type PinStore } from "./pin-tools.ts";
import { readResult } from "./read-result.ts";
import { createRedaction } from "./redact.ts";
import { secretsOf } from "./secrets-of.ts";
import { Sessions, type OpenSession } from "./sessions.ts";

export interface McpServerOptions {
  readonly name: string;
  readonly config: McpServerConfig;
  /** What it is known to list: then it is started by the first call. */
  readonly known?: readonly unknown[] | undefined;
  readonly open: OpenSession;
  readonly pins: PinStore;
  readonly logger: Logger;
}

const listMs = 15_000;
const staleMs = 60_000;
const changeMs = 1_000;
const firstRetryMs = 500;
const longestRetryMs = 30_000;

const unreachable = failed("The tool's server can't be reached now; nothing was done.");

interface Asked {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly context: ToolContext;
}

type Named = readonly [name: string, tool: PinnedTool];

/** One server: looked for in the background, asked for its tools again from time to time, and never waited for by itself. */
export class McpServer {
  readonly #options: McpServerOptions;
  readonly #sessions: Sessions;
  /** What goes on in the background belongs to no request, and to no transaction that may be over by then. */
  readonly #outside = AsyncLocalStorage.snapshot();
  readonly #redact: <Value>(value: Value) => Value;
  #status: McpServerReport["status"];
  #problem: string | null = null;
  #named: readonly Named[] = [];
  #tools: Readonly<Record<string, Tool>> = {};
  #looking: Promise<void> | null = null;
  #lookedAt = 0;
  #failures = 0;
  #retry: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: McpServerOptions) {
    this.#options = options;
    this.#redact = createRedaction(secretsOf(options.config));
    this.#sessions = new Sessions(options.open, {
      onClose: () => this.#lose(),
      onToolsChange: () => {
        // a server that says so each time it is asked must not be asked without end
        if (this.#retry === null) this.#lookIn(changeMs);
      },
    });
    const { known, logger, name } = options;
    this.#status = known === undefined ? "connecting" : "lazy";
    if (known === undefined) return;
    const tools = readTools(known, (fields) =>
      logger.warn({ server: name, ...fields }, "a known MCP tool is unusable"),
    );
    this.#looking = this.#offer(tools).finally(() => (this.#looking = null));
  }

  /** Its tools as agents have them, by the names that models call them by; none while it is down. */
  get tools(): Readonly<Record<string, Tool>> {
    if (this.#status !== "lazy" && Date.now() - this.#lookedAt > staleMs) void this.#look();
    return this.#status === "down" ? {} : this.#tools;
  }

  get report(): McpServerReport {
    const tools = this.#status === "down" ? [] : this.#named;
    return {
      name: this.#options.name,
      status: this.#status,
      problem: this.#problem,
      tools: tools.map(([name, { description, drift, fingerprint }]) => ({ name, description, drift, fingerprint })),
    };
  }

  /** Resolves when it has been looked for once, found or not, or after so many milliseconds. */
  async prepare(milliseconds: number): Promise<void> {
    if (this.#status === "lazy") await this.#looking;
    if (this.#status !== "connecting") return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    await Promise.race([this.#look(), late]);
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry ?? undefined);
    await this.#sessions.close();
  }

  /** Asks for its tools; never rejects. */
  #look(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return (this.#looking ??= this.#outside(() => this.#list()).finally(() => (this.#looking = null)));
  }

  async #list(): Promise<void> {
    const { name, logger } = this.#options;
    this.#lookedAt = Date.now();
    try {
      const connection = await this.#sessions.get(null);
      const listed = await connection.list(AbortSignal.timeout(listMs));
      await this.#offer(
        readTools(listed, (fields) => logger.warn({ server: name, ...fields }, "a tool of an MCP server is left out")),
      );
      this.#found();
    } catch (err) {
      this.#sessions.drop(null);
      this.#fail(err);
    }
  }

  async #offer(listed: Parameters<typeof pinTools>[0]): Promise<void> {
    const { name, config, pins, logger } = this.#options;
    const wanted = config.tools === undefined ? listed : listed.filter((tool) => config.tools?.includes(tool.name));
    const pinned = await pinTools(wanted, config.trust ?? [], pins);
    const before = new Map(this.#named.map(([, tool]) => [tool.name, tool.fingerprint]));
    for (const { name: tool, drift, fingerprint } of pinned) {
      if (drift === "none" || before.get(tool) === fingerprint) continue;
      logger.warn({ server: name, tool, drift, fingerprint }, "a tool of an MCP server is not what was first seen");
    }
    const names = modelNames(
      name,
      pinned.map((tool) => tool.name),
    );
    this.#named = pinned.map((tool, at): Named => {
      const as = names[at] ?? tool.name;
      return [tool.drift === "changed" ? changedName(as, tool.fingerprint) : as, tool];
    });
    const offered = this.#named.filter(([, { drift }]) => drift !== "added");
    this.#tools = Object.fromEntries(offered.map(([as, tool]) => [as, createMcpTool(config, tool, this.#call)]));
  }

  #found(): void {
    this.#status = "ready";
    this.#problem = null;
    this.#failures = 0;
  }

  #fail(thrown: unknown): void {
    const { name, logger } = this.#options;
    const failure = this.#told(thrown);
    this.#status = "down";
    this.#problem = failureKind(thrown) === "timeout" ? "It did not answer in time." : "It can't be reached.";
    logger.warn({ server: name, failure }, "an MCP server can't be reached; its tools are not offered");
    this.#lookAgain();
  }

  /** An error for the log: a server may have put into it what it was sent. */
  #told(thrown: unknown): unknown {
    return this.#redact(serializeError(thrown));
  }

  #lookAgain(): void {
    this.#lookIn(Math.min(longestRetryMs, firstRetryMs * 2 ** this.#failures));
    this.#failures += 1;
  }

  #lookIn(milliseconds: number): void {
    clearTimeout(this.#retry ?? undefined);
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#look();
    }, milliseconds).unref();
  }

  /** Its own session ended: one that is started by calls waits for the next, any other is looked for again. */
  #lose(): void {
    if (this.#isClosed) return;
    if (this.#options.known === undefined) this.#fail(new Error("the session ended"));
    else this.#status = "lazy";
  }

  /** Whose session a call goes through: the user's own where headers depend on the user. */
  #callerOf({ userId, workspaceId }: ToolContext): McpCaller | null {
    const { config } = this.#options;
    return "url" in config && typeof config.headers === "function" ? { userId, workspaceId } : null;
  }

  async #connectionFor(caller: McpCaller | null): Promise<McpConnection | null> {
    const { name, logger } = this.#options;
    try {
      const connection = await this.#outside(() => this.#sessions.get(caller));
      if (this.#status === "lazy") this.#found();
      return connection;
    } catch (thrown) {
      // what one user may not open says nothing of the server
      if (caller === null) this.#fail(thrown);
      else {
        const fields = { server: name, userId: caller.userId, failure: this.#told(thrown) };
        logger.warn(fields, "a user's session with an MCP server can't be opened");
      }
      return null;
    }
  }

  readonly #call: CallTool = (tool, input, context) => this.#callOnce({ tool, input, context }, true);

  async #callOnce(asked: Asked, mayRepeat: boolean): Promise<ToolOutcome> {
    const { tool, input, context } = asked;
    const caller = this.#callerOf(context);
    const connection = await this.#connectionFor(caller);
    context.abortSignal.throwIfAborted();
    if (connection === null) return unreachable;
    let result: CallToolResult;
    try {
      result = await connection.call(tool, input, context);
    } catch (thrown) {
      context.abortSignal.throwIfAborted();
      const kind = this.#explain(thrown, tool);
      if (kind !== "session-gone") return failed(failureText(kind));
      this.#sessions.retire(caller, connection);
      // a server that has forgotten the session has not done the work
      return mayRepeat ? this.#callOnce(asked, false) : failed(failureText(kind));
    }
    return this.#redact(readResult(result));
  }

  #explain(thrown: unknown, tool: string): FailureKind {
    const kind = failureKind(thrown);
    const fields = { server: this.#options.name, tool, kind, failure: this.#told(thrown) };
    this.#options.logger.warn(fields, "a call of an MCP tool failed");
    if (kind === "unreachable" && this.#options.known === undefined) void this.#look();
    return kind;
  }
}
