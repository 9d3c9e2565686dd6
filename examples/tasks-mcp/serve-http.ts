import { hash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createTaskServer } from "./create-server.ts";
import type { TaskStore } from "./task-store.ts";

const digest = (text: string): Buffer => hash("sha256", text, "buffer");

const isAllowed = ({ headers }: IncomingMessage, token: string): boolean =>
  timingSafeEqual(digest(headers.authorization ?? ""), digest(`Bearer ${token}`));

/** Each request is a session of its own, so that nothing of one user is left for the next. */
const answer = async (store: TaskStore, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const server = createTaskServer(store);
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.once("close", () => void server.close());
  // the SDK's transport says `onclose?: undefined` where its own interface does not
  await server.connect(Object.assign(transport, { onclose: () => {} }));
  await transport.handleRequest(request, response);
};

/** Serves streamable HTTP at `/mcp` to whoever has the token: it may ask for any user's tasks, so only Natter has it. */
export const serveTasks = (store: TaskStore, token: string): Server =>
  createServer((request, response) => {
    if (new URL(request.url ?? "/", "http://tasks").pathname !== "/mcp") response.writeHead(404).end();
    else if (!isAllowed(request, token)) response.writeHead(401, { "www-authenticate": "Bearer" }).end();
    else if (request.method !== "POST") response.writeHead(405, { allow: "POST" }).end();
    else
      answer(store, request, response).catch((thrown: unknown) => {
        console.error(thrown);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
  });
