import { join } from "node:path";
import { startPostgres } from "../src/testing/servers/postgres-server.ts";
import type { PrivateServer } from "../src/testing/servers/private-server.ts";
import { startNatter } from "./natter-target.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

/** A server under test that is running; a direct one has no process of its own. */
export interface RunningTarget {
  readonly server: ServerProcess | null;
  readonly database: PrivateServer | null;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body of a send to a conversation that is there already, where the server keeps them. */
  readonly followUp: string | null;
  stop(): Promise<void>;
}

type StartTarget = (upstream: string) => Promise<RunningTarget>;

const bodies = {
  provider: { model: "{{model}}", stream: true, messages: [{ role: "user", content: "hi" }] },
  aiSdk: {
    id: "{{id}}",
    model: "{{model}}",
    messages: [{ id: "m1", role: "user", parts: [{ type: "text", text: "hi" }] }],
  },
};

const ofServer = async (file: string, upstream: string): Promise<ServerProcess> =>
  startServer({
    args: [join(import.meta.dirname, "servers", file)],
    environment: { UPSTREAM: upstream },
    ready: "/",
  });

const plain = (server: ServerProcess, body: object): RunningTarget => ({
  server,
  database: null,
  url: `${server.url}/chat`,
  headers: {},
  body: JSON.stringify(body),
  followUp: null,
  stop: () => server.stop(),
});

/** Everything that is compared, by the name it has in the table. */
export const targets: Readonly<Record<string, StartTarget>> = {
  direct: async (upstream) => ({
    server: null,
    database: null,
    url: `${upstream}/v1/chat/completions`,
    headers: {},
    body: JSON.stringify(bodies.provider),
    followUp: null,
    stop: async () => {},
  }),
  "raw pipe": async (upstream) => plain(await ofServer("raw-pipe.ts", upstream), bodies.provider),
  "AI SDK on Hono": async (upstream) => plain(await ofServer("ai-sdk.ts", upstream), bodies.aiSdk),
  "Natter on PGlite": (upstream) => startNatter(upstream, null),
  "Natter on PostgreSQL": async (upstream) => startNatter(upstream, await startPostgres({ fsync: true })),
};
