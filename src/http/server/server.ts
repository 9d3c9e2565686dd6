import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Http } from "../app.ts";
import { createNodeHandler } from "./node-handler.ts";

export interface ServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** A server that listens. */
export interface HttpServer {
  readonly port: number;
  /** Takes no new connection, ends every stream with a `retry`, lets requests end for `seconds`, then cuts them off. */
  close(seconds: number): Promise<void>;
}

/** Serves Natter by itself. Rejects when the address can't be had. */
export const startServer = async (http: Http, { host, port }: ServerOptions): Promise<HttpServer> => {
  const handler = createNodeHandler(http);
  const server = createServer(
    // no requestTimeout: each body has its own time, which a large file that comes steadily may take;
    // idle connections stay longer than at usual load balancers, so that a request never meets one that is closing
    { headersTimeout: 15_000, requestTimeout: 0, connectionsCheckingInterval: 5_000, keepAliveTimeout: 65_000 },
    handler,
  );
  server.on("upgrade", handler.upgrade);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
    typeof address === "object" && address !== null;
  const address = server.address();
  return {
    port: isAddress(address) ? address.port : port,
    close: (seconds) =>
      new Promise((resolve, reject) => {
        http.beginDrain();
        const cut = setTimeout(() => server.closeAllConnections(), seconds * 1000);
        server.close((error) => {
          clearTimeout(cut);
          if (error === undefined) resolve();
          else reject(error);
        });
        http.closeStreams();
        server.closeIdleConnections();
      }),
  };
};
