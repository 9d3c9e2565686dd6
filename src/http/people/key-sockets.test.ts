import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { createKey } from "../../people/keys.ts";
import type { Database } from "../../ports/database.ts";
import type { Scope } from "../../protocol/people/principal.ts";
import { openLiveSocket } from "../../testing/servers/live-socket.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, type Web } from "../../testing/servers/web.ts";
import { startServer, type HttpServer } from "../server/server.ts";

describe.each(testDatabases)("S14 a restricted key on a web socket, on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let server: HttpServer;

  beforeAll(async () => {
    database = await open();
    web = await createWeb({ database, model: createScriptedModel(() => []) });
    server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
  });
  afterAll(async () => {
    await server.close(1);
    await web.close();
    await database.close();
  });

  const keyWith = async (scopes: readonly Scope[]): Promise<string> =>
    (await createKey(database, web.spine.principal, { name: createId(), scopes })).key;
  const address = (): string => `ws://127.0.0.1:${server.port}/v1/live`;
  const ways = [
    { how: "as Bearer", headers: (key: string) => ({ authorization: `Bearer ${key}` }) },
    { how: "as x-api-key", headers: (key: string) => ({ "x-api-key": key }) },
  ];

  test.each(ways)("$how gets the same answer as in the first frame: with the scope read it is welcome", async (way) => {
    const key = await keyWith(["read"]);
    const byHeader = await openLiveSocket(address(), { headers: way.headers(key) });
    const byFrame = await openLiveSocket(address());
    byFrame.send({ type: "hello", token: key });
    expect(await byHeader.heard("welcome")).toEqual(await byFrame.heard("welcome"));
    byHeader.ws.terminate();
    byFrame.ws.terminate();
  });

  test.each(ways)("$how gets the same answer as in the first frame: without it, it is refused", async (way) => {
    const key = await keyWith(["chat"]);
    await expect(openLiveSocket(address(), { headers: way.headers(key) })).rejects.toThrow("403");
    const byFrame = await openLiveSocket(address());
    byFrame.send({ type: "hello", token: key });
    expect(await byFrame.heard("refused")).toMatchObject({ code: "forbidden" });
    expect(await byFrame.closed).toBe(4401);
  });

  test("a key that is revoked while its socket is open is cut on every node", async () => {
    const key = await keyWith(["read", "keys"]);
    const socket = await openLiveSocket(address(), { token: key });
    await socket.heard("welcome");
    const { data } = (await (await web.ask("/v1/api-keys", { token: key })).json()) as {
      data: { id: string; lastUsedAt: string | null }[];
    };
    const [own] = data;
    expect((await web.ask(`/v1/api-keys/${own!.id}`, { method: "DELETE", token: key })).status).toBe(204);
    expect(await socket.closed).toBe(4401);
  });
});
