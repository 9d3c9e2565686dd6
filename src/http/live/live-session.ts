import { asNatterError, NatterError } from "../../foundation/errors.ts";
import { parsePosition } from "../../protocol/message/frames.ts";
import { liveRequestSchema, type LiveAnswer, type LiveRequest } from "../../protocol/live.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { SeenPosition } from "../streams/last-event-id.ts";
import { detailOf } from "../problem.ts";
import { Attention } from "./attention.ts";
import type { LiveDependencies } from "./dependencies.ts";
import { hintOf } from "./hint-hub.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import type { Session, SocketRoute } from "./session.ts";
import { closeCodes } from "./socket.ts";
import type { SaidIdentity } from "./upgrade-request.ts";
import type { Visitor } from "./visitor.ts";

const frameBytes = 65_536;

const parse = (text: Buffer): LiveRequest => {
  let json: unknown;
  try {
    json = JSON.parse(text.toString());
  } catch (cause) {
    throw new NatterError("invalid_json", "This frame is not JSON.", { cause });
  }
  const parsed = liveRequestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new NatterError("invalid_request", "There is no such frame, or a member of it is not valid.", {
    cause: parsed.error,
  });
};

const seenOf = (lastEventId: string | undefined): SeenPosition | null => {
  if (lastEventId === undefined) return null;
  const seen = parsePosition(lastEventId);
  if (seen === null) throw new NatterError("invalid_request", "lastEventId must be the id of an event.");
  return seen;
};

/** What a refusal is about. */
const subjectOf = (request: LiveRequest | null): { completionId?: string; conversationId?: string } => {
  if (request === null || request.type === "hello") return {};
  return "completionId" in request
    ? { completionId: request.completionId }
    : { conversationId: request.conversationId };
};

/** The frames of one `/v1/live` socket. */
class LiveSession implements Session {
  readonly #dependencies: LiveDependencies;
  readonly #visitor: Visitor;
  readonly #inbox: Inbox;
  #attention: Attention | null = null;
  #stopListening = (): void => {};
  #isFirst = true;

  constructor(dependencies: LiveDependencies, visitor: Visitor) {
    this.#dependencies = dependencies;
    this.#visitor = visitor;
    this.#inbox = createInbox(visitor.socket, dependencies.logger);
    visitor.socket.signal.addEventListener("abort", () => this.#stopListening(), { once: true });
  }

  begin(principal: Principal): void {
    this.#inbox.add(() => this.#welcome(principal));
  }

  receive(text: Buffer): void {
    this.#inbox.add(() => this.#receive(text));
  }

  beat(): void {
    this.#tell({ type: "ping" });
  }

  #tell(answer: LiveAnswer): void {
    this.#visitor.socket.send(JSON.stringify(answer));
  }

  async #welcome(principal: Principal): Promise<void> {
    const { userId, workspaceId, role } = principal;
    const { hints } = this.#dependencies;
    const tell = (answer: LiveAnswer): void => this.#tell(answer);
    this.#stopListening();
    this.#attention?.end();
    this.#attention = new Attention({ dependencies: this.#dependencies, socket: this.#visitor.socket, tell });
    this.#stopListening = hints.ofOwner(principal, (signal) => tell({ type: "hint", ...hintOf(signal) }));
    if (this.#visitor.socket.signal.aborted) this.#stopListening();
    // only then may the client read its lists: what changes afterwards is told
    await hints.ready();
    tell({ type: "welcome", userId, workspaceId, role });
  }

  async #receive(text: Buffer): Promise<void> {
    let request: LiveRequest | null = null;
    try {
      request = parse(text);
      await (request.type === "hello" ? this.#greet(request) : this.#answer(request));
    } catch (thrown) {
      const error = asNatterError(thrown);
      if (error.code === "internal") this.#dependencies.logger.error({ error }, "a frame could not be answered");
      this.#tell({ type: "refused", ...subjectOf(request), code: error.code, message: detailOf(error) });
      if (request?.type === "hello" || error.code === "unauthenticated")
        this.#visitor.socket.close(closeCodes.unknown, "Come back with a valid token.");
    } finally {
      this.#isFirst = false;
    }
  }

  async #greet(said: SaidIdentity): Promise<void> {
    if (!this.#isFirst) throw new NatterError("conflict", "Only the first frame can say who you are.");
    await this.#welcome(await this.#visitor.identify(said));
  }

  async #answer(request: Exclude<LiveRequest, { type: "hello" }>): Promise<void> {
    const { principal } = this.#visitor;
    const attention = this.#attention;
    if (principal === null || attention === null)
      throw new NatterError("unauthenticated", "Say who you are first: send hello with a token.");
    switch (request.type) {
      case "subscribe":
        return attention.subscribe(principal, request.conversationId);
      case "unsubscribe":
        return attention.unsubscribe(request.conversationId);
      case "presence":
        return attention.setWriting(request.conversationId, request.isWriting);
      case "watch":
        return attention.watch(principal, request.completionId, seenOf(request.lastEventId));
      case "unwatch":
        return attention.unwatch(request.completionId);
    }
  }
}

/** `/v1/live`: hints, presence and the chunks of any number of completions over one socket. See docs/live.md. */
export const liveRoute = (dependencies: LiveDependencies): SocketRoute => ({
  path: "/v1/live",
  frameBytes,
  open: (visitor) => new LiveSession(dependencies, visitor),
});
