import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../src/foundation/ids.ts";
import type { Database } from "../../src/ports/database.ts";
import type { Ask } from "../../src/testing/servers/web.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { accessRows } from "./rows.ts";
import { createWorld, type World } from "./world.ts";

describe.each(testDatabases)("what one user learns of another on $name", ({ open }) => {
  let database: Database;
  let world: World;

  beforeAll(async () => {
    database = await open();
    world = await createWorld(database);
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  const problemOf = async (response: Response) => (await response.json()) as { code: string; detail: string };

  test("S39 a send under the id of another's conversation is told that the id is taken; in another workspace it is not", async () => {
    const target = await world.build(undefined, "private");
    const colleague = await world.caller("colleague", "admin");
    const said = await world.say("post /v1/chat", target, colleague);
    expect(said).toMatchObject({ status: 409, isUnchanged: true });
    expect(JSON.parse(said.body)).toMatchObject({ code: "id_taken" });
    const stranger = await world.caller("stranger", "owner", createId());
    expect((await world.call("post /v1/chat", target, stranger)).status).toBe(200);
    const owner = await world.caller("owner", "member");
    const mine = await world.web.ask(`/v1/conversations/${target["conversationId"]}`, owner);
    expect(await mine.json()).toMatchObject({ messageCount: 1 });
  });

  test("S12 lists hold one's own only, whatever is asked for", async () => {
    await world.build(undefined, "workspace");
    await world.build(undefined, "private");
    const stranger = await world.caller("stranger", "owner", createId());
    const colleague = await world.caller("colleague", "member");
    for (const caller of [stranger, colleague]) {
      const me = (await (await world.web.ask("/v1/me", caller)).json()) as { userId: string };
      for (const path of ["/v1/conversations?count=true&limit=200", "/v1/conversations?q=%25", "/v1/usage"]) {
        const { data, count } = (await (await world.web.ask(path, caller)).json()) as {
          data: { ownerId?: string }[];
          count?: number;
        };
        expect(data.filter(({ ownerId }) => ownerId !== me.userId)).toEqual([]);
        expect(count ?? data.length).toBe(data.length);
      }
    }
    expect((await world.web.ask(`/v1/conversations?workspaceId=${world.workspaceId}`, stranger)).status).toBe(404);
  });

  test.each([
    "/v1/audit?workspaceId=*",
    "/v1/audit?actorId[$ne]=x",
    "/v1/audit?action=x')%20OR%201=1--",
    "/v1/audit?sort=ip",
    "/v1/audit?cursor=AAAA",
    "/v1/audit?limit=9999",
    "/v1/workspaces/{w}/members?cursor=%7B%7D",
    "/v1/workspaces/{w}/members?role=owner",
    "/v1/conversations?sort=secret",
  ])("S12 %s is refused before anything is read", async (path) => {
    const boss = await world.caller("boss", "admin");
    const response = await world.web.ask(path.replace("{w}", world.workspaceId), boss);
    expect(response.status).toBe(400);
    expect((await problemOf(response)).code).toBe("invalid_request");
  });

  test("S10 who, where and when are never taken from a body", async () => {
    const owner = await world.caller("owner", "member");
    const message = { text: "hello" };
    for (const smuggled of [
      { userId: "another" },
      { workspaceId: "another" },
      { role: "system" },
      { sequence: 1 },
      { createdAt: "2020-01-01T00:00:00Z" },
      { status: "completed" },
      { cost: 0 },
    ]) {
      const outside = await world.web.ask("/v1/chat", { ...owner, body: { message, ...smuggled } });
      expect(outside.status).toBe(422);
      const inside = await world.web.ask("/v1/chat", { ...owner, body: { message: { ...message, ...smuggled } } });
      expect(inside.status).toBe(422);
      const made = await world.web.ask("/v1/workspaces", { ...owner, body: { name: "Mine", ...smuggled } });
      expect(made.status).toBe(422);
    }
  });

  test("N11 what an admin does to another's shared conversation is in the audit log, what its owner does is not", async () => {
    const [owner, boss] = [await world.caller("owner", "member"), await world.caller("boss", "admin")];
    const deeds = async (): Promise<string[]> => {
      const { data } = (await (await world.web.ask("/v1/audit?limit=200", boss)).json()) as {
        data: { action: string; target: string }[];
      };
      return data.map(({ action, target }) => `${action} ${target}`);
    };
    const names = {
      "post /v1/approvals/{approvalId}": ["approval.decide", "approvalId"],
      "delete /v1/approvals/{approvalId}": ["approval.revoke", "approvalId"],
      "delete /v1/conversations/{conversationId}/messages/{messageId}": ["message.remove", "messageId"],
      "delete /v1/artifacts/{artifactId}": ["artifact.remove", "artifactId"],
    } as const;
    for (const [name, [action, key]] of Object.entries(names)) {
      const { state } = accessRows[name]!;
      const [mine, theirs] = [await world.build(state, "workspace"), await world.build(state, "workspace")];
      expect((await world.call(name, mine, owner)).status).toBeLessThan(300);
      expect((await world.call(name, theirs, boss)).status).toBeLessThan(300);
      const told = await deeds();
      expect(told.filter((deed) => deed.endsWith(mine[key]!))).toEqual([]);
      expect(told).toContain(`${action} ${theirs[key]}`);
    }
  });

  test("S47 no other spelling of a path, and no other method, opens a route to nobody", async () => {
    const target = await world.build(undefined, "workspace");
    const spellings: readonly ((path: string) => string)[] = [
      (path) => `/${path}`,
      (path) => `${path}/`,
      (path) => `${path}.`,
      (path) => `${path};x`,
      (path) => path.toUpperCase(),
      (path) => path.replace("/v1/", "/v1/./"),
      (path) => path.replace("/v1/", "/healthz/../v1/"),
      (path) => path.replace("/v1/", "/healthz/%2e%2e/v1/"),
      (path) => path.replace("/v1/", "/v1%2F"),
      (path) => `${path}?token=x&access_token=x`,
    ];
    for (const name of Object.keys(accessRows)) {
      const path = (name.split(" ")[1] ?? "").replaceAll(
        /\{(\w+)\}/g,
        (_all, key: string) => target[key] ?? world.workspaceId,
      );
      const open = async (ask: Ask, spelt: string): Promise<string[]> => {
        const { status } = await world.web.ask(spelt, ask);
        return status < 400 ? [`${ask.method} ${spelt} ${status}`] : [];
      };
      for (const method of ["GET", "HEAD", "OPTIONS", "POST", "DELETE"]) {
        const headers = { "x-http-method-override": "GET", "x-original-url": "/healthz" };
        for (const spell of spellings) expect(await open({ method, headers }, spell(path))).toEqual([]);
      }
    }
  });

  test("S50 a header that names a workspace without membership is answered as if there were none", async () => {
    const guest = await world.caller("guest", "member", null);
    const ask = (workspace: string) =>
      world.web.ask("/v1/me", { headers: { ...guest.headers, "natter-workspace": workspace } });
    const [theirs, none] = [await ask(world.workspaceId), await ask(createId())];
    expect([theirs.status, none.status]).toEqual([404, 404]);
    const { requestId: _one, ...first } = (await theirs.json()) as Record<string, unknown>;
    const { requestId: _two, ...second } = (await none.json()) as Record<string, unknown>;
    expect(first).toEqual(second);
  });
});
