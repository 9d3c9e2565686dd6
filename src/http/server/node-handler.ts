import { getRequestListener } from "@hono/node-server";
import { IncomingMessage, ServerResponse } from "node:http";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Http } from "../app.ts";
import { problemResponse } from "../problem.ts";
import type { Upgrade } from "./upgrade.ts";

/** Answers Node's own request and response; fits `http.createServer`, Express, Connect and Fastify's raw pair. */
export interface NodeHandler {
  (incoming: IncomingMessage, outgoing: ServerResponse): void;
  /**
   * Takes Natter's web sockets (`/v1/live`, `/v1/ws`). Node gives upgrades to the server, never to a router: hand it those
   * below the mount. Without `basePath` in the configuration any prefix counts as the mount.
   *
   * @example
   * const handler = natter.node();
   * app.use("/natter", handler);
   * server.on("upgrade", (request, socket, head) => {
   *   if (request.url?.startsWith("/natter/")) handler.upgrade(request, socket, head);
   * });
   */
  readonly upgrade: Upgrade;
}

/**
 * Natter as a Node request handler. Works behind body parsers (it takes `incoming.body` when the stream is consumed) and
 * under a mount, with the prefix stripped or not. It leaves Node's global `Request` and `Response` alone.
 */
export const createNodeHandler = (http: Pick<Http, "fetch" | "serve" | "upgrade">): NodeHandler => {
  const listener = getRequestListener(
    (request, { incoming, outgoing }) => {
      const isHttp1 = incoming instanceof IncomingMessage && outgoing instanceof ServerResponse;
      return isHttp1 ? http.serve(request, incoming, outgoing) : http.fetch(request);
    },
    {
      overrideGlobalObjects: false,
      errorHandler: (cause) =>
        problemResponse(
          new NatterError("invalid_request", "The request line or the Host header is not valid.", { cause }),
          createId(),
        ),
    },
  );
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => void listener(incoming, outgoing);
  return Object.assign(handle, { upgrade: http.upgrade });
};
