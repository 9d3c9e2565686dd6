import { request as nodeRequest, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMemoryLog } from "../../drivers/log/log-memory.ts";
import { createId } from "../../foundation/ids.ts";
import type { ChunkLog } from "../../ports/chunk-log.ts";
import type { Database } from "../../ports/database.ts";
import { entryOf } from "../../testing/log-entry.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, readStream, requestOf, spokenText, tokenFor, type Web } from "../../testing/servers/web.ts";
import { startServer, type HttpServer } from "./server.ts";

const originals = { Request: globalThis.Request, Response: globalThis.Response };

describe("Natter on Node's own server", () => {
  let database: Database;
  let log: ChunkLog;
  let web: Web;
  let server: HttpServer;
  let token: string;
  let origin: string;
  const hold = Promise.withResolvers<void>();
  const model = createScriptedModel(() => [say("one "), { wait: hold.promise }, say("two")]);

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    log = createMemoryLog({ retentionSeconds: 60 });
    web = await createWeb({
      database,
      model,
      log,
      dependencies: { limits: { bodyBytes: 2_000, bodyMs: 300, viewerBytes: 65_536 } },
    });
    server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    origin = `http://127.0.0.1:${server.port}`;
    token = await tokenFor();
  });
  afterAll(async () => {
    hold.resolve();
    await server.close(1);
    await web.close();
    await database.close();
  });

  const post = (path: string, body: unknown, base = origin): Promise<Response> =>
    fetch(requestOf(path, { token, body }, base));

  const queued = async (): Promise<{ conversationId: string; completionId: string }> => {
    const { id } = (await (await post("/v1/conversations", {})).json()) as { id: string };
    return (await (await post(`/v1/conversations/${id}/completions`, { message: { text: "hello" } })).json()) as {
      conversationId: string;
      completionId: string;
    };
  };

  /** Sends bytes as they are and gives what comes back until the other side closes, or `milliseconds` have passed. */
  const raw = (bytes: string | Buffer, milliseconds = 2_000, more?: (socket: Socket) => void): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = "";
      const socket = connect(server.port, "127.0.0.1", () => {
        socket.write(bytes);
        more?.(socket);
      });
      const timer = setTimeout(() => socket.destroy(), milliseconds);
      socket.on("data", (piece) => (text += piece.toString()));
      socket.on("error", reject);
      socket.on("close", () => {
        clearTimeout(timer);
        resolve(text);
      });
    });

  const head = (method: string, path: string, headers: Record<string, string | number> = {}): string =>
    [
      `${method} ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${server.port}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      "",
      "",
    ].join("\r\n");
  const authorised = (): Record<string, string> => ({
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    Connection: "close",
  });

  test("the stream is written straight to the socket: the first byte comes before the model says a word", async () => {
    const worker = web.spine.worker();
    const response = await post("/v1/chat", { message: { text: "hello" } });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
    const reading = readStream(response);
    await worker.start();
    await model.called(1);
    hold.resolve();
    const { chunks, isDone } = await reading;
    expect(spokenText(chunks)).toBe("one two");
    expect(isDone).toBe(true);
    await worker.drain(1);
  });

  test("Node's globals stay as they were", () => {
    expect(globalThis.Request).toBe(originals.Request);
    expect(globalThis.Response).toBe(originals.Response);
  });

  describe("S36 a body that is too much", () => {
    const big = JSON.stringify({ message: { text: "x".repeat(2_500) } });

    test("with its length, in chunks, and one byte over: 413", async () => {
      expect((await post("/v1/chat", { message: { text: "x".repeat(2_500) } })).status).toBe(413);
      const exact = JSON.stringify({ title: "x".repeat(400) }).padEnd(2_000, " ");
      const send = (body: string) =>
        raw(head("POST", "/v1/conversations", { ...authorised(), "Content-Length": body.length }) + body);
      expect(await send(exact)).toMatch(/^HTTP\/1.1 201 /);
      expect(await send(`${exact} `)).toMatch(/^HTTP\/1.1 413 /);
      const chunked =
        head("POST", "/v1/chat", { ...authorised(), "Transfer-Encoding": "chunked" }) +
        `${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`;
      expect(await raw(chunked)).toMatch(/^HTTP\/1.1 413 [^]*"code":"too_large"/);
    });

    test("an endless one is cut off, and memory stays flat", async () => {
      const before = process.memoryUsage().rss;
      const answer = await raw(
        head("POST", "/v1/chat", { ...authorised(), "Transfer-Encoding": "chunked" }),
        3_000,
        (socket) => {
          const piece = `10000\r\n${"x".repeat(65_536)}\r\n`;
          const pump = (): void => {
            while (socket.writable && socket.write(piece));
            if (socket.writable) socket.once("drain", pump);
          };
          pump();
        },
      ).catch((thrown: { code: string }) => thrown.code);
      expect(answer).toMatch(/^HTTP\/1.1 413 |^EPIPE|^ECONNRESET/);
      expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    });

    test("a compressed one is 415, whatever is in it", async () => {
      const response = await fetch(`${origin}/v1/chat`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "content-encoding": "gzip" },
        body: gzipSync(Buffer.alloc(1_000_000)),
      });
      expect(response.status).toBe(415);
    });

    test("one that comes a byte at a time is 408", async () => {
      const began = performance.now();
      const answer = await raw(
        head("POST", "/v1/chat", { ...authorised(), "Content-Length": 1_000 }),
        3_000,
        (socket) => {
          const timer = setInterval(() => (socket.writable ? socket.write(" ") : clearInterval(timer)), 50);
        },
      );
      expect(answer).toMatch(/^HTTP\/1.1 408 [^]*"code":"request_timeout"/);
      expect(performance.now() - began).toBeLessThan(2_500);
    });

    test("one that is shorter than it says stores nothing", async () => {
      const conversationId = createId();
      const body = JSON.stringify({ conversationId, message: { text: "hello" } });
      await raw(head("POST", "/v1/chat", { ...authorised(), "Content-Length": body.length + 10 }) + body, 100);
      const read = await fetch(`${origin}/v1/conversations/${conversationId}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(read.status).toBe(404);
    });
  });

  test("S5 two Authorization headers are 401, though both are good", async () => {
    const twice = head("GET", "/v1/me", { Connection: "close" }).replace(
      "\r\n\r\n",
      `\r\nAuthorization: Bearer ${token}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    expect(await raw(twice)).toMatch(/^HTTP\/1.1 401 /);
  });

  test.each([
    ["GET", "//v1/me"],
    ["GET", "/v1//me"],
    ["GET", "/v1/me/"],
    ["GET", "/V1/me"],
    ["GET", "/v1/me;x"],
    ["GET", "/v1/me."],
    ["GET", "/v1/%2e%2e/v1/me"],
    ["GET", "/v1/../v1/me"],
    ["GET", "/v1%2Fme"],
    ["GET", "/v1/%6de"],
    ["GET", "/healthz/../v1/me"],
    ["HEAD", "/v1/me"],
    ["OPTIONS", "/v1/me"],
    ["TRACE", "/v1/me"],
    ["PUT", "/v1/me"],
    ["GET", "/v1/conversations/%00"],
    ["GET", "/v1/conversations/..%2f..%2fetc"],
    ["GET", "*"],
    ["GET", "http://evil.example/v1/me"],
  ])("S47 %s %s shows nothing to somebody unknown", async (method, path) => {
    const answer = await raw(
      head(method, path, { Connection: "close", "X-HTTP-Method-Override": "GET", "X-Original-URL": "/healthz" }),
    );
    expect(answer).toMatch(/^HTTP\/1.1 40[0145] /);
    expect(answer).not.toContain("userId");
  });

  test("a host name that is none is a problem with status 400", async () => {
    const answer = await raw("GET /v1/me HTTP/1.1\r\nHost: a b\\c\r\nConnection: close\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 400 [^]*application\/problem\+json/);
  });

  test("405 names the methods that a route has", async () => {
    const response = await fetch(`${origin}/v1/chat`, { method: "DELETE" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });

  test("F17 viewers whose sockets take nothing are cut off, and memory stays flat", async () => {
    const { completionId } = await queued();
    const viewers = await Promise.all(
      Array.from(
        { length: 100 },
        () =>
          new Promise<IncomingMessage>((resolve, reject) => {
            const asked = nodeRequest(`${origin}/v1/completions/${completionId}/events`, {
              headers: { authorization: `Bearer ${token}` },
            });
            asked.on("response", resolve).on("error", reject).end();
          }),
      ),
    );
    const cut = viewers.map((viewer) => new Promise((resolve) => viewer.on("error", resolve).on("close", resolve)));
    const opened = await log.open(completionId, 1);
    const before = process.memoryUsage().rss;
    // the kernel's own buffers on loopback take some MB a socket before Node sees that nobody reads
    for (let position = 1; position <= 160; position += 1) {
      await log.append(
        completionId,
        1,
        entryOf(opened?.epoch ?? "", position, [{ type: "text-delta", id: "t", delta: "x".repeat(65_536) }]),
      );
      await new Promise(setImmediate);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
    for (const viewer of viewers) viewer.resume();
    await Promise.all(cut);
    expect(viewers.every((viewer) => viewer.complete)).toBe(false);
  });

  test("closing says 503 on /readyz, tells viewers when to come back, and lets go of the port", async () => {
    const leaving = await createWeb({ database, model, log: createMemoryLog({ retentionSeconds: 60 }) });
    const short = await startServer(leaving.http, { host: "127.0.0.1", port: 0 });
    const base = `http://127.0.0.1:${short.port}`;
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
    const reading = readStream(await post("/v1/chat", { message: { text: "hello" } }, base));
    leaving.http.beginDrain();
    const unready = await fetch(`${base}/readyz`);
    expect(unready.status).toBe(503);
    expect(await unready.json()).toMatchObject({ checks: { accepting: false } });
    await short.close(2);
    expect(await reading).toMatchObject({ isDone: false, retry: expect.any(Number) });
    await expect(fetch(`${base}/healthz`)).rejects.toThrow("fetch failed");
    await leaving.close();
  });
});
