import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silentLogger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import type { McpServerConfig } from "../../protocol/agent/mcp.ts";
import {
  createMcpDesk,
  mcpToolOf as toolOf,
  patience,
  toolContextOf as contextOf,
  type McpDesk,
} from "../../testing/mcp-desk.ts";
import { textResult } from "../../testing/servers/mcp-test-server.ts";
import { findFreePort } from "../../testing/servers/private-server.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { completed, failed } from "../results.ts";
import { createMcpServers } from "./mcp-servers.ts";

describe("MCP servers", { timeout: 120_000 }, () => {
  let database: Database;
  let desk: McpDesk;

  beforeEach(async () => {
    database = await testDatabases.at(-1)!.open();
    desk = createMcpDesk(database);
  });
  afterEach(async () => {
    await desk.close();
    await database.close();
  });

  test("have their tools called over streamable HTTP, for the user whom Natter names", async () => {
    const server = await desk.serve();
    const servers = await desk.use({ files: { url: server.url } });
    const echo = toolOf(servers, "files__echo");
    expect(echo).toMatchObject({ kind: "inline", description: "does echo", retrySafe: false });
    expect(await echo.execute({ value: "x", userId: "somebody else" }, contextOf("anna"))).toEqual(
      completed('{"value":"x","userId":"somebody else"}'),
    );
    expect(server.calls[0]?.meta).toMatchObject({
      "natter/userId": "anna",
      "natter/workspaceId": "workspace",
      "natter/idempotencyKey": "completion:call-anna",
    });
    expect(servers.reports()).toMatchObject([{ name: "files", status: "ready", problem: null }]);
  });

  test("that are down are absent, keep nobody waiting, and are there once they answer", async () => {
    const port = await findFreePort();
    const servers = await desk.use({ files: { url: `http://127.0.0.1:${port}/mcp` } });
    expect(servers.toolsOf(["files"])).toEqual({});
    expect(servers.reports()).toMatchObject([{ status: "down", problem: "It can't be reached.", tools: [] }]);
    await desk.serve({ port });
    await expect.poll(() => Object.keys(servers.toolsOf(["files"])), { timeout: patience }).toEqual(["files__echo"]);
    expect(servers.reports()).toMatchObject([{ status: "ready", problem: null }]);
  });

  test("are looked for outside the transaction in which somebody first asked for their tools", async () => {
    const server = await desk.serve();
    const servers = createMcpServers({
      servers: { files: { url: server.url } },
      allow: [],
      database,
      logger: silentLogger,
      version: "0",
    });
    await database.transaction(async () => {
      expect(servers.toolsOf(["files"])).toEqual({});
    });
    await servers.prepare(["files"], patience);
    expect(servers.reports()).toMatchObject([{ status: "ready" }]);
    await servers.close();
  });

  test("that never answer are given up, and a start does not wait for them", async () => {
    const server = await desk.serve({ intercept: () => true });
    const servers = createMcpServers({
      servers: { mute: { url: server.url, timeoutSeconds: 1 } },
      allow: [],
      database,
      logger: silentLogger,
      version: "0",
    });
    await servers.prepare(["mute"], 10);
    expect(servers.toolsOf(["mute"])).toEqual({});
    await expect.poll(() => servers.reports()[0]?.status, { timeout: patience }).toBe("down");
    expect(servers.reports()[0]?.problem).toBe("It did not answer in time.");
    await servers.close();
  });

  test("that forgot the session are told again who calls, once, and do the work once", async () => {
    const server = await desk.serve();
    const servers = await desk.use({ files: { url: server.url } });
    server.forget();
    expect(await toolOf(servers, "files__echo").execute({}, contextOf("anna"))).toEqual(completed("{}"));
    expect(server.calls).toHaveLength(1);
  });

  test("that break off in the middle of a call leave it undecided, and the next call works", async () => {
    let breaks = true;
    const server = await desk.serve({
      answer: () => {
        if (breaks) for (const socket of server.connections) socket.destroy();
        return textResult("done");
      },
    });
    const servers = await desk.use({ files: { url: server.url } });
    const echo = toolOf(servers, "files__echo");
    expect(await echo.execute({}, contextOf("anna"))).toMatchObject({
      type: "failed",
      message: expect.stringContaining("not known"),
    });
    breaks = false;
    await expect.poll(() => echo.execute({}, contextOf("anna")), { timeout: patience }).toEqual(completed("done"));
  });

  test("whose answer ends before it is whole leave the call undecided at once", async () => {
    let isListed = false;
    const server = await desk.serve({
      intercept: (_request, response) => {
        if (!isListed) return false;
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(": begun\n\n", () => response.end());
        return true;
      },
    });
    const servers = await desk.use({ files: { url: server.url, timeoutSeconds: 600 } });
    isListed = true;
    expect(await toolOf(servers, "files__echo").execute({}, contextOf("anna"))).toMatchObject({
      message: expect.stringContaining("not known"),
    });
  });

  test("are told when a call is cancelled, and its socket is closed", async () => {
    const started = Promise.withResolvers<AbortSignal>();
    const server = await desk.serve({
      answer: ({ signal }) => {
        started.resolve(signal);
        return new Promise(() => {});
      },
    });
    const servers = await desk.use({ files: { url: server.url } });
    const controller = new AbortController();
    const reason = new Error("stopped");
    const running = toolOf(servers, "files__echo").execute({}, contextOf("anna", controller.signal));
    const signal = await started.promise;
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    await expect.poll(() => signal.aborted, { timeout: patience }).toBe(true);
    await expect.poll(() => server.connections.every(({ destroyed }) => destroyed), { timeout: patience }).toBe(true);
  });

  test("say nothing of their own when they fail, and what the operator keeps secret comes back from none", async () => {
    const secret = "sk-very-secret-token";
    const server = await desk.serve({
      answer: ({ headers, input }) => {
        if (input["value"] === "throw") throw new Error(`at /srv/app.ts: ${headers.authorization}`);
        return {
          isError: input["value"] === "fail",
          content: [{ type: "text", text: `I was sent ${headers.authorization}` }],
        };
      },
    });
    const servers = await desk.use({ files: { url: server.url, headers: { authorization: `Bearer ${secret}` } } });
    const echo = toolOf(servers, "files__echo");
    expect(await echo.execute({ value: "throw" }, contextOf("anna"))).toEqual(failed("The tool's server failed."));
    expect(await echo.execute({ value: "fail" }, contextOf("anna"))).toEqual(failed("I was sent Bearer [secret]"));
    expect(await echo.execute({}, contextOf("anna"))).toEqual(completed("I was sent Bearer [secret]"));
    expect(JSON.stringify(desk.warnings)).toContain("/srv/app.ts");
    expect(JSON.stringify(desk.warnings)).not.toContain(secret);
  });

  test("S29 that answer 10 MB are cut with a mark; what is more than can be read fails, and other calls go on", async () => {
    const server = await desk.serve({
      answer: ({ input }) => textResult("x".repeat(Number(input["value"]))),
    });
    const servers = await desk.use({ files: { url: server.url } });
    const echo = toolOf(servers, "files__echo");
    const [large, huge, small] = await Promise.all(
      ["10000000", "20000000", "3"].map((value) => echo.execute({ value }, contextOf("anna"))),
    );
    expect(large).toMatchObject({ type: "completed", data: expect.stringMatching(/\n\[Cut here: 9,900,000 more/) });
    expect(huge).toEqual(failed("The tool's server answered with more than can be read; it may have done the work."));
    expect(small).toEqual(completed("xxx"));
  });

  test.each([
    ["one session", (url: string): McpServerConfig => ({ url })],
    [
      "a session each, with the same JSON-RPC ids",
      (url: string): McpServerConfig => ({ url, headers: (caller) => ({ "x-user": caller?.userId ?? "natter" }) }),
    ],
  ])("S29 never mix up two users' calls that are answered out of order: %s", async (_what, configOf) => {
    const waiting: (() => void)[] = [];
    const server = await desk.serve({
      answer: ({ meta, input }) =>
        new Promise((resolve) => {
          waiting.push(() => resolve(textResult(`${String(meta["natter/userId"])}: ${String(input["value"])}`)));
        }),
    });
    const servers = await desk.use({ files: { url: server.url, ...configOf(server.url) } });
    const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
    const echo = toolOf(servers, "files__echo");
    const running = users.map((user) => echo.execute({ value: `of ${user}` }, contextOf(user)));
    await expect.poll(() => waiting.length, { timeout: patience }).toBe(users.length);
    for (const answer of waiting.toReversed()) answer();
    expect(await Promise.all(running)).toEqual(users.map((user) => completed(`${user}: of ${user}`)));
    const isOwn = "headers" in configOf("http://x/");
    expect(server.sessions.size).toBe(isOwn ? users.length + 1 : 1);
    for (const { meta, headers } of server.calls)
      expect(headers["x-user"]).toBe(isOwn ? meta["natter/userId"] : undefined);
    const ids = new Set(server.calls.map(({ requestId }) => requestId));
    expect(ids.size).toBe(isOwn ? 1 : users.length);
  });

  test("whose session one user may not open fail for that user alone", async () => {
    const server = await desk.serve({
      intercept: ({ headers }, response) => {
        if (headers["x-user"] !== "mallory") return false;
        response.writeHead(403).end();
        return true;
      },
    });
    const headers: Extract<McpServerConfig, { url: string }>["headers"] = (caller) => ({
      "x-user": caller?.userId ?? "natter",
    });
    const servers = await desk.use({ files: { url: server.url, headers } });
    const echo = toolOf(servers, "files__echo");
    expect(await echo.execute({}, contextOf("mallory"))).toMatchObject({ type: "failed" });
    expect(await echo.execute({}, contextOf("anna"))).toEqual(completed("{}"));
    expect(servers.reports()).toMatchObject([{ status: "ready" }]);
  });

  test("S25 on a private network are not asked unless the operator allows their name", async () => {
    const server = await desk.serve();
    const url = `http://localhost.localdomain:${server.port}/mcp`;
    const refused = await desk.use({ files: { url } });
    expect(refused.reports()).toMatchObject([{ status: "down", tools: [] }]);
    expect(server.connections).toHaveLength(0);
  });

  test("S26 that send Natter on to another server get nothing through", async () => {
    const inner = await desk.serve();
    const outer = await desk.serve({
      intercept: (_request, response) => {
        response.writeHead(307, { location: inner.url }).end();
        return true;
      },
    });
    const servers = await desk.use({ files: { url: outer.url } });
    expect(servers.reports()).toMatchObject([{ status: "down" }]);
    expect(inner.connections).toHaveLength(0);
  });
});
