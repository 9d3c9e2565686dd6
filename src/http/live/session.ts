import type { Principal } from "../../protocol/people/principal.ts";
import type { Visitor } from "./visitor.ts";

/** What answers the frames of one web socket. */
export interface Session {
  /** It is known who is there by the request that opened the socket. */
  begin(principal: Principal): void;
  receive(text: Buffer): void;
  /** Called every 20 s. */
  beat(): void;
}

export type OpenSession = (visitor: Visitor) => Session;

/** A place that web sockets can be opened at. */
export interface SocketRoute {
  /** As `/v1/live`. */
  readonly path: string;
  /** Bytes of a frame, at most. */
  readonly frameBytes: number;
  readonly open: OpenSession;
}
