import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** What the way to a server does to what goes over it, in both directions, until another rule is set. */
export type ProxyRule =
  | { readonly kind: "pass" }
  /** Every piece comes later, in its order. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** Connections stay open, and nothing arrives any more; what was sent meanwhile arrives when the rule is over. */
  | { readonly kind: "blackhole" }
  /** Ends every connection in order, and each new one. */
  | { readonly kind: "drop" }
  /** Resets every connection, and each new one. */
  | { readonly kind: "reset" }
  /** Resets each connection when so many bytes more have come from the server. */
  | { readonly kind: "cut"; readonly bytes: number };

export interface FaultProxy {
  readonly port: number;
  /** Connections that are open. */
  readonly connections: number;
  set(rule: ProxyRule): void;
  close(): Promise<void>;
}

/** What goes one way, in its order whatever the rules were. */
class Lane {
  readonly #pieces: { readonly due: number; readonly carry: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isHeld = false;

  add(delay: number, carry: () => void): void {
    this.#pieces.push({ due: performance.now() + delay, carry });
    this.#pump();
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#pump();
  }

  #pump(): void {
    clearTimeout(this.#timer);
    while (!this.#isHeld) {
      const [piece] = this.#pieces;
      if (piece === undefined) return;
      const wait = piece.due - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#pump(), wait);
        return;
      }
      this.#pieces.shift();
      piece.carry();
    }
  }
}

class Way {
  readonly #incoming: Socket;
  readonly #outgoing: Socket;
  readonly #lanes = [new Lane(), new Lane()] as const;
  #delay = 0;
  #left = Number.POSITIVE_INFINITY;

  constructor(incoming: Socket, outgoing: Socket, rule: ProxyRule) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.set(rule);
    const [there, back] = this.#lanes;
    incoming.on("data", (bytes) => there.add(this.#delay, () => outgoing.write(bytes)));
    outgoing.on("data", (bytes) => back.add(this.#delay, () => this.#answer(bytes)));
    incoming.on("end", () => there.add(this.#delay, () => outgoing.end()));
    outgoing.on("end", () => back.add(this.#delay, () => incoming.end()));
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      from.on("close", () => to.destroySoon());
      // both sides may reset: that is what this is for
      from.on("error", () => to.resetAndDestroy());
    }
  }

  set(rule: ProxyRule): void {
    this.#delay = rule.kind === "delay" ? rule.milliseconds : 0;
    this.#left = rule.kind === "cut" ? rule.bytes : Number.POSITIVE_INFINITY;
    if (rule.kind === "reset") this.reset();
    if (rule.kind === "drop") for (const socket of [this.#incoming, this.#outgoing]) socket.destroy();
    for (const lane of this.#lanes) lane.hold(rule.kind === "blackhole");
  }

  reset(): void {
    for (const socket of [this.#incoming, this.#outgoing]) socket.resetAndDestroy();
  }

  #answer(bytes: Buffer): void {
    this.#incoming.write(bytes.subarray(0, this.#left));
    this.#left -= bytes.length;
    if (this.#left <= 0) setImmediate(() => this.reset());
  }
}

/** A way to a server of this machine that breaks as it is told. `target`: the server's port. */
export const startFaultProxy = async (target: number): Promise<FaultProxy> => {
  const ways = new Set<Way>();
  let rule: ProxyRule = { kind: "pass" };
  const server = createServer({ allowHalfOpen: true }, (incoming) => {
    const outgoing = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    incoming.setNoDelay(true);
    const way = new Way(incoming, outgoing, rule);
    ways.add(way);
    incoming.once("close", () => ways.delete(way));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return ways.size;
    },
    set(next) {
      rule = next;
      for (const way of ways) way.set(next);
    },
    close: () => {
      for (const way of ways) way.reset();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
