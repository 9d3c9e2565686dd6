import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../src/foundation/ids.ts";
import type { Database } from "../../src/ports/database.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { accessRows, openRoutes } from "./rows.ts";
import { createWorld, nobody, type Caller, type World } from "./world.ts";

const canary = "canarywordofnobodyelse";
const reads = [...Object.keys(accessRows), ...openRoutes].filter((name) => name.startsWith("get "));
/** What a route might be asked so that it tells more than by itself. */
const questions = [`?q=${canary}`, "?count=true&limit=200", "?limit=200", "?format=markdown", ""];

describe.each(testDatabases)("what is somebody's alone, on $name", { timeout: 180_000 }, ({ open }) => {
  let database: Database;
  let world: World;
  let owner: Caller;
  let conversationId: string;

  const ask = async (path: string, body: object): Promise<Response> => {
    const response = await world.web.ask(path, { headers: owner.headers, body });
    expect([path, response.status < 300]).toEqual([path, true]);
    return response;
  };

  beforeAll(async () => {
    database = await open();
    world = await createWorld(database);
    owner = await world.caller("owner", "member");
    conversationId = createId();
    const path = `/v1/conversations/${conversationId}`;
    await ask("/v1/conversations", { id: conversationId, title: `title ${canary}` });
    const url = `data:text/plain;base64,${Buffer.from(canary).toString("base64")}`;
    const parts = [
      { type: "text", text: `text ${canary}` },
      { type: "file", url, filename: `${canary}.txt` },
    ];
    await ask(`${path}/messages`, { message: { parts } });
    await ask(`${path}/artifacts`, { kind: "document", title: canary, content: canary });
    await (await ask("/v1/chat", { conversationId, message: { text: `asked ${canary}` } })).body?.cancel();
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  /** Everything that reading routes say to somebody, in any way they can be asked. */
  const heard = async (caller: Caller): Promise<string[]> => {
    const told: string[] = [];
    for (const name of reads) {
      const path = name
        .slice("get ".length)
        .replaceAll("{conversationId}", conversationId)
        .replaceAll("{workspaceId}", world.workspaceId)
        .replaceAll("{userId}", encodeURIComponent(caller.name))
        .replaceAll(/\{\w+\}/g, createId());
      for (const question of questions) {
        const response = await world.web.ask(`${path}${question}`, { headers: caller.headers });
        if (response.headers.get("content-type")?.startsWith("text/event-stream") === true) {
          await response.body?.cancel();
          continue;
        }
        const body = Buffer.from(await response.arrayBuffer());
        const all = `${body.toString("latin1")} ${JSON.stringify([...response.headers])}`;
        if (all.replaceAll(`q=${canary}`, "").includes(canary)) told.push(`${path}${question} ${response.status}`);
      }
    }
    return told;
  };

  test("S7, S12 is told to no stranger, no colleague, no admin and nobody, by any route that reads, however it is asked", async () => {
    const callers: readonly Caller[] = [
      await world.caller("stranger", "owner", createId()),
      await world.caller("colleague", "member"),
      await world.caller("reader", "reader"),
      await world.caller("boss", "admin"),
      await world.keyOf("owner", ["read", "chat", "keys", "admin", "act-as"]),
      nobody,
    ];
    for (const caller of callers) expect([caller.name, await heard(caller)]).toEqual([caller.name, []]);
  });

  test("is told to the one whose it is, by more than one route", async () => {
    expect((await heard(owner)).length).toBeGreaterThan(5);
  });
});
