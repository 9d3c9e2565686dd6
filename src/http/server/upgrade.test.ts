import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { createNatter } from "../../natter.ts";
import type { Database } from "../../ports/database.ts";
import { openLiveSocket, refusedUpgrade } from "../../testing/servers/live-socket.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web, type WebOptions } from "../../testing/servers/web.ts";
import { createNodeHandler } from "./node-handler.ts";
import { startServer, type HttpServer } from "./server.ts";
import { createWalls, loopbackNames } from "./walls.ts";

const model = createScriptedModel(() => []);
const paths = ["/v1/live", "/v1/ws"];

describe("opening a web socket", () => {
  let database: Database;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await database.close();
  });

  const serve = async (options: Omit<WebOptions, "database" | "model"> = {}): Promise<[Web, HttpServer, string]> => {
    const web = await createWeb({ database, model, ...options });
    const server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    closing.push(async () => {
      await server.close(1);
      await web.close();
    });
    return [web, server, `ws://127.0.0.1:${server.port}`];
  };

  /** What a raw upgrade is answered with. */
  const upgrade = (port: number, path: string, headers: Readonly<Record<string, string>>): Promise<string> =>
    new Promise((resolve, reject) => {
      const all = {
        Host: `127.0.0.1:${port}`,
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        ...headers,
      };
      const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
      const socket = connect(port, "127.0.0.1", () => socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`));
      socket.once("data", (bytes) => {
        socket.destroy();
        resolve(bytes.toString());
      });
      socket.on("error", reject);
    });

  describe("in loopback mode", () => {
    const token = "t".repeat(43);
    let server: HttpServer;
    beforeAll(async () => {
      const loopback = { token, cookie: () => `natter_${server.port}` };
      [, server] = await serve({
        sources: { loopback },
        dependencies: {
          loopback,
          walls: createWalls({
            loopback: { names: loopbackNames, port: () => server.port },
            hasAmbientIdentity: false,
          }),
        },
      });
    });

    test.each(paths)("S48 another host name is 421 before anything else: %s", async (path) => {
      const { port } = server;
      for (const Host of ["evil.example", `evil.example:${port}`, `127.1:${port}`, `2130706433:${port}`, "127.0.0.1"]) {
        const answer = await upgrade(port, path, { Host, Authorization: `Bearer ${token}` });
        expect([Host, answer.slice(0, 12)]).toEqual([Host, "HTTP/1.1 421"]);
      }
      expect(await upgrade(port, "/nowhere", { Host: "evil.example" })).toMatch(/^HTTP\/1.1 421 /);
    });

    test.each(paths)("S45 S49 a page of another site is 403, though it had the cookie: %s", async (path) => {
      const { port } = server;
      const Cookie = `natter_${port}=${token}`;
      for (const headers of [
        { Origin: "https://evil.example" },
        { Origin: "null" },
        { "Sec-Fetch-Site": "cross-site" },
        { Origin: `http://localhost:${port + 1}` },
      ]) {
        expect(await upgrade(port, path, { Cookie, ...headers })).toMatch(/^HTTP\/1.1 403 [^]*problem\+json/);
      }
      for (const headers of [{ Origin: `http://127.0.0.1:${port}` }, {}])
        expect(await upgrade(port, path, { Cookie, ...headers })).toMatch(/^HTTP\/1.1 101 /);
    });

    test("S5 two Authorization headers are 401, though both are good", async () => {
      const Authorization = `Bearer ${token}\r\nAuthorization: Bearer ${token}`;
      expect(await upgrade(server.port, "/v1/live", { Authorization })).toMatch(/^HTTP\/1.1 401 /);
    });
  });

  test("S45 with a host's identity only its own pages may open one; clients without an origin may", async () => {
    const [, { port }] = await serve({
      sources: { resolve: () => ({ userId: "person" }) },
      dependencies: { walls: createWalls({ loopback: null, hasAmbientIdentity: true }) },
    });
    const own = `http://127.0.0.1:${port}`;
    for (const path of paths) {
      const statusOf = async (headers: Record<string, string>) => (await upgrade(port, path, headers)).slice(9, 12);
      expect(await statusOf({ Origin: "https://evil.example" })).toBe("403");
      expect(await statusOf({ Origin: "https://evil.example", Authorization: "Bearer token" })).toBe("403");
      expect(await statusOf({ Origin: own, "Sec-Fetch-Site": "same-site" })).toBe("403");
      expect(await statusOf({ Origin: own, "Sec-Fetch-Site": "same-origin" })).toBe("101");
      expect(await statusOf({ Origin: own })).toBe("101");
      expect(await statusOf({})).toBe("101");
    }
  });

  test("a token that is not valid is 401, a path that is not there 404, and what is no handshake 400", async () => {
    const [, { port }, base] = await serve();
    expect(await refusedUpgrade(`${base}/v1/live`, { headers: { authorization: "Bearer wrong" } })).toBe(401);
    expect(await refusedUpgrade(`${base}/v1/lives`)).toBe(404);
    expect(await upgrade(port, "/v1/live", { "Sec-WebSocket-Key": "short" })).toMatch(/^HTTP\/1.1 400 /);
    expect(await upgrade(port, "/v1/live", { Host: "a b\\c" })).toMatch(/^HTTP\/1.1 400 /);
    expect(await upgrade(port, "http://evil.example/v1/live", {})).toMatch(/^HTTP\/1.1 400 /);
  });

  test("who comes without a credential says who it is in the first frame, in time, or is closed", async () => {
    const [, , base] = await serve({ dependencies: { limits: { helloMs: 100 } } });
    const token = await tokenFor({ workspace: createId() });
    const known = await openLiveSocket(`${base}/v1/live`);
    known.send({ type: "hello", token });
    expect(await known.heard("welcome")).toMatchObject({ userId: expect.any(String), role: "member" });
    known.send({ type: "hello", token });
    expect(await known.closed).toBe(4401);
    for (const path of paths) expect(await (await openLiveSocket(base + path)).closed).toBe(4401);
    const wrong = await openLiveSocket(`${base}/v1/live`);
    wrong.send({ type: "hello", token: "wrong" });
    expect(await wrong.heard("refused")).toMatchObject({ code: "unauthenticated" });
    expect(await wrong.closed).toBe(4401);
    const hasty = await openLiveSocket(`${base}/v1/live`);
    hasty.send({ type: "subscribe", conversationId: createId() });
    expect(await hasty.heard("refused")).toMatchObject({ code: "unauthenticated" });
    expect(await hasty.closed).toBe(4401);
    expect(hasty.answers).toHaveLength(1);
  });

  test("a workspace is named in the address, or with the hello; a foreign one is refused", async () => {
    const [, , base] = await serve();
    const subject = createId();
    const workspaces = [createId(), createId()];
    for (const workspace of workspaces)
      await openLiveSocket(`${base}/v1/live`, { token: await tokenFor({ subject, workspace }) });
    const token = await tokenFor({ subject });
    const named = await openLiveSocket(`${base}/v1/live?workspaceId=${workspaces[0]}`, { token });
    expect(await named.heard("welcome")).toMatchObject({ workspaceId: workspaces[0] });
    const said = await openLiveSocket(`${base}/v1/live`);
    said.send({ type: "hello", token, workspaceId: workspaces[1] });
    expect(await said.heard("welcome")).toMatchObject({ workspaceId: workspaces[1] });
    expect(
      await refusedUpgrade(`${base}/v1/live?workspaceId=${createId()}`, {
        headers: { authorization: `Bearer ${token}` },
      }),
    ).toBe(404);
  });

  test("C1 a host hands over the upgrades below its mount, with the prefix told or not", async () => {
    const token = await tokenFor();
    for (const [basePath, elsewhere] of [
      ["/natter", 404],
      [undefined, 101],
    ] as const) {
      const web = await createWeb({ database, model, dependencies: { basePath } });
      const natter = createNodeHandler(web.http);
      const host = createServer((_incoming, outgoing) => outgoing.end("the host"));
      host.on("upgrade", (incoming, socket, head) => {
        if (incoming.url?.startsWith("/natter/") === true) natter.upgrade(incoming, socket, head);
        else socket.destroy();
      });
      await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
      const base = `ws://127.0.0.1:${(host.address() as AddressInfo).port}`;
      const live = await openLiveSocket(`${base}/natter/v1/live`, { token });
      await live.heard("welcome");
      const { port } = host.address() as AddressInfo;
      const deeper = await upgrade(port, "/natter/other/v1/live", { Authorization: `Bearer ${token}` });
      expect(deeper.slice(9, 12)).toBe(String(elsewhere));
      web.http.closeStreams();
      expect(await live.closed).toBe(1012);
      await new Promise((resolve) => host.close(resolve));
      await web.close();
    }
  });

  test("C1 a host's first upgrade starts Natter, and the host says who comes", async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), "natter-upgrade-"));
    const resolve = ({ headers }: Request) => (headers.get("cookie") === "session=1" ? { userId: "ada" } : null);
    const natter = createNatter({ dataDirectory, env: {}, basePath: "/natter", auth: { resolve } });
    const handler = natter.node();
    const host = createServer(handler);
    host.on("upgrade", handler.upgrade);
    await new Promise<void>((listening) => host.listen(0, "127.0.0.1", listening));
    const { port } = host.address() as AddressInfo;
    const url = `ws://127.0.0.1:${port}/natter/v1/live`;
    const live = await openLiveSocket(url, { headers: { cookie: "session=1" } });
    await live.heard("welcome");
    const foreign = { headers: { cookie: "session=1", origin: "https://evil.example" } };
    expect(await refusedUpgrade(url, foreign)).toBe(403);
    await natter.close();
    expect(await live.closed).toBe(1012);
    await new Promise((closed) => host.close(closed));
    await rm(dataDirectory, { recursive: true });
  });

  test("a server that goes tells its sockets to come back, and takes no new ones", async () => {
    const web = await createWeb({ database, model });
    const server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    const base = `ws://127.0.0.1:${server.port}`;
    const token = await tokenFor();
    const sockets = await Promise.all(paths.map((path) => openLiveSocket(base + path, { token })));
    web.http.closeStreams();
    expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual([1012, 1012]);
    expect(await refusedUpgrade(`${base}/v1/live`, { headers: { authorization: `Bearer ${token}` } })).toBe(503);
    await server.close(1);
    await web.close();
  });

  test("a server that goes does not wait for a socket that does not answer", async () => {
    const web = await createWeb({ database, model });
    const server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    const { ws } = await openLiveSocket(`ws://127.0.0.1:${server.port}/v1/live`, { token: await tokenFor() });
    ws.pause();
    await server.close(5);
    expect(ws.readyState).not.toBe(ws.CONNECTING);
    ws.terminate();
    await web.close();
  });
});
