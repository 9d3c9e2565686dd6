import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { WebSocket } from "ws";
import { until } from "../../src/testing/spine.ts";
import type { NatterNode } from "../faults/natter-node.ts";
import { metricsToken, type Nodes, openNodes, watch } from "./nodes.ts";

const postgresUrl = inject("postgresUrl");
const redisUrl = inject("redisUrl");

describe.skipIf(postgresUrl === null || redisUrl === null)("B2 roles of nodes", () => {
  let nodes: Nodes;
  beforeEach(async () => {
    nodes = await openNodes(postgresUrl!, redisUrl!);
  });
  afterEach(() => nodes.close());

  const send = ({ url }: NatterNode): Promise<Response> =>
    fetch(`${url}/v1/chat`, {
      method: "POST",
      headers: { authorization: `Bearer ${nodes.token}`, "content-type": "application/json" },
      body: JSON.stringify({ message: { text: "hello" } }),
    });
  const idOf = (frames: readonly { readonly chunk: unknown }[]): string =>
    (frames[0]!.chunk as { messageMetadata: { completionId: string } }).messageMetadata.completionId;
  const metricsOf = async ({ url }: NatterNode): Promise<string> =>
    (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } })).text();
  const completedBy = async (node: NatterNode): Promise<number> =>
    (await metricsOf(node))
      .split("\n")
      .filter((line) => line.startsWith("natter_completions_total{") && line.includes('"completed"'))
      .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);

  test("a web node takes requests and claims nothing, a worker works and takes no request", async () => {
    const web = await nodes.start("web");
    const stream = watch(await send(web));
    const started = await stream.untilSaid("");
    nodes.provider.release();
    const worker = await nodes.start("worker");
    const { text, isDone } = await stream.untilOver();
    expect([text, isDone, started.retry]).toEqual(["one two", true, null]);
    expect([await completedBy(web), await completedBy(worker)]).toEqual([0, 1]);

    const statusOf = async (path: string, method = "GET") => {
      const headers = { authorization: `Bearer ${nodes.token}`, "content-type": "application/json" };
      return (await fetch(worker.url + path, { method, headers, redirect: "manual" })).status;
    };
    expect(await Promise.all(["/healthz", "/readyz"].map((path) => statusOf(path)))).toEqual([200, 200]);
    const closed = ["/", "/v1/me", "/v1/conversations", "/v1/live", "/openapi.json", "/docs", "/login?token=x"];
    expect(new Set(await Promise.all(closed.map((path) => statusOf(path))))).toEqual(new Set([404]));
    expect(await statusOf("/v1/chat", "POST")).toBe(404);
    expect((await fetch(`${worker.url}/metrics`)).status).toBe(401);
    const socket = new WebSocket(`${worker.url.replace("http", "ws")}/v1/live`, {
      headers: { authorization: `Bearer ${nodes.token}` },
    });
    const [, refused] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
    expect(refused.statusCode).toBe(404);
  });

  test("a worker needs no identity on a public address, where a web node does not start without one", async () => {
    const open = { HOST: "0.0.0.0", NATTER_JWT_SECRET: "" };
    await expect(nodes.start("web", open)).rejects.toThrow(/HOST: 0\.0\.0\.0 can be reached/);
    const worker = await nodes.start("worker", open);
    expect(worker.output).toContain("Natter works");
    expect(worker.output).not.toContain("/login");
  });

  test("F21 a worker told to go is unready, claims nothing more, ends what it runs, and exits with 0", async () => {
    const web = await nodes.start("web");
    const leaving = await nodes.start("worker");
    const stream = watch(await send(web));
    await stream.untilSaid("one ");
    const exited = leaving.end("SIGTERM");
    await until(async () => (await fetch(`${leaving.url}/readyz`)).status === 503);
    const next = watch(await send(web));
    const staying = await nodes.start("worker");
    await next.untilSaid("one ");
    nodes.provider.release();
    expect(await stream.untilOver()).toMatchObject({ text: "one two", isDone: true, retry: null });
    expect(await next.untilOver()).toMatchObject({ text: "one two", isDone: true });
    expect(await exited).toBe(0);
    expect(nodes.provider.requests).toHaveLength(2);
    expect(await completedBy(staying)).toBe(1);
  });

  test("F21 what a worker can't end in its time another takes over, without a crash and without its viewer's notice", async () => {
    const web = await nodes.start("web");
    const leaving = await nodes.start("worker", { NATTER_DRAIN_SECONDS: "0", NATTER_LEASE_SECONDS: "600" });
    const stream = watch(await send(web));
    const { frames } = await stream.untilSaid("one ");
    await nodes.start("worker", { NATTER_LEASE_SECONDS: "600" });
    expect(await leaving.end("SIGTERM")).toBe(0);
    nodes.provider.release();
    const seen = await stream.untilOver();
    expect([seen.isDone, seen.retry]).toEqual([true, null]);
    expect(seen.frames.map(({ chunk }) => chunk.type)).toContain("reset-step");
    const row = await nodes.database.look(async (rows) =>
      rows.query(sql`select status, crashes from completion where id = ${idOf(frames)}`),
    );
    expect(row).toEqual([{ status: "completed", crashes: 0 }]);
  });

  test("F21 a web node told to go sends its viewers to another, where they go on after what they have seen", async () => {
    const [leaving, staying] = [await nodes.start("web"), await nodes.start("web")];
    await nodes.start("worker");
    const stream = watch(await send(leaving));
    const before = await stream.untilSaid("one ");
    expect(await leaving.end("SIGTERM")).toBe(0);
    const told = await stream.untilOver();
    expect([told.isDone, told.text]).toEqual([false, "one "]);
    expect(told.retry).toBeGreaterThan(0);
    const id = idOf(before.frames);
    expect(await nodes.statusOf(id)).toBe("running");
    nodes.provider.release();
    const rest = await fetch(`${staying.url}/v1/completions/${id}/events`, {
      headers: { authorization: `Bearer ${nodes.token}`, "last-event-id": told.lastId ?? "" },
    });
    const after = await watch(rest).untilOver();
    expect([after.text, after.isDone]).toEqual(["two", true]);
    const positions = [...told.frames, ...after.frames].flatMap(({ id: at }) => (at === undefined ? [] : [at]));
    expect(new Set(positions).size).toBe(positions.length);
    expect(nodes.provider.requests).toHaveLength(1);
  });
});
