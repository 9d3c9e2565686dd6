import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Worker } from "../../engine/worker.ts";
import { createId } from "../../foundation/ids.ts";
import { startServer, type HttpServer } from "../../http/server/server.ts";
import type { Database } from "../../ports/database.ts";
import type { Hint } from "../../protocol/hint.ts";
import { startCutProxy, type CutProxy } from "../../testing/servers/cut-proxy.ts";
import { createHeldModel } from "../../testing/providers/held-model.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";
import { createClient, type Client } from "../client.ts";
import type { ServerEvent } from "../requests/event-parser.ts";
import { createLiveConnection, type LiveConnection } from "./live-connection.ts";
import type { PresentUser } from "./live-link.ts";
import { readEvents } from "../requests/read-events.ts";

describe("the live connection of a page", () => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let server: HttpServer;
  let proxy: CutProxy;
  let client: Client;
  let token: string;
  const opened: LiveConnection[] = [];
  const { model, release, releaseAll } = createHeldModel();

  beforeAll(async () => {
    database = await testDatabases[0]!.open();
    web = await createWeb({ database, model });
    worker = web.spine.worker();
    await worker.start();
    server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    proxy = await startCutProxy(server.port);
    token = await tokenFor();
    client = createClient({ baseUrl: `http://127.0.0.1:${server.port}`, token });
  });
  afterAll(async () => {
    for (const live of opened) live.close();
    releaseAll();
    await worker.drain(1);
    await proxy.close();
    await server.close(1);
    await web.close();
    await database.close();
  });

  const pause = (_milliseconds: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, 20);
      signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
    });
  const connect = async (): Promise<LiveConnection> => {
    const live = createLiveConnection({ baseUrl: `http://127.0.0.1:${proxy.port}`, token: () => token, pause });
    opened.push(live);
    await until(async () => live.isConnected);
    return live;
  };
  const start = async (text: string) => {
    const { id } = await client.conversations.create({});
    return client.completions.start(id, { message: { text } });
  };
  const collect = async (events: AsyncIterable<readonly ServerEvent[]>): Promise<ServerEvent[]> => {
    const all: ServerEvent[] = [];
    for await (const batch of events) all.push(...batch);
    return all;
  };
  const textOf = (events: readonly ServerEvent[]): string =>
    events.map(({ data = "" }) => /"delta":"([^"]*)"/.exec(data)?.[1] ?? "").join("");
  const never = new AbortController().signal;

  it("tells every hint of the user's conversations, and says when it is there", async () => {
    const live = await connect();
    expect(live.status.getSnapshot()).toBe("connected");
    const hints: Hint[] = [];
    live.onHint((hint) => void hints.push(hint));
    const { completionId, conversationId } = await start("hello");
    await until(async () => hints.filter(({ id }) => id === completionId).length === 3);
    expect(hints[0]).toEqual({ kind: "conversation", id: conversationId, conversationId, version: 1 });
  });

  it("C2 watches a completion with the very events of its SSE stream, also again and twice at once", async () => {
    const live = await connect();
    const { completionId } = await start("hold-watch");
    const first = collect(live.watch(completionId, { signal: never }));
    const second = collect(live.watch(completionId, { signal: never }));
    release("hold-watch");
    const [one, other] = await Promise.all([first, second]);
    expect(textOf(one.slice(one.findLastIndex(({ data }) => data?.includes('"start"'))))).toBe("one two");
    expect(one.at(-1)).toEqual({ data: "[DONE]" });
    expect(textOf(other)).toBe("one two");
    const response = await client.completions.watch(completionId);
    const sse = await collect(readEvents(response!.body!));
    expect(await collect(live.watch(completionId, { signal: never }))).toEqual(sse);
    const seen = sse[2]?.id;
    const rest = await collect(live.watch(completionId, { lastEventId: seen, signal: never }));
    expect(rest.filter(({ id }) => id !== undefined).map(({ id }) => id)).toEqual(
      sse.slice(3).flatMap(({ id }) => id ?? []),
    );
  });

  it("stops when it is asked to, and refuses as the server does", async () => {
    const live = await connect();
    const { completionId } = await start("hold-leave");
    const leaving = new AbortController();
    const events = live.watch(completionId, { signal: leaving.signal });
    expect((await events.next()).done).toBe(false);
    leaving.abort();
    expect((await events.next()).done).toBe(true);
    // frames of the watch that was left may still be on their way
    const again = live.watch(completionId, { signal: never });
    release("hold-leave");
    const told = await collect(again);
    expect(JSON.parse(told[0]?.data ?? "")).toMatchObject({ type: "start" });
    expect(textOf(told)).toBe("one two");
    await expect(live.watch(createId(), { signal: never }).next()).rejects.toMatchObject({
      code: "not_found",
      status: 404,
    });
  });

  it("N8 comes back after a cut: subscribed as before, and nothing of an answer is lost or told twice", async () => {
    const live = await connect();
    const statuses: string[] = [];
    live.status.subscribe(() => void statuses.push(live.status.getSnapshot()));
    const { conversationId, completionId } = await start("hold-cut");
    const heard: Hint[] = [];
    let connections = 0;
    live.subscribe(conversationId, {
      onHint: (hint) => void heard.push(hint),
      onPresence: () => {},
      onConnected: () => void (connections += 1),
    });
    const events: ServerEvent[] = [];
    const follow = async (): Promise<void> => {
      const lastEventId = events.findLast(({ id }) => id !== undefined)?.id;
      for await (const batch of live.watch(completionId, { lastEventId, signal: never })) events.push(...batch);
    };
    const broken = follow().catch((thrown: unknown) => thrown);
    await until(async () => textOf(events) === "one ");
    proxy.cut();
    expect(await broken).toMatchObject({ code: "unreachable", isPassing: true });
    await until(async () => statuses.includes("interrupted"));
    await expect(follow()).rejects.toMatchObject({ code: "unreachable" });
    release("hold-cut");
    proxy.mend();
    await until(async () => connections === 1);
    await follow();
    expect(textOf(events)).toBe("one two");
    const positions = events.flatMap(({ id }) => (id === undefined ? [] : [Number(id.split(".")[1])]));
    const first = positions[0] ?? 0;
    expect(positions).toEqual(positions.map((_position, index) => first + index));
    const before = heard.length;
    await client.conversations.change(conversationId, { title: "Other" });
    await until(async () => heard.length > before);
    expect(statuses.at(-1)).toBe("connected");
  });

  it("says that it is refused where the token is not valid, and connects with the next one", async () => {
    let offered = "no token at all";
    const live = createLiveConnection({ baseUrl: `http://127.0.0.1:${proxy.port}`, token: () => offered, pause });
    opened.push(live);
    await until(async () => live.status.getSnapshot() === "refused");
    offered = token;
    await until(async () => live.isConnected);
    live.close();
    expect(live.status.getSnapshot()).toBe("closed");
  });

  it("knows who else looks at a conversation, and who writes", async () => {
    const workspace = createId();
    const tokens = [await tokenFor({ subject: "eve", workspace }), await tokenFor({ subject: "mallory", workspace })];
    const baseUrl = `http://127.0.0.1:${proxy.port}`;
    const owner = createClient({ baseUrl, token: tokens[0] });
    const { id } = await owner.conversations.create({ visibility: "workspace" });
    const pages = tokens.map((offered) => createLiveConnection({ baseUrl, token: offered, pause }));
    opened.push(...pages);
    const present: (readonly PresentUser[])[] = [[], []];
    await until(async () => pages.every(({ isConnected }) => isConnected));
    const leave = pages.map((page, index) =>
      page.subscribe(id, {
        onHint: () => {},
        onPresence: (users) => void (present[index] = users),
        onConnected: () => {},
      }),
    );
    await until(async () => present.every((users) => users.length === 2));
    pages[1]?.setWriting(id, true);
    await until(async () => present[0]?.some(({ isWriting }) => isWriting));
    leave[1]?.();
    await until(async () => present[0]?.length === 1);
    expect(present[0]?.map(({ isWriting }) => isWriting)).toEqual([false]);
  });
});
