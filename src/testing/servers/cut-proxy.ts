import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a server that can break. */
export interface CutProxy {
  readonly port: number;
  /** Resets all connections; new ones are refused until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** `target`: the port of the server; a function is asked for each connection. */
export const startCutProxy = async (target: number | (() => number)): Promise<CutProxy> => {
  const sockets = new Set<Socket>();
  let isCut = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // both sides may reset: that is what this is for
    socket.on("error", () => socket.destroy());
  };
  const server = createServer((incoming) => {
    keep(incoming);
    if (isCut) return incoming.resetAndDestroy();
    const outgoing = connect(typeof target === "number" ? target : target(), "127.0.0.1");
    keep(outgoing);
    incoming.pipe(outgoing).pipe(incoming);
    incoming.on("close", () => outgoing.destroy());
    outgoing.on("close", () => incoming.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const reset = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      reset();
    },
    mend: () => void (isCut = false),
    close: () => {
      reset();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
