import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a receiver of webhooks got it. */
export interface Received {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers a request, or does not. */
export type Reaction = (response: ServerResponse, received: Received) => void;

export interface WebhookReceiver {
  /** As `http://127.0.0.1:40000`. */
  readonly url: string;
  /** Everything that came, whole, in its order. */
  readonly received: readonly Received[];
  /** What it does from now on. */
  react(reaction: Reaction): void;
  close(): Promise<void>;
}

export const accept: Reaction = (response) => void response.writeHead(204).end();

/** A server on loopback that writes down what it is told. */
export const createWebhookReceiver = async (): Promise<WebhookReceiver> => {
  const received: Received[] = [];
  let react = accept;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { url: path = "", method = "", headers } = request;
    const one = { path, method, headers, body: Buffer.concat(pieces).toString() };
    received.push(one);
    react(response, one);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    react: (reaction) => void (react = reaction),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
