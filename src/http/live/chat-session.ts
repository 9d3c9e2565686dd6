import { setImmediate as nextTurn } from "node:timers/promises";
import { permitOf } from "../../auth/authorize.ts";
import { bearerToken, unauthenticated } from "../../auth/credentials.ts";
import { findAttachable } from "../../completions/read.ts";
import { asNatterError, NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import { withinRequest } from "../../foundation/request-scope.ts";
import { socketRequestSchema, type SocketAnswer, type SocketRequest } from "../../protocol/ai-sdk-socket.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { acceptFrame } from "../accept/accept-frame.ts";
import { BodyReducer } from "../ai-sdk/body-reducer.ts";
import { showRequest } from "../ai-sdk/show-request.ts";
import { untilWaiting, type WaitingDependencies } from "../ai-sdk/until-waiting.ts";
import type { EventStream } from "../streams/event-stream.ts";
import { parseJsonBody } from "../request/json-body.ts";
import { detailOf } from "../problem.ts";
import { findShowing, show, type Showing } from "../streams/view.ts";
import { openChunkStream } from "./chunk-stream.ts";
import { endWhenHidden } from "./end-when-hidden.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import type { Session, SocketRoute } from "./session.ts";
import { closeCodes } from "./socket.ts";
import type { Visitor } from "./visitor.ts";

const frameBytes = 25_165_824;
const messageBytes = 16_777_216;
const otherBytes = 1_048_576;
const bytesPerTurn = 262_144;
const responsesAtMost = 16;
/** History at a time: all responses of a socket together must not make it look slow. */
const pageBytes = 32_768;

type Asking = Exclude<SocketRequest, { type: "abort" }>;

/** A frame carries the whole history: only the last message is kept, and others have their turn while it is read. */
const parse = async (text: Buffer): Promise<SocketRequest> => {
  const reducer = new BodyReducer({ outerBytes: otherBytes, messageBytes, bodyBytes: frameBytes });
  for (let at = 0; at < text.length; at += bytesPerTurn) {
    if (at > 0) await nextTurn();
    reducer.push(text.subarray(at, at + bytesPerTurn));
  }
  return socketRequestSchema.parse(parseJsonBody(reducer.end()));
};

/** The frames of one `/v1/ws` socket. */
class ChatSession implements Session {
  readonly #dependencies: WaitingDependencies;
  readonly #visitor: Visitor;
  readonly #inbox: Inbox;
  readonly #responses = new Map<string, EventStream>();

  constructor(dependencies: WaitingDependencies, visitor: Visitor) {
    this.#dependencies = dependencies;
    this.#visitor = visitor;
    this.#inbox = createInbox(visitor.socket, dependencies.logger);
  }

  begin(): void {}

  beat(): void {}

  receive(text: Buffer): void {
    const scope = { requestId: createId(), traceparent: null, arrivedAt: Date.now() };
    this.#inbox.add(() => withinRequest(scope, () => this.#receive(text)));
  }

  async #receive(text: Buffer): Promise<void> {
    let request: SocketRequest;
    try {
      request = await parse(text);
    } catch (thrown) {
      const { message } = asNatterError(thrown);
      this.#dependencies.logger.debug({ message }, "a frame is none of WebSocketChatTransport's");
      return this.#visitor.socket.close(closeCodes.policy, "This is no frame of WebSocketChatTransport.");
    }
    // it only stops to listen: useChat sends it whenever a page is left
    if (request.type === "abort") return this.#responses.get(request.requestId)?.end();
    try {
      await this.#respond(request);
    } catch (thrown) {
      const error = asNatterError(thrown);
      if (error.code === "internal") this.#dependencies.logger.error({ error }, "a frame could not be answered");
      this.#tell({ type: "error", requestId: request.requestId, errorText: detailOf(error) });
    }
  }

  async #respond(request: Asking): Promise<void> {
    const { requestId } = request;
    if (this.#responses.size >= responsesAtMost || this.#responses.has(requestId))
      throw new NatterError("rate_limited", "Too many answers are being followed here at once; wait for one to end.");
    const principal = await this.#principalOf(request);
    const showing = await (request.type === "send"
      ? this.#accept(principal, request)
      : this.#resume(principal, request));
    if (showing === null) return this.#tell({ type: "no-active", requestId });
    const stream = openChunkStream(this.#visitor.socket, requestId);
    if (stream.signal.aborted) return;
    this.#responses.set(requestId, stream);
    stream.signal.addEventListener("abort", () => this.#responses.delete(requestId), { once: true });
    this.#tell({ type: "start", requestId });
    show(this.#dependencies, stream, showing, pageBytes);
    endWhenHidden(this.#dependencies.hints, principal, request.id, stream);
  }

  /** Browsers can set no header when they open a socket: the transport's ride in each frame. */
  async #principalOf({ headers }: Asking): Promise<Principal> {
    const given = new Headers(Object.entries(headers).filter(([name]) => name.toLowerCase() === "authorization"));
    const token = bearerToken(given);
    if (token !== null) return this.#visitor.identify({ token, workspaceId: headers["natter-workspace"] });
    if (this.#visitor.principal === null) throw unauthenticated();
    return this.#visitor.principal;
  }

  async #accept(principal: Principal, request: Extract<SocketRequest, { type: "send" }>): Promise<Showing> {
    const { body, id, trigger, messageId, messages } = request;
    const verdict = await this.#dependencies.limiter?.send(principal.userId);
    if (verdict !== undefined && verdict.refusal !== null) throw verdict.refusal;
    return acceptFrame(this.#dependencies, principal, { ...body, id, trigger, messageId, messages }, (told) =>
      showRequest(this.#dependencies, principal, told),
    );
  }

  /** Null: nothing runs or waits there, or it is not there to see. */
  async #resume(principal: Principal, { id }: Asking): Promise<Showing | null> {
    const { database } = this.#dependencies.context;
    try {
      const found = await findAttachable(database, principal, id, permitOf(principal, "read"));
      if (found === null) return null;
      return untilWaiting(this.#dependencies, await findShowing(this.#dependencies, found, null), id);
    } catch (thrown) {
      if (asNatterError(thrown).code === "not_found") return null;
      throw thrown;
    }
  }

  #tell(answer: SocketAnswer): void {
    this.#visitor.socket.send(JSON.stringify(answer));
  }
}

/** `/v1/ws`: the frames of AI SDK 7's `WebSocketChatTransport`. See docs/live.md. */
export const chatSocketRoute = (dependencies: WaitingDependencies): SocketRoute => ({
  path: "/v1/ws",
  frameBytes,
  open: (visitor) => new ChatSession(dependencies, visitor),
});
