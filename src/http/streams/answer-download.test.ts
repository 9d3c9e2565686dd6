import { request as nodeRequest, type IncomingMessage } from "node:http";
import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Database } from "../../ports/database.ts";
import { silentLogger } from "../../foundation/logger.ts";
import { seedConversation } from "../../testing/databases/seed-conversation.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { createWeb, requestOf, tokenFor, type Web } from "../../testing/servers/web.ts";
import { createId } from "../../foundation/ids.ts";
import { startServer, type HttpServer } from "../server/server.ts";

const downloads = ["/v1/export?format=zip", "/v1/export", "/v1/admin/users?format=csv", "/v1/admin/usage?format=csv"];

describe("long downloads", { timeout: 60_000 }, () => {
  let database: Database;
  let web: Web;
  let boss: string;
  let token: string;
  let userId: string;
  let failure: Error | null = null;
  const seats = downloads.length;
  let workspace: string;
  const logged = vi.fn<(report: object, message: string) => void>();
  const closing: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    database = await testDatabases.at(-1)!.open();
    failure = null;
    logged.mockClear();
    web = await createWeb({
      database,
      model: createScriptedModel(() => []),
      logger: { ...silentLogger, error: logged },
      dependencies: { limits: { viewersPerUser: seats } },
      changeContext: (context) => ({
        ...context,
        blobs: {
          ...context.blobs,
          async get(key, range) {
            if (failure !== null) throw failure;
            return context.blobs.get(key, range);
          },
        },
      }),
    });
    workspace = createId();
    boss = await tokenFor({ subject: "boss", workspace, role: "owner" });
    token = await tokenFor({ subject: "second", workspace, role: "admin" });
    await web.ask("/v1/me", { token: boss });
    ({ userId } = (await (await web.ask("/v1/me", { token })).json()) as { userId: string });
    const { blobs } = web.spine.context;
    const place = { database, blobs, workspaceId: workspace, ownerId: userId, otherId: userId };
    const said = { parent: null, rank: 0, metadata: null, isRemoved: false, isOfOther: false, vote: null } as const;
    const rest = { status: "active", visibility: "private", pinned: false, settings: {}, model: null } as const;
    const file = { content: Buffer.alloc(4_000_000, "a line that is long\n"), mediaType: "text/plain", name: "a.txt" };
    for (let number = 0; number < 3; number += 1)
      await seedConversation(place, {
        ...rest,
        title: `Talk ${number}`,
        leaf: 0,
        files: [file],
        artifacts: [],
        messages: [{ ...said, role: "user", parts: [{ type: "file", index: 0 }] }],
      });
  });
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
    await web.close();
    await database.close();
  });

  const serve = async (): Promise<HttpServer> => {
    const server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    closing.push(() => server.close(0));
    return server;
  };
  const request = (server: HttpServer, path: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      nodeRequest(`http://127.0.0.1:${server.port}${path}`, { headers })
        .on("response", resolve)
        .on("error", reject)
        .end();
    });
  const begin = async (path: string, as = token) => {
    const response = await web.ask(path, { token: as });
    expect(response.status).toBe(200);
    const reader = response.body!.getReader();
    await reader.read();
    return reader;
  };
  const readToEnd = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> => {
    while (!(await reader.read()).done);
  };
  const member = (body: object | undefined) => {
    const method = body === undefined ? "DELETE" : "PATCH";
    return web.ask(`/v1/workspaces/${workspace}/members/${userId}`, { method, token: boss, body });
  };

  test.each(downloads)(
    "S44 %s takes a viewer's seat until it is read, left, or asked for by HEAD alone",
    async (path) => {
      const readers = [];
      for (let taken = 0; taken < seats; taken += 1) readers.push(await begin(path));
      for (const refused of [...downloads, "/v1/events"])
        expect([refused, (await web.ask(refused, { token })).status]).toEqual([refused, 429]);
      expect((await web.ask("/v1/admin/users", { token })).status).toBe(200);
      expect((await web.ask(path, { token: boss })).status).toBe(200);
      for (const [index, reader] of readers.entries()) await (index % 2 === 0 ? reader.cancel() : readToEnd(reader));
      for (let asked = 0; asked <= seats; asked += 1)
        expect((await web.http.fetch(requestOf(path, { method: "HEAD", token }))).status).toBe(200);
      for (let again = 0; again <= seats; again += 1) await readToEnd(await begin(path));
    },
  );

  const revoked = async (): Promise<Response> => {
    const [{ id } = { id: "" }] = await database.query<{ id: string }>(sql`select id from api_key`);
    return web.ask(`/v1/api-keys/${id}`, { method: "DELETE", token });
  };
  test.each([
    ["is suspended", () => member({ suspended: true }), 200],
    ["is taken out of the workspace", () => member(undefined), 204],
    ["came by a key that is revoked", revoked, 204],
  ])(
    "S11 all are broken off when their user %s, and never end as if they were whole",
    async (_what, happen, status) => {
      const made = await web.ask("/v1/api-keys", { token, body: { name: "mine", scopes: ["read", "admin"] } });
      const { key } = (await made.json()) as { key: string };
      const readers = await Promise.all(downloads.map((path) => begin(path, key)));
      expect((await happen()).status).toBe(status);
      for (const reader of readers) await expect(readToEnd(reader)).rejects.toThrow("broken off");
    },
  );

  test("S13 an export of one conversation is broken off when that is not shared any more", async () => {
    await database.query(sql`update conversation set visibility = 'workspace'`);
    const [{ id } = { id: "" }] = await database.query<{ id: string }>(sql`select id from conversation limit 1`);
    const reader = await begin(`/v1/export?conversationId=${id}`, boss);
    const path = `/v1/conversations/${id}`;
    expect((await web.ask(path, { method: "PATCH", token, body: { visibility: "private" } })).status).toBe(200);
    await expect(readToEnd(reader)).rejects.toThrow("broken off");
  });

  test("S11 on a server, somebody who has read nothing yet is cut off as well", async () => {
    const response = await request(await serve(), "/v1/export?format=zip");
    const { promise: cut, resolve } = Promise.withResolvers<void>();
    response.on("error", () => {}).on("close", resolve);
    expect((await member({ suspended: true })).status).toBe(200);
    response.resume();
    await cut;
    expect(response.complete).toBe(false);
  });

  test("S46 what cannot be made to its end is logged and told to nobody", async () => {
    failure = new Error("the password is in here");
    const response = await request(await serve(), "/v1/export");
    const told: Buffer[] = [];
    const read = async (): Promise<void> => {
      for await (const piece of response) told.push(piece as Buffer);
    };
    await expect(read()).rejects.toThrow("aborted");
    expect(Buffer.concat(told).toString()).not.toContain("password");
    expect(logged).toHaveBeenCalledWith(expect.objectContaining({ error: failure }), "a download broke off");
  });
});
