import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { createMemoryLog } from "../../drivers/log/log-memory.ts";
import { createMemorySignals } from "../../drivers/signals/signals-memory.ts";
import { createRedisSignals } from "../../drivers/signals/signals-redis.ts";
import type { Worker } from "../../engine/worker.ts";
import { createId } from "../../foundation/ids.ts";
import { suspendEverywhere } from "../../people/suspend.ts";
import type { Database } from "../../ports/database.ts";
import type { Signals } from "../../ports/signals.ts";
import { createHeldModel, type HeldModel } from "../../testing/providers/held-model.ts";
import { openLiveSocket, type LiveSocket } from "../../testing/servers/live-socket.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, framesOf, tokenFor, type Web } from "../../testing/servers/web.ts";
import { startServer, type HttpServer } from "../server/server.ts";

interface Node {
  readonly web: Web;
  readonly server: HttpServer;
}

const redisUrl = inject("redisUrl") ?? "";

/** How two nodes hear each other. */
const links: readonly { readonly how: string; readonly link: () => () => Signals }[] = [
  {
    how: "by a signal",
    link: () => {
      const shared = createMemorySignals();
      return () => shared;
    },
  },
  // a signal is lossy: looking at the database finds it as well
  { how: "although its signal is lost", link: () => createMemorySignals },
  ...(redisUrl === ""
    ? []
    : [
        {
          how: "by a signal through Redis",
          link: () => {
            const prefix = `${createId()}:`;
            return () => createRedisSignals({ url: redisUrl, prefix });
          },
        },
      ]),
];

const cases = testDatabases.flatMap((database) => links.map((link) => ({ ...database, ...link })));

describe.each(cases)("S11 somebody suspended on $name, on another node, $how", ({ open, link }) => {
  const workspace = createId();
  let database: Database;
  let nodes: readonly [Node, Node];
  let worker: Worker;
  let held: HeldModel;
  let admin: string;
  let token: string;
  let userId: string;

  const createNode = async (signals: Signals, log: ReturnType<typeof createMemoryLog>): Promise<Node> => {
    const web = await createWeb({ database, model: held.model, signals, log });
    return { web, server: await startServer(web.http, { host: "127.0.0.1", port: 0 }) };
  };
  const me = async (as: string) =>
    (await (await nodes[0].web.ask("/v1/me", { token: as })).json()) as { userId: string };

  beforeEach(async () => {
    database = await open();
    held = createHeldModel();
    const log = createMemoryLog({ retentionSeconds: 60 });
    const signalsOf = link();
    nodes = [await createNode(signalsOf(), log), await createNode(signalsOf(), log)];
    worker = nodes[0].web.spine.worker();
    await worker.start();
    admin = await tokenFor({ subject: "boss", workspace, role: "admin" });
    token = await tokenFor({ subject: "mallory", workspace, role: "member" });
    await me(admin);
    ({ userId } = await me(token));
  });
  afterEach(async () => {
    held.releaseAll();
    await worker.drain(1);
    for (const { server, web } of nodes) {
      await server.close(1);
      await web.close();
    }
    await database.close();
  });

  const change = (body: object): Promise<Response> =>
    nodes[0].web.ask(`/v1/workspaces/${workspace}/members/${userId}`, { method: "PATCH", token: admin, body });
  const statusThere = async (): Promise<number> => (await nodes[1].web.ask("/v1/me", { token })).status;
  const connect = async (): Promise<LiveSocket> => {
    const socket = await openLiveSocket(`ws://127.0.0.1:${nodes[1].server.port}/v1/live`, { token });
    await socket.heard("welcome");
    return socket;
  };
  /** A stream of an answer that stands still in the middle. */
  const watch = async (): Promise<{ begun: Promise<void>; over: Promise<string> }> => {
    const response = await fetch(`http://127.0.0.1:${nodes[1].server.port}/v1/chat`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ message: { text: "hold-stream" } }),
    });
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const read = async (): Promise<string> => {
      for await (const frame of framesOf(response)) {
        if (frame === "[DONE]") return "done";
        if ("chunk" in frame && frame.chunk.type === "text-delta") resolve();
      }
      return "cut";
    };
    return { begun, over: read() };
  };

  test("is cut mid-stream, over SSE and web socket, is refused from then on, and comes back when it is lifted", async () => {
    const socket = await connect();
    const response = await fetch(`http://127.0.0.1:${nodes[1].server.port}/v1/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const hints = response.text();
    expect((await change({ suspended: true })).status).toBe(200);
    expect(await socket.closed).toBe(4401);
    expect(await hints).toContain("hints follow");
    await expect.poll(statusThere, { timeout: 20_000 }).toBe(403);
    expect((await change({ suspended: false })).status).toBe(200);
    await expect.poll(statusThere, { timeout: 20_000 }).toBe(200);
  });

  test("is answered no further: the stream ends, what ran is stopped, and what waited is not begun", async () => {
    const stream = await watch();
    await stream.begun;
    const { web } = nodes[1];
    const body = { message: { text: "and then" } };
    const [{ id }] = ((await (await web.ask("/v1/conversations", { token })).json()) as { data: [{ id: string }] })
      .data;
    expect((await web.ask(`/v1/conversations/${id}/completions`, { token, body })).status).toBe(202);
    expect((await change({ suspended: true })).status).toBe(200);
    expect(["cut", "done"]).toContain(await stream.over);
    // nothing is done for them any more: what ran is stopped, what waited is not begun
    await expect
      .poll(() => database.query(sql`select distinct status from completion`), { timeout: 20_000 })
      .toEqual([{ status: "cancelled" }]);
    expect(held.model.calls).toHaveLength(1);
  });

  test("everywhere, by the operator, is cut as well", async () => {
    const socket = await connect();
    await suspendEverywhere(nodes[0].web.spine.context, null, userId, true);
    expect(await socket.closed).toBe(4401);
    await suspendEverywhere(nodes[0].web.spine.context, null, userId, false);
    await expect.poll(statusThere, { timeout: 20_000 }).toBe(200);
  });
});
