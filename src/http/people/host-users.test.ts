import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Worker } from "../../engine/worker.ts";
import { suspendEverywhere } from "../../people/suspend.ts";
import type { Database } from "../../ports/database.ts";
import { createHeldModel, type HeldModel } from "../../testing/providers/held-model.ts";
import { openLiveSocket } from "../../testing/servers/live-socket.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, framesOf, tokenFor, type Web } from "../../testing/servers/web.ts";
import { createWalls } from "../server/walls.ts";
import { startServer, type HttpServer } from "../server/server.ts";

/** The host's sessions, by what its cookie says. */
const sessions: Readonly<Record<string, { readonly userId: string; readonly workspaceId?: string }>> = {
  ada: { userId: "17", workspaceId: "tenant-a" },
  ben: { userId: "18", workspaceId: "tenant-b" },
};

describe.each(testDatabases)("N8 a host's users on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let server: HttpServer;
  let worker: Worker;
  let held: HeldModel;

  beforeEach(async () => {
    database = await open();
    held = createHeldModel();
    web = await createWeb({
      database,
      model: held.model,
      sources: {
        resolve: (request) => sessions[/session=(\w+)/.exec(request.headers.get("cookie") ?? "")?.[1] ?? ""] ?? null,
      },
      dependencies: { walls: createWalls({ loopback: null, hasAmbientIdentity: true }) },
    });
    server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    worker = web.spine.worker();
    await worker.start();
  });
  afterEach(async () => {
    held.releaseAll();
    await worker.drain(1);
    await server.close(1);
    await web.close();
    await database.close();
  });

  const as = (who: string) => ({ headers: { cookie: `session=${who}` } });
  const me = async (who: string) => (await (await web.ask("/v1/me", as(who))).json()) as { userId: string };

  test("work with the host's session only, each in the workspace that the host says", async () => {
    expect(await me("ada")).toMatchObject({ workspaceId: "tenant-a", role: "member" });
    expect(await me("ben")).toMatchObject({ workspaceId: "tenant-b", role: "member" });
    expect((await web.ask("/v1/users/17/conversations", as("ada"))).status).toBe(200);
    expect((await web.ask("/v1/users/18/conversations", as("ada"))).status).toBe(403);
    for (const ask of [{}, as("mallory"), { token: await tokenFor({ subject: "17" }) }])
      expect((await web.ask("/v1/me", ask)).status).toBe(401);
    const other = { headers: { ...as("ada").headers, "natter-workspace": "tenant-b" } };
    expect((await web.ask("/v1/me", other)).status).toBe(404);
  });

  test("are cut mid-stream and mid-socket when they are suspended, and refused although the host still knows them", async () => {
    const { userId } = await me("ada");
    const origin = `http://127.0.0.1:${server.port}`;
    const socket = await openLiveSocket(`ws://127.0.0.1:${server.port}/v1/live`, { headers: as("ada").headers });
    await socket.heard("welcome");
    const response = await fetch(`${origin}/v1/chat`, {
      method: "POST",
      headers: { ...as("ada").headers, "content-type": "application/json" },
      body: JSON.stringify({ message: { text: "hold-host" } }),
    });
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const read = async (): Promise<string> => {
      for await (const frame of framesOf(response)) {
        if (frame === "[DONE]") return "done";
        if ("chunk" in frame && frame.chunk.type === "text-delta") resolve();
      }
      return "cut";
    };
    const over = read();
    await begun;
    await suspendEverywhere(web.spine.context, null, userId, true);
    expect(await over).toBe("cut");
    expect(await socket.closed).toBe(4401);
    expect((await web.ask("/v1/me", as("ada"))).status).toBe(403);
    expect((await web.ask("/v1/me", as("ben"))).status).toBe(200);
  });
});
