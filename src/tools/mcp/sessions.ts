import type { McpCaller } from "../../protocol/agent/mcp.ts";
import type { McpConnection, McpListener } from "./connection.ts";

/** Opens a session with a server; null: Natter's own. */
export type OpenSession = (caller: McpCaller | null, listener: McpListener) => Promise<McpConnection>;

const idleMs = 300_000;
const mostSessions = 1_000;
const shared = "";

interface Session {
  readonly opening: Promise<McpConnection>;
  connection: McpConnection | null;
  idle: NodeJS.Timeout | null;
}

const keyOf = (caller: McpCaller | null): string =>
  caller === null ? shared : JSON.stringify([caller.workspaceId, caller.userId]);

/** The sessions with one server: one of Natter's own, and one of each user where users have their own. */
export class Sessions {
  readonly #open: OpenSession;
  readonly #listener: McpListener;
  readonly #sessions = new Map<string, Session>();

  constructor(open: OpenSession, listener: McpListener) {
    this.#open = open;
    this.#listener = listener;
  }

  /** The session of a caller, opened when there is none; two who ask at once get the same. */
  get(caller: McpCaller | null): Promise<McpConnection> {
    const key = keyOf(caller);
    const known = this.#sessions.get(key);
    const session = known ?? this.#start(key, caller);
    session.idle?.refresh();
    return session.opening;
  }

  /** Ends the session of a caller, with the calls that it carries; the next call opens another. */
  drop(caller: McpCaller | null): void {
    void this.#end(keyOf(caller));
  }

  /** Uses a session for no further call; those that it carries go on. */
  retire(caller: McpCaller | null, connection: McpConnection): void {
    const key = keyOf(caller);
    if (this.#sessions.get(key)?.connection === connection) this.#forget(key);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((key) => this.#end(key)));
  }

  #start(key: string, caller: McpCaller | null): Session {
    const listener = this.#listener;
    const opening = this.#open(caller, {
      onToolsChange: () => listener.onToolsChange(),
      onClose: () => {
        if (this.#sessions.get(key) !== session) return;
        this.#forget(key);
        if (key === shared) listener.onClose();
      },
    });
    const idle = key === shared ? null : setTimeout(() => void this.#end(key), idleMs).unref();
    const session: Session = { opening, idle, connection: null };
    this.#sessions.set(key, session);
    if (this.#sessions.size > mostSessions) this.#forgetOldest();
    opening.then(
      (connection) => (session.connection = connection),
      () => {
        if (this.#sessions.get(key) === session) this.#forget(key);
      },
    );
    return session;
  }

  #forgetOldest(): void {
    const oldest = [...this.#sessions.keys()].find((key) => key !== shared);
    if (oldest !== undefined) this.#forget(oldest);
  }

  #forget(key: string): void {
    clearTimeout(this.#sessions.get(key)?.idle ?? undefined);
    this.#sessions.delete(key);
  }

  async #end(key: string): Promise<void> {
    const session = this.#sessions.get(key);
    this.#forget(key);
    // one that never opened has nothing to close, and one that is broken says so when it is closed
    await session?.opening.then((connection) => connection.close()).catch(() => {});
  }
}
