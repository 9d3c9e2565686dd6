import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { requestOf } from "../../src/testing/servers/web.ts";
import type { Natter } from "../../src/natter.ts";
import { type Nodes, openNodes, watch } from "./nodes.ts";

const postgresUrl = inject("postgresUrl");
const redisUrl = inject("redisUrl");
const streams = 50;

describe.skipIf(postgresUrl === null || redisUrl === null)("C1 host applications of a cluster", () => {
  let nodes: Nodes;
  beforeEach(async () => {
    nodes = await openNodes(postgresUrl!, redisUrl!);
  });
  afterEach(() => nodes.close());
  const send = (natter: Natter): Promise<Response> =>
    natter.fetch(requestOf("/v1/chat", { token: nodes.token, body: { message: { text: "hello" } } }));

  test("a host without a place for workers serves by fetch alone, and a worker elsewhere answers", async () => {
    const serverless = nodes.mount("web");
    const stream = watch(await send(serverless));
    await nodes.start("worker");
    await stream.untilSaid("one ");
    nodes.provider.release();
    expect(await stream.untilOver()).toMatchObject({ text: "one two", isDone: true });
  });

  test("eight of them start at once on an empty database, and answer everything once", async () => {
    nodes.provider.release();
    const hosts = Array.from({ length: 8 }, () => nodes.mount("all"));
    const answers = await Promise.all(hosts.map(async (host) => watch(await send(host)).untilOver()));
    for (const answer of answers) expect(answer).toMatchObject({ text: "one two", isDone: true });
    expect(nodes.provider.requests).toHaveLength(8);
    const done = await nodes.database.look((rows) =>
      rows.query<{ fence: number; crashes: number }>(sql`select distinct fence, crashes from completion`),
    );
    expect(done).toEqual([{ fence: 1, crashes: 0 }]);
  });

  test("F11 no connection to the database is held while streaming: 50 streams leave the two there are to others", async () => {
    const host = nodes.mount("web", {
      DATABASE_URL: `${nodes.database.environment["DATABASE_URL"]}?application_name=streaming`,
      NATTER_DATABASE_CONNECTIONS: "2",
    });
    await nodes.start("worker");
    const open: ReturnType<typeof watch>[] = [];
    // five at once: more would rightly be told that two connections are too few for them
    for (let begun = 0; begun < streams; begun += 5)
      open.push(...(await Promise.all(Array.from({ length: 5 }, async () => watch(await send(host))))));
    await Promise.all(open.map((stream) => stream.untilSaid("one ")));
    const held = async () =>
      (
        await nodes.database.look((rows) =>
          rows.query<{ all: number; busy: number }>(sql`
            select count(*) as all, count(*) filter (where state <> 'idle') as busy
            from pg_stat_activity where application_name = 'streaming'`),
        )
      )[0];
    // one may just be looking for something; one that is held stays so
    await expect.poll(async () => (await held())?.busy).toBe(0);
    expect((await held())?.all).toBeLessThanOrEqual(4);
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => host.fetch(requestOf("/v1/conversations", { token: nodes.token }))),
    );
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([200]));
    nodes.provider.release();
    for (const stream of open) expect(await stream.untilOver()).toMatchObject({ text: "one two", isDone: true });
  });

  test("F11 while requests hold every connection the next ones are 503 with Retry-After, and what streams goes on to its end", async () => {
    const host = nodes.mount("web", { NATTER_DATABASE_CONNECTIONS: "2" });
    await nodes.start("worker");
    const stream = watch(await send(host));
    await stream.untilSaid("one ");
    const [locked, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const locking = nodes.database.look((rows) =>
      rows.transaction(async () => {
        await rows.query(sql`lock table idempotency in access exclusive mode`);
        locked.resolve();
        await free.promise;
      }),
    );
    await locked.promise;
    const refused: Response[] = [];
    const enough = Promise.withResolvers<void>();
    const asked = Array.from({ length: 20 }, async (_, index) => {
      const headers = { "idempotency-key": `key-${index}` };
      const body = { message: { text: "hello" } };
      const response = await host.fetch(requestOf("/v1/chat", { token: nodes.token, body, headers }));
      if (response.status === 503 && refused.push(response) === 18) enough.resolve();
      return response;
    });
    await enough.promise;
    for (const response of refused) expect(response.headers.get("retry-after")).toBe("1");
    nodes.provider.release();
    expect(await stream.untilOver()).toMatchObject({ text: "one two", isDone: true });
    free.resolve();
    await locking;
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    const stored = await nodes.database.look((rows) => rows.query(sql`select count(*) as count from completion`));
    expect(stored).toEqual([{ count: 3 }]);
  });
});
