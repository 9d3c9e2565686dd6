import { once } from "node:events";
import { createServer } from "node:http";

/** Waits on loopback for a browser that comes back from signing in. */
export interface CallbackServer {
  readonly url: string;
  /** The URL that the browser came by. */
  readonly called: Promise<URL>;
  close(): void;
}

const page = "<!doctype html><title>Natter</title><p>You may close this page.</p>";

export const createCallbackServer = async (): Promise<CallbackServer> => {
  const { promise: called, resolve } = Promise.withResolvers<URL>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname !== "/callback") {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/html", connection: "close" }).end(page);
    resolve(url);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/callback`,
    called,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
