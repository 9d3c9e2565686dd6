import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../client/natter-client.ts";
import type { StorageLimits } from "../../conversations/files/storage.ts";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import type { Attachment, Message } from "../../protocol/resources.ts";
import { pdf, pngOf } from "../../testing/databases/sample-files.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";
import { startServer } from "../server/server.ts";

const storage: StorageLimits = { takesFiles: true, uploadBytes: 100_000, bytesPerUser: 250_000 };
const png = pngOf(3, 2, randomBytes(50_000));

describe.each(testDatabases)("C8 uploads on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let token: string;

  const openWeb = async (
    given: Partial<StorageLimits> = {},
    change: (own: BlobStore) => BlobStore = (own) => own,
  ): Promise<void> => {
    web = await createWeb({
      database,
      model: createScriptedModel(() => []),
      changeContext: (context) => ({
        ...context,
        blobs: change(context.blobs),
        storage: { ...storage, ...given },
      }),
    });
    token = await tokenFor({ subject: "anna", workspace: "w-uploads", role: "member" });
  };

  beforeEach(async () => {
    database = await open();
    await openWeb();
  });
  afterEach(async () => {
    await web.close();
    await database.close();
  });

  const upload = (bytes: Uint8Array, type = "image/png", name = "photo.png", as = token): Promise<Response> =>
    web.http.fetch(
      new Request(`http://natter.test/v1/attachments?filename=${encodeURIComponent(name)}`, {
        method: "POST",
        headers: { authorization: `Bearer ${as}`, "content-type": type },
        body: Buffer.from(bytes),
      }),
    );
  const left = async (): Promise<{ files: number; rows: number }> => {
    let files = 0;
    for await (const _key of web.spine.context.blobs.list(new Date(Date.now() + 60_000))) files += 1;
    const [row] = await database.query<{ count: number }>(sql`select count(*) as count from attachment`);
    return { files, rows: row?.count ?? 0 };
  };

  test("A5 a file is stored, named by a message, and comes back byte for byte", async () => {
    const stored = await upload(png, "image/png", "Maß & Ziel.png");
    expect(stored.status).toBe(201);
    const attachment = (await stored.json()) as Attachment;
    expect(attachment).toMatchObject({ mediaType: "image/png", filename: "Maß & Ziel.png", bytes: png.length });
    expect(stored.headers.get("location")).toBe(attachment.url);
    const conversationId = createId();
    const parts = [{ type: "file", url: attachment.url, mediaType: "text/plain" }];
    const sent = await web.ask("/v1/chat", { token, body: { conversationId, message: { parts } } });
    await sent.body?.cancel();
    const listed = await web.ask(`/v1/conversations/${conversationId}/messages`, { token });
    const [message] = ((await listed.json()) as { data: Message[] }).data;
    expect(message?.parts).toEqual([
      { type: "file", mediaType: "image/png", filename: "Maß & Ziel.png", url: attachment.url },
    ]);
    const read = await web.ask(attachment.url, { token });
    expect(Buffer.from(await read.arrayBuffer()).equals(png)).toBe(true);
  });

  test("S7 until a message names it, nobody else can read it or send it", async () => {
    const { url } = (await (await upload(png)).json()) as Attachment;
    const other = await tokenFor({ subject: "bob", workspace: "w-uploads", role: "owner" });
    expect((await web.ask(url, { token: other })).status).toBe(404);
    const parts = [{ type: "file", url, mediaType: "image/png" }];
    expect((await web.ask("/v1/chat", { token: other, body: { message: { parts } } })).status).toBe(404);
    const sent = await web.ask("/v1/chat", { token, body: { message: { parts } } });
    await sent.body?.cancel();
    const said = await Promise.all(
      [url, `/v1/attachments/${createId()}`].map(async (path) =>
        (await web.ask(path, { token: other, headers: { "x-request-id": "the-same-request" } })).text(),
      ),
    );
    expect(said[0]).toBe(said[1]);
  });

  test.each([
    ["S41 too large", Buffer.alloc(100_001, "a"), "text/plain", "a.txt", 413],
    ["S41 of another type than it says", png, "application/pdf", "a.pdf", 415],
    ["S41 of no type that is taken", Buffer.from("PK\x03\x04\0\0"), "application/zip", "a.zip", 415],
    ["S41 a bomb of pixels", pngOf(50_000, 50_000), "image/png", "a.png", 422],
    ["S41 with a path for a name", png, "image/png", "../../x.png", 422],
    ["S41 with a drive for a name", png, "image/png", "C:\\x.png", 422],
    ["S41 with the name of a device", png, "image/png", "CON", 422],
    ["S41 with 300 bytes of name", png, "image/png", "ä".repeat(150), 422],
    ["S41 with a NUL in its name", png, "image/png", "a\0.png", 422],
    ["S41 with a dash before its name", png, "image/png", "-rf.png", 422],
    ["empty", Buffer.alloc(0), "text/plain", "a.txt", 422],
  ])("a file that is %s is refused and leaves nothing", async (_what, bytes, ...about) => {
    const [type, name, status] = about;
    expect((await upload(bytes, type, name)).status).toBe(status);
    expect(await left()).toEqual({ files: 0, rows: 0 });
  });

  test("S22 what was uploaded is served as a download that runs nothing", async () => {
    for (const [bytes, type] of [
      [Buffer.from("<script>alert(1)</script>"), "text/html"],
      [Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "image/svg+xml"],
      [pdf, "application/pdf"],
    ] as const) {
      const { url } = (await (await upload(bytes, type, "a.bin")).json()) as Attachment;
      const { headers } = await web.ask(url, { token });
      expect(headers.get("content-disposition")).toMatch(/^attachment;/);
      expect(headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  test("a user's files find room up to the quota, also when they come at once, and others have their own", async () => {
    const many = await Promise.all(Array.from({ length: 8 }, () => upload(png)));
    const statuses = many.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([201, 201, 201, 201, 507, 507, 507, 507]);
    expect(await left()).toEqual({ files: 4, rows: 4 });
    const other = await tokenFor({ subject: "bob", workspace: "w-uploads", role: "member" });
    expect((await upload(png, "image/png", "a.png", other)).status).toBe(201);
    const data = `data:image/png;base64,${png.toString("base64")}`;
    const parts = [{ type: "file", url: data, mediaType: "image/png" }];
    const conversationId = createId();
    expect((await web.ask("/v1/chat", { token, body: { conversationId, message: { parts } } })).status).toBe(507);
    expect((await web.ask(`/v1/conversations/${conversationId}`, { token })).status).toBe(404);
    expect(await left()).toEqual({ files: 5, rows: 5 });
  });

  test("where files are turned off, none is taken in either way", async () => {
    await web.close();
    await openWeb({ takesFiles: false });
    expect((await upload(png)).status).toBe(403);
    const parts = [{ type: "file", url: "data:text/plain;base64,aGVsbG8=", mediaType: "text/plain" }];
    expect((await web.ask("/v1/chat", { token, body: { message: { parts } } })).status).toBe(403);
    expect(await left()).toEqual({ files: 0, rows: 0 });
  });

  test("F26 a full disk is told as 507, and nothing stays", async () => {
    await web.close();
    await openWeb({}, (own) => ({
      ...own,
      put: (key, content, maxBytes) =>
        own.put(
          key,
          (async function* () {
            for await (const piece of content) {
              yield piece;
              throw new NatterError("insufficient_storage", "There is no room.");
            }
          })(),
          maxBytes,
        ),
    }));
    expect((await upload(png)).status).toBe(507);
    expect(await left()).toEqual({ files: 0, rows: 0 });
  });

  test("F26 an upload that breaks off leaves nothing, and the server goes on", async () => {
    await web.close();
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<unknown>();
    await openWeb({}, (own) => ({
      ...own,
      put(key, content, maxBytes) {
        const watched = async function* () {
          for await (const piece of content) {
            begun.resolve();
            yield piece;
          }
        };
        const putting = own.put(key, watched(), maxBytes);
        putting.then(ended.resolve, ended.resolve);
        return putting;
      },
    }));
    const server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    try {
      const socket = connect(server.port, "127.0.0.1");
      await once(socket, "connect");
      const head = `POST /v1/attachments HTTP/1.1\r\nhost: natter.test\r\nauthorization: Bearer ${token}\r\n`;
      socket.write(`${head}content-type: text/plain\r\ncontent-length: 90000\r\n\r\n${"a".repeat(30_000)}`);
      await begun.promise;
      socket.destroy();
      expect(await ended.promise).toMatchObject({ code: "invalid_request" });
      expect(await left()).toEqual({ files: 0, rows: 0 });
      const client = createClient({ baseUrl: `http://127.0.0.1:${server.port}`, token });
      const told: number[] = [];
      const file = new File([new Uint8Array(90_000).fill(97)], "after.txt", { type: "text/plain" });
      const stored = await client.attachments.uploadFile(file, { onProgress: (ratio) => told.push(ratio) });
      expect(stored).toMatchObject({ filename: "after.txt", bytes: 90_000 });
      expect(told).toEqual([0, 1]);
      const tooLarge = new Blob([new Uint8Array(200_000).fill(97)]);
      await expect(client.attachments.uploadFile(tooLarge)).rejects.toMatchObject({ status: 413 });
    } finally {
      await server.close(0);
    }
  });
});
