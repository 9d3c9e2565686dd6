import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { authorize } from "../../auth/authorize.ts";
import { asNatterError, NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { defaultHttpLimits, type HttpDependencies } from "../dependencies.ts";
import type { Seats } from "../admission/seats.ts";
import type { OpenSockets } from "../live/open-sockets.ts";
import type { Session, SocketRoute } from "../live/session.ts";
import { openSocket } from "../live/socket.ts";
import { requestOfUpgrade } from "../live/upgrade-request.ts";
import { Visitor } from "../live/visitor.ts";
import { withoutPrefix } from "./mount-path.ts";
import type { StandingWatch } from "../people/standing-watch.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";

/** Takes over a connection that asks to become a web socket; fits `server.on("upgrade", …)` of `node:http`. */
export type Upgrade = (incoming: IncomingMessage, connection: Duplex, head: Buffer) => void;

type UpgradeDependencies = HttpDependencies & { readonly standing: StandingWatch };

const unidentifiedAtMost = 200;

/** The path below the mount; where nobody said where that is, any prefix counts as it. */
const routeOf = (routes: readonly SocketRoute[], { url = "" }: IncomingMessage, basePath: string): SocketRoute => {
  const path = withoutPrefix(url.split("?", 1)[0] ?? "", basePath);
  const found = routes.find((route) => (basePath === "" ? path.endsWith(route.path) : path === route.path));
  if (found === undefined) throw new NatterError("not_found", "There is no such route.");
  return found;
};

/** Null: no credential came with the request, and one may follow in a frame. */
const principalOf = async (
  { authenticate }: HttpDependencies,
  request: Request,
  incoming: IncomingMessage,
): Promise<Principal | null> => {
  try {
    return await authenticate(request, incoming);
  } catch (thrown) {
    if (request.headers.has("authorization") || asNatterError(thrown).code !== "unauthenticated") throw thrown;
    return null;
  }
};

interface Arrived {
  readonly ws: WebSocket;
  readonly connection: Duplex;
  readonly request: Request;
  readonly incoming: IncomingMessage;
  readonly principal: Principal | null;
}

const converse = (
  { authenticate, logger, limits, standing }: UpgradeDependencies,
  sockets: OpenSockets,
  { open }: SocketRoute,
  { ws, connection, request, incoming, principal }: Arrived,
): void => {
  const viewerBytes = limits?.viewerBytes ?? defaultHttpLimits.viewerBytes;
  let session: Session | undefined;
  const socket = openSocket(ws, { connection, viewerBytes, onMessage: (text) => session?.receive(text) });
  const visitor = new Visitor({ socket, sockets, standing, authenticate, request, incoming, logger });
  const opened = open(visitor);
  session = opened;
  sockets.add({
    socket,
    beat: () => {
      visitor.beat();
      opened.beat();
    },
  });
  if (principal === null) return visitor.expect(limits?.helloMs ?? defaultHttpLimits.helloMs);
  visitor.accept(principal);
  opened.begin(principal);
};

/** The web sockets of an app: behind the same walls and the same authenticator as every request. */
export const createUpgrade = (
  dependencies: UpgradeDependencies & { readonly seats: Seats },
  sockets: OpenSockets,
  routes: readonly SocketRoute[],
): Upgrade => {
  const { walls, logger, metrics, basePath = "" } = dependencies;
  const servers = new Map(
    routes.map(({ path, frameBytes }) => [
      path,
      new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: frameBytes }),
    ]),
  );
  const accept = async (incoming: IncomingMessage, connection: Duplex, head: Buffer): Promise<void> => {
    const request = requestOfUpgrade(incoming);
    walls("UPGRADE", request.headers, incoming.socket.localPort);
    const route = routeOf(routes, incoming, basePath);
    const principal = await principalOf(dependencies, request, incoming);
    if (principal !== null) authorize(principal, "account", "workspace");
    if (sockets.isClosed || (principal === null && sockets.unclaimed >= unidentifiedAtMost))
      throw new NatterError("unavailable", "This server takes no new connections now.", { retryAfter: 1 });
    const seat = dependencies.seats.take(null);
    const over = new AbortController();
    connection.once("close", () => over.abort());
    seat.hold(connection.destroyed ? AbortSignal.abort() : over.signal);
    servers
      .get(route.path)
      ?.handleUpgrade(incoming, connection, head, (ws) =>
        converse(dependencies, sockets, route, { ws, connection, request, incoming, principal }),
      );
    metrics.countRequest(route.path, "GET", 101);
  };
  return (incoming, connection, head) => {
    const requestId = createId();
    // a client that resets the connection is no error of ours
    connection.on("error", () => connection.destroy());
    accept(incoming, connection, head).catch((thrown: unknown) => {
      const error = asNatterError(thrown);
      const path = incoming.url?.split("?", 1)[0];
      if (error.status >= 500) logger.warn({ error, requestId, path }, "an upgrade was refused");
      return refuseUpgrade(connection, error, requestId);
    });
  };
};
