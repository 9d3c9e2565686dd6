import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { defaultAgents } from "../../agents/default-agents.ts";
import type { Worker } from "../../engine/worker.ts";
import type { Database } from "../../ports/database.ts";
import type { FeatureCollection } from "../../protocol/message/geo-json.ts";
import type { Message } from "../../protocol/resources.ts";
import { createDemoDriver } from "../../providers/demo/demo.ts";
import { foldChunks } from "../../testing/providers/arbitrary-answer.ts";
import { readLog } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, readStream, tokenFor, type Web } from "../../testing/servers/web.ts";
import { tool } from "../../tools/tool.ts";

const names = ({ features }: FeatureCollection) => features.map(({ properties }) => properties["name"]);

describe.each(testDatabases)("A5 A8 maps over HTTP on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let token: string;

  beforeAll(async () => {
    database = await open();
    const add = tool({
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      execute: ({ a, b }) => ({
        geojson: {
          type: "Feature",
          geometry: { type: "Point", coordinates: [a, b] },
          properties: { name: `${a}, ${b}` },
        },
      }),
    });
    const agents = { ...defaultAgents, pins: { tools: { add } } };
    web = await createWeb({ database, model: createDemoDriver({ pace: 0 }), agents });
    worker = web.spine.worker();
    await worker.start();
    token = await tokenFor();
  });
  afterAll(async () => {
    await worker.drain(0);
    await web.close();
    await database.close();
  });

  const say = async (text: string, more: object = {}) => {
    const sent = await web.ask("/v1/chat", { token, body: { message: { text }, stream: false, ...more } });
    return (await sent.json()) as { conversationId: string; completionId: string; message: Message };
  };
  const mapOf = async (conversationId: string, query = "") => {
    const response = await web.ask(`/v1/conversations/${conversationId}/map${query}`, { token });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/geo+json"]);
    return (await response.json()) as FeatureCollection;
  };

  test("the places that a tool mentions are a part of the answer, in the stream, in the log and stored", async () => {
    const { conversationId, completionId, message } = await say("map");
    const part = message.parts.at(-1);
    expect(part).toMatchObject({ type: "data-natter-map", id: "map", data: { type: "FeatureCollection" } });
    const { chunks } = await readLog(web.spine.log, completionId);
    expect(foldChunks(chunks).parts).toEqual(message.parts);
    expect(chunks.at(-2)?.type).toBe("data-natter-map");
    const replay = await readStream(await web.ask(`/v1/completions/${completionId}/events`, { token }));
    expect(foldChunks(replay.chunks).parts).toEqual(message.parts);
    const map = await mapOf(conversationId);
    expect(names(map)).toEqual(["Royal Observatory, Greenwich", "Torre de Belém, Lisbon", "Museumsinsel, Berlin"]);
    expect(map.features[1]).toEqual({
      type: "Feature",
      geometry: { type: "Point", coordinates: [-9.216, 38.6916] },
      properties: { name: "Torre de Belém, Lisbon", messageId: message.id },
    });
  });

  test("a conversation's map is that of its active branch, or of the one that is asked for, each place once", async () => {
    const first = await say("add 1 2", { agent: "pins" });
    const { conversationId } = first;
    const second = await say("add 3 4", { conversationId, agent: "pins" });
    const again = await say("add 1 2", { conversationId, agent: "pins" });
    expect(names(await mapOf(conversationId))).toEqual(["3, 4", "1, 2"]);
    expect((await mapOf(conversationId)).features[1]?.properties["messageId"]).toBe(again.message.id);
    await say("add 5 6", { conversationId, agent: "pins", parentId: first.message.id });
    expect(names(await mapOf(conversationId))).toEqual(["1, 2", "5, 6"]);
    expect(names(await mapOf(conversationId, `?branch=${second.message.id}`))).toEqual(["1, 2", "3, 4"]);
    expect(names(await mapOf(conversationId, "?branch=active"))).toEqual(["1, 2", "5, 6"]);
    await web.ask(`/v1/conversations/${conversationId}/messages/${second.message.id}`, { token, method: "DELETE" });
    expect(names(await mapOf(conversationId, `?branch=${again.message.id}`))).toEqual(["1, 2"]);
  });

  test("an answer that mentions no place has no map, and neither has a conversation without one", async () => {
    const { conversationId, message } = await say("time");
    expect(message.parts.some(({ type }) => type === "data-natter-map")).toBe(false);
    expect(await mapOf(conversationId)).toEqual({ type: "FeatureCollection", features: [] });
    const made = await web.ask("/v1/conversations", { token, body: {} });
    const { id } = (await made.json()) as { id: string };
    expect((await mapOf(id)).features).toEqual([]);
  });

  test("S7 a branch that is not there, another's conversation and an odd query are refused", async () => {
    const { conversationId } = await say("map");
    const status = async (path: string, as = token) => (await web.ask(path, { token: as })).status;
    const path = `/v1/conversations/${conversationId}/map`;
    expect(await status(path, await tokenFor())).toBe(404);
    expect(await status(`${path}?branch=there-is-none-of-it`)).toBe(404);
    expect(await status(`${path}?branch=${encodeURIComponent("' or 1=1")}`)).toBe(400);
    expect(await status(`${path}?limit=1`)).toBe(400);
  });

  test("S10 what a client calls a map is not stored as one", async () => {
    const data = { type: "FeatureCollection", features: [] };
    const parts = [
      { type: "text", text: "hi" },
      { type: "data-natter-map", id: "map", data },
    ];
    const native = await web.ask("/v1/chat", { token, body: { message: { parts } } });
    expect(native.status).toBe(422);
  });
});
