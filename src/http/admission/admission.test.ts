import { once } from "node:events";
import { request as nodeRequest, type IncomingMessage } from "node:http";
import { WebSocketChatTransport } from "ai";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createMemoryLimits } from "../../drivers/limits/limits-memory.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { createHeldModel } from "../../testing/providers/held-model.ts";
import { until } from "../../testing/spine.ts";
import { countStored } from "../../testing/databases/stored-counts.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, readStream, requestOf, tokenFor, type Web, type WebOptions } from "../../testing/servers/web.ts";
import { startServer, type HttpServer } from "../server/server.ts";
import { createCallerAddress } from "./caller-address.ts";
import { createLimiter } from "./limiter.ts";

const held = createHeldModel();
const minute = 60;
const hello = { message: { text: "hello" } };

const limiterOf = (sends: number, tries = 1_000) =>
  createLimiter({
    store: createMemoryLimits({ now: () => 0 }),
    callerAddress: createCallerAddress(["127.0.0.1"]),
    sends: [{ limit: sends, windowSeconds: minute }],
    tries: [{ limit: tries, windowSeconds: minute }],
  });

describe("who is let in", () => {
  let database: Database;
  const opened: (() => Promise<unknown>)[] = [];
  const open = async (dependencies: NonNullable<WebOptions["dependencies"]>): Promise<Web> => {
    const web = await createWeb({ database, model: held.model, dependencies });
    opened.push(() => web.close());
    return web;
  };
  const serve = async (web: Web): Promise<HttpServer> => {
    const server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    opened.push(() => server.close(1));
    return server;
  };
  const streamOf = async (web: Web, token: string): Promise<string> => {
    const { id } = (await (await web.ask("/v1/conversations", { token, body: {} })).json()) as { id: string };
    const started = await web.ask(`/v1/conversations/${id}/completions`, { token, body: hello });
    const { completionId } = (await started.json()) as { completionId: string };
    return `/v1/completions/${completionId}/events`;
  };

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
  });
  afterEach(async () => {
    for (const close of opened.splice(0).toReversed()) await close();
  });
  afterAll(() => database.close());

  describe("S44 viewers", () => {
    test("of 1,000 event streams of one user so many are served as it may have, the others are 429; others are served", async () => {
      const web = await open({ limits: { viewersPerUser: 30, viewers: 100 } });
      const server = await serve(web);
      const token = await tokenFor();
      const path = await streamOf(web, token);
      const watch = (as: string): Promise<IncomingMessage> =>
        new Promise((resolve, reject) => {
          const asked = nodeRequest(`http://127.0.0.1:${server.port}${path}`, {
            headers: { authorization: `Bearer ${as}` },
          });
          asked.on("response", resolve).on("error", reject).end();
        });
      const answers = await Promise.all(Array.from({ length: 1_000 }, () => watch(token)));
      const served = answers.filter(({ statusCode }) => statusCode === 200);
      const refused = answers.filter(({ statusCode }) => statusCode === 429);
      expect([served.length, refused.length]).toEqual([30, 970]);
      expect(refused.every(({ headers }) => Number(headers["retry-after"]) > 0)).toBe(true);
      for (const each of refused) each.resume();
      const other = await tokenFor();
      const otherPath = await streamOf(web, other);
      expect((await web.ask(otherPath, { token: other })).status).toBe(200);
      served[0]?.destroy();
      await until(async () => {
        const again = await watch(token);
        if (again.statusCode === 429) again.resume();
        else served.push(again);
        return again.statusCode === 200;
      });
      for (const each of served) each.destroy();
    });

    test("a node that is full answers 503 to everybody, sockets included, and nothing is stored", async () => {
      const web = await open({ limits: { viewers: 2 } });
      const server = await serve(web);
      const [first, second] = [await tokenFor(), await tokenFor()];
      const path = await streamOf(web, first);
      const streams = [await web.ask(path, { token: first }), await web.ask(path, { token: first })];
      const before = await countStored(database);
      const sent = await web.ask("/v1/chat", { token: second, body: hello });
      expect(sent.status).toBe(503);
      expect(sent.headers.get("retry-after")).toMatch(/^\d+$/);
      expect(await countStored(database)).toEqual(before);
      const unwelcome = new WebSocket(`ws://127.0.0.1:${server.port}/v1/live`, {
        headers: { authorization: `Bearer ${second}` },
      });
      const [, response] = (await once(unwelcome, "unexpected-response")) as [unknown, IncomingMessage];
      expect(response.statusCode).toBe(503);
      for (const stream of streams) await stream.body?.cancel();
      const welcome = new WebSocket(`ws://127.0.0.1:${server.port}/v1/live`, {
        headers: { authorization: `Bearer ${second}` },
      });
      await once(welcome, "open");
      expect((await web.ask(path, { token: first })).status).toBe(200);
      expect((await web.ask(path, { token: first })).status).toBe(503);
      welcome.terminate();
    });

    test("a seat is given back by whoever gets no stream: refused, missed, or nothing to say", async () => {
      const web = await open({ limits: { viewersPerUser: 1 } });
      const token = await tokenFor();
      const missing = () => web.ask(`/v1/completions/${createId()}/events`, { token });
      for (const _again of [1, 2, 3]) expect((await missing()).status).toBe(404);
      expect((await web.ask("/v1/chat", { token, body: { message: { text: "" } } })).status).toBe(422);
      const head = await web.http.fetch(requestOf("/v1/events", { token, method: "HEAD" }));
      expect(head.status).toBeLessThan(500);
      const events = await web.ask("/v1/events", { token });
      expect(events.status).toBe(200);
      expect((await web.ask("/v1/events", { token })).status).toBe(429);
      await events.body?.cancel();
      expect((await web.ask("/v1/events", { token })).status).toBe(200);
    });

    test("the end of an answer gives its seat back", async () => {
      const web = await open({ limits: { viewersPerUser: 1 } });
      const worker = web.spine.worker();
      await worker.start();
      const token = await tokenFor();
      for (const _again of [1, 2, 3]) {
        const { isDone } = await readStream(await web.ask("/v1/chat", { token, body: hello }));
        expect(isDone).toBe(true);
      }
      await worker.drain(1);
    });
  });

  test("S44 requests beyond what a node works on are 503; whoever waits for a whole answer is not counted", async () => {
    const web = await open({ limits: { requests: 1, answerMs: 60_000 } });
    const worker = web.spine.worker();
    await worker.start();
    const token = await tokenFor();
    const waiting = web.ask("/v1/chat", { token, body: { message: { text: "hold-whole" }, stream: false } });
    expect((await web.ask("/v1/me", { token })).status).toBe(503);
    await until(async () => (await web.ask("/v1/me", { token })).status === 200);
    const both = await Promise.all([web.ask("/v1/me", { token }), web.ask("/v1/me", { token }), web.ask("/healthz")]);
    expect(both.map(({ status }) => status)).toEqual([200, 503, 200]);
    expect(both[1]?.headers.get("retry-after")).toBe("1");
    held.release("hold-whole");
    expect((await waiting).status).toBe(200);
    await worker.drain(1);
  });

  test("S36, S44 a user whose bodies never come in full has a quarter of the room, and others are answered", async () => {
    const web = await open({ limits: { requests: 8, bodyMs: 2_000 } });
    const [slow, other] = [await tokenFor(), await tokenFor()];
    const beginning = () => {
      const options = {
        method: "POST",
        headers: { authorization: `Bearer ${slow}`, "content-type": "application/json" },
        body: new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from("{")) }),
        duplex: "half",
      };
      return web.http.fetch(new Request("http://natter.test/v1/chat", options));
    };
    await web.ask("/v1/me", { token: slow });
    const begun = Array.from({ length: 8 }, beginning);
    const first = await Promise.race(begun);
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "1"]);
    expect((await web.ask("/v1/me", { token: other })).status).toBe(200);
    const statuses = (await Promise.all(begun)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 408)).toHaveLength(2);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
    expect((await web.ask("/v1/me", { token: slow })).status).toBe(200);
  });

  describe("D4 sends by time", () => {
    test("each answer tells the limit, the one beyond it is 429 with Retry-After, and nothing of it is stored", async () => {
      const web = await open({ limiter: limiterOf(2) });
      const token = await tokenFor();
      const send = () => web.ask("/v1/chat", { token, body: hello });
      const first = await send();
      expect(first.status).toBe(200);
      expect(Object.fromEntries(first.headers)).toMatchObject({
        "ratelimit-policy": '"sends";q=2;w=60',
        ratelimit: '"sends";r=1;t=60',
        "x-ratelimit-limit": "2",
        "x-ratelimit-remaining": "1",
        "x-ratelimit-reset": "60",
      });
      await send();
      const before = await countStored(database);
      const refused = await send();
      expect(refused.status).toBe(429);
      expect(await refused.json()).toMatchObject({ code: "rate_limited", status: 429 });
      expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await countStored(database)).toEqual(before);
      expect((await web.ask("/v1/conversations", { token })).status).toBe(200);
    });

    test("on Node's own server the headers stand on streams and on refusals as well", async () => {
      const web = await open({ limiter: limiterOf(1) });
      const server = await serve(web);
      const token = await tokenFor();
      const send = () =>
        fetch(`http://127.0.0.1:${server.port}/v1/chat`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify(hello),
        });
      const [first, second] = [await send(), await send()];
      expect([first.status, first.headers.get("ratelimit")]).toEqual([200, '"sends";r=0;t=60']);
      expect(first.headers.get("content-type")).toContain("text/event-stream");
      expect([second.status, second.headers.get("ratelimit")]).toEqual([429, '"sends";r=0;t=60']);
      await first.body?.cancel();
    });

    test("S43: another token, address or forwarding header is the same user, and another user is not", async () => {
      const web = await open({ limiter: limiterOf(1) });
      const subject = createId();
      const send = async (as: string, address: string) =>
        web.ask("/v1/chat", {
          token: await tokenFor({ subject: as }),
          body: hello,
          headers: { "x-forwarded-for": address, forwarded: `for=${address}` },
        });
      expect((await send(subject, "203.0.113.1")).status).toBe(200);
      expect((await send(subject, "203.0.113.2")).status).toBe(429);
      expect((await send(createId(), "203.0.113.1")).status).toBe(200);
    });

    test("A1: a client of AI SDK is told in one sentence", async () => {
      const web = await open({ limiter: limiterOf(0) });
      const messages = [{ id: createId(), role: "user", parts: [{ type: "text", text: "hello" }] }];
      const body = { id: createId(), trigger: "submit-message", messages };
      const refused = await web.ask("/v1/chat", { token: await tokenFor(), body });
      expect([refused.status, refused.headers.get("x-natter-code")]).toEqual([429, "rate_limited"]);
      expect(await refused.text()).toBe("Too many sends; try again in 60 s.");
      expect(refused.headers.get("retry-after")).toBe("60");
    });
  });

  test("D4, S43: what is sent over a web socket counts with what is sent otherwise", async () => {
    const web = await open({ limiter: limiterOf(1) });
    const server = await serve(web);
    const token = await tokenFor();
    expect((await web.ask("/v1/chat", { token, body: hello })).status).toBe(200);
    const before = await countStored(database);
    const chat = new WebSocketChatTransport({
      url: `ws://127.0.0.1:${server.port}/v1/ws`,
      headers: { authorization: `Bearer ${token}` },
    });
    const sent = chat.sendMessages({
      chatId: createId(),
      messages: [{ id: createId(), role: "user", parts: [{ type: "text", text: "hello" }] }],
      trigger: "submit-message",
      messageId: undefined,
      abortSignal: undefined,
    });
    const read = async () => {
      for await (const _chunk of await sent);
    };
    await expect(read()).rejects.toThrow("Too many sends; try again in 60 s.");
    expect(await countStored(database)).toEqual(before);
    chat.close();
  });

  test("S43: where nobody is known the /64 of the hop before the trusted proxies is counted", async () => {
    const loopback = { token: "t".repeat(43), cookie: () => "natter" };
    const web = await open({ loopback, limiter: limiterOf(1_000, 2) });
    const server = await serve(web);
    const login = async (forwardedFor: string) => {
      const headers = { "x-forwarded-for": forwardedFor };
      return (await fetch(`http://127.0.0.1:${server.port}/login?token=wrong`, { headers })).status;
    };
    expect(await login("2001:db8:0:1::1")).toBe(401);
    expect(await login("9.9.9.9, 2001:DB8:0:1::2")).toBe(401);
    expect(await login("9.9.9.8, 2001:db8:0:1:ffff::3")).toBe(429);
    expect(await login("2001:db8:0:2::1")).toBe(401);
  });
});
