import type { IncomingMessage } from "node:http";
import type { Authenticate } from "../../auth/authenticator.ts";
import { authorize } from "../../auth/authorize.ts";
import { asNatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { StandingWatch } from "../people/standing-watch.ts";
import type { OpenSockets } from "./open-sockets.ts";
import { closeCodes, type OpenSocket } from "./socket.ts";
import { withIdentity, type SaidIdentity } from "./upgrade-request.ts";

export interface VisitorOptions {
  readonly socket: OpenSocket;
  readonly sockets: OpenSockets;
  readonly standing: Pick<StandingWatch, "watch">;
  readonly authenticate: Authenticate;
  readonly request: Request;
  readonly incoming: IncomingMessage;
  readonly logger: Logger;
}

/** A suspension or the end of a token bites after so many beats. */
const beatsBetweenChecks = 3;
const passing: readonly string[] = ["unavailable", "internal"];

/** Who is at the other end of a web socket: known from the request that opened it, or from what it says since. */
export class Visitor {
  readonly #options: VisitorOptions;
  #principal: Principal | null = null;
  #watched = new AbortController();
  #said: SaidIdentity = {};
  #beats = 0;

  constructor(options: VisitorOptions) {
    this.#options = options;
  }

  get socket(): OpenSocket {
    return this.#options.socket;
  }

  /** Null: nobody known yet. */
  get principal(): Principal | null {
    return this.#principal;
  }

  /** Takes who the request said it was. @throws NatterError `forbidden` for a key that may not read */
  accept(principal: Principal): void {
    authorize(principal, "account", "workspace");
    const isFirst = this.#principal === null;
    this.#principal = principal;
    if (isFirst) this.#options.sockets.claim(this.socket, principal.userId);
    this.#watch(principal);
  }

  /** It is cut as soon as the person may not be here any more; one who said who they are again is watched as that. */
  #watch(principal: Principal): void {
    const { socket, standing } = this.#options;
    this.#watched.abort();
    this.#watched = new AbortController();
    standing.watch(principal, {
      signal: AbortSignal.any([socket.signal, this.#watched.signal]),
      cut: () => socket.close(closeCodes.unknown, "You may not be here any more; come back with a valid token."),
      recheck: () => void this.#check(principal),
    });
  }

  /** Gives it time to say who it is. */
  expect(milliseconds: number): void {
    const { socket } = this.#options;
    const timer = setTimeout(() => {
      if (this.#principal === null) socket.close(closeCodes.unknown, "Say who you are first.");
    }, milliseconds);
    socket.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  /** @throws NatterError as Authenticate */
  async identify(said: SaidIdentity): Promise<Principal> {
    const principal = await this.#authenticate(said);
    this.#said = said;
    this.accept(principal);
    return principal;
  }

  /** Called every 20 s: looks from time to time whether it still is who it was. */
  beat(): void {
    this.#beats += 1;
    if (this.#beats % beatsBetweenChecks === 0 && this.#principal !== null) void this.#check(this.#principal);
  }

  async #check(before: Principal): Promise<void> {
    const { socket, logger } = this.#options;
    try {
      const now = await this.#authenticate(this.#said);
      const isSame = now.userId === before.userId && now.workspaceId === before.workspaceId;
      if (isSame) this.#principal = now;
      else socket.close(closeCodes.unknown, "You are somebody else now; come back.");
    } catch (thrown) {
      const error = asNatterError(thrown);
      if (passing.includes(error.code)) logger.warn({ error }, "an open socket's identity could not be checked");
      else socket.close(closeCodes.unknown, "You may not be here any more; come back with a valid token.");
    }
  }

  #authenticate(said: SaidIdentity): Promise<Principal> {
    const { authenticate, request, incoming } = this.#options;
    return authenticate(withIdentity(request, said), incoming);
  }
}
