import { randomBytes } from "node:crypto";
import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { Message } from "../../protocol/resources.ts";
import { dataUrl, pdf, pngOf } from "../../testing/databases/sample-files.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";

const png = pngOf(3, 2, randomBytes(50_000));
const filePart = (bytes: Uint8Array = png, mediaType = "image/png", filename = "photo.png") => ({
  type: "file",
  url: dataUrl(mediaType, bytes),
  mediaType,
  filename,
});

describe.each(testDatabases)("C8 attachments on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let token: string;
  const workspace = "w-attachments";

  beforeEach(async () => {
    database = await open();
    web = await createWeb({ database, model: createScriptedModel(() => []) });
    token = await tokenFor({ subject: "anna", workspace, role: "member" });
  });
  afterEach(async () => {
    await web.close();
    await database.close();
  });

  const say = async (
    parts: unknown[],
    options: { conversationId?: string; token?: string } = {},
  ): Promise<Response> => {
    const conversationId = options.conversationId ?? createId();
    const response = await web.ask("/v1/chat", {
      token: options.token ?? token,
      body: { conversationId, message: { parts } },
    });
    if (response.status === 200) await response.body?.cancel();
    return response;
  };
  const messages = async (conversationId: string, as = token): Promise<readonly Message[]> => {
    const response = await web.ask(`/v1/conversations/${conversationId}/messages`, { token: as });
    return ((await response.json()) as { data: Message[] }).data;
  };
  /** Sends one file in a conversation of its own. */
  const upload = async (part: object = filePart(), as = token): Promise<{ conversationId: string; url: string }> => {
    const conversationId = createId();
    expect((await say([part], { conversationId, token: as })).status).toBe(200);
    const stored = (await messages(conversationId, as))[0]?.parts[0];
    if (stored?.type !== "file") throw new Error("the first part is no file");
    return { conversationId, url: stored.url };
  };
  const blobCount = async (): Promise<number> => {
    let count = 0;
    for await (const _key of web.spine.context.blobs.list(new Date(Date.now() + 60_000))) count += 1;
    return count;
  };
  const rowCount = async (): Promise<number> =>
    (await database.query<{ count: number }>(sql`select count(*) as count from attachment`))[0]?.count ?? 0;

  test("A5 a data: file becomes an attachment that its message names, and comes back byte for byte", async () => {
    const conversationId = createId();
    const parts = [{ type: "text", text: "look" }, filePart(), filePart(pdf, "application/pdf", "Maß.pdf")];
    expect((await say(parts, { conversationId })).status).toBe(200);
    const [stored] = await messages(conversationId);
    expect(stored?.parts).toEqual([
      { type: "text", text: "look" },
      {
        type: "file",
        mediaType: "image/png",
        filename: "photo.png",
        url: expect.stringMatching(/^\/v1\/attachments\//),
      },
      { type: "file", mediaType: "application/pdf", filename: "Maß.pdf", url: expect.any(String) },
    ]);
    const [, first, second] = (stored?.parts ?? []) as { url: string }[];
    const image = await web.ask(first!.url, { token });
    expect(Buffer.from(await image.arrayBuffer()).equals(png)).toBe(true);
    expect(Object.fromEntries(image.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": String(png.length),
      "content-disposition": `inline; filename="photo.png"; filename*=UTF-8''photo.png`,
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-cache",
    });
    const document = await web.ask(second!.url, { token });
    expect(document.headers.get("content-disposition")).toBe(
      `attachment; filename="Ma_.pdf"; filename*=UTF-8''Ma%C3%9F.pdf`,
    );
    expect(Buffer.from(await document.arrayBuffer()).equals(pdf)).toBe(true);
  });

  test.each([
    ["text/html", "<script>alert(1)</script>", "page.html"],
    ["image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "drawing.svg"],
    ["application/xml", "<?xml version='1.0'?><a/>", "a.xml"],
    ["application/pdf", pdf.toString(), "both.pdf"],
  ])("S22 %s is a download that a browser runs nothing of", async (mediaType, content, name) => {
    const { url } = await upload(filePart(Buffer.from(content), mediaType, name));
    const { headers } = await web.ask(url, { token });
    expect(headers.get("content-disposition")).toMatch(/^attachment;/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
  });

  test("a range, a known ETag and a range past the end", async () => {
    const { url } = await upload();
    const whole = await web.ask(url, { token });
    const etag = whole.headers.get("etag") ?? "";
    await whole.body?.cancel();
    const ranged = await web.ask(url, { token, headers: { range: "bytes=100-199" } });
    expect(ranged.status).toBe(206);
    expect(ranged.headers.get("content-range")).toBe(`bytes 100-199/${png.length}`);
    expect(Buffer.from(await ranged.arrayBuffer()).equals(png.subarray(100, 200))).toBe(true);
    const changed = await web.ask(url, { token, headers: { range: "bytes=0-1", "if-range": '"another"' } });
    expect(changed.status).toBe(200);
    await changed.body?.cancel();
    const known = await web.ask(url, { token, headers: { "if-none-match": `"x", W/${etag}` } });
    expect([known.status, await known.text()]).toEqual([304, ""]);
    const beyond = await web.ask(url, { token, headers: { range: `bytes=${png.length}-` } });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${png.length}`]);
  });

  test("a message may name an attachment again, with or without a mount before it, and cannot describe it otherwise", async () => {
    const { url } = await upload();
    const conversationId = createId();
    const named = { type: "file", url: `/natter${url}`, mediaType: "text/html", filename: "other.html" };
    expect((await say([named], { conversationId })).status).toBe(200);
    const [stored] = await messages(conversationId);
    expect(stored?.parts).toEqual([{ type: "file", mediaType: "image/png", filename: "photo.png", url }]);
    expect(await rowCount()).toBe(1);
  });

  test("S7 an attachment of another's private conversation is as one that is not there, read or named", async () => {
    const { url } = await upload();
    for (const someone of [
      { subject: "ben", workspace, role: "admin" },
      { subject: "anna", workspace: "w-other", role: "owner" },
    ] as const) {
      const theirs = await tokenFor(someone);
      const bodies: unknown[] = [];
      for (const asked of [url, `/v1/attachments/${createId()}`]) {
        const answers = [
          await web.ask(asked, { token: theirs }),
          await say([{ type: "file", url: asked }], { token: theirs }),
        ];
        for (const answer of answers) {
          expect(answer.status).toBe(404);
          const { requestId, ...body } = (await answer.json()) as Record<string, unknown>;
          expect(requestId).toBeTypeOf("string");
          bodies.push(body);
        }
      }
      expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    }
  });

  test("who may read a shared conversation may read its files; a fork of it keeps them", async () => {
    const { conversationId, url } = await upload();
    const bens = await tokenFor({ subject: "ben", workspace, role: "member" });
    expect((await web.ask(url, { token: bens })).status).toBe(404);
    await web.ask(`/v1/conversations/${conversationId}`, { method: "PATCH", token, body: { visibility: "workspace" } });
    const seen = await web.ask(url, { token: bens });
    expect(seen.status).toBe(200);
    await seen.body?.cancel();
    const [first] = await messages(conversationId, bens);
    const forked = await web.ask(`/v1/conversations/${conversationId}/fork`, {
      token: bens,
      body: { messageId: first?.id },
    });
    expect([forked.status, await forked.clone().text()]).toEqual([201, expect.any(String)]);
    await web.ask(`/v1/conversations/${conversationId}`, { method: "DELETE", token });
    const kept = await web.ask(url, { token: bens });
    expect(kept.status).toBe(200);
    await kept.body?.cancel();
    expect((await web.ask(url, { token })).status).toBe(404);
  });

  test("S13 a file of a deleted conversation is gone, and there again when that is restored", async () => {
    const { conversationId, url } = await upload();
    await web.ask(`/v1/conversations/${conversationId}`, { method: "DELETE", token });
    expect((await web.ask(url, { token })).status).toBe(404);
    expect((await say([{ type: "file", url }])).status).toBe(404);
    await web.ask(`/v1/conversations/${conversationId}/restore`, { method: "POST", token });
    const back = await web.ask(url, { token });
    expect(back.status).toBe(200);
    await back.body?.cancel();
  });

  test("a file goes with the last message that names it", async () => {
    const conversationId = createId();
    await web.ask("/v1/conversations", { token, body: { id: conversationId } });
    const add = async (part: object): Promise<Message> => {
      const path = `/v1/conversations/${conversationId}/messages`;
      return (await (await web.ask(path, { token, body: { message: { parts: [part] } } })).json()) as Message;
    };
    const first = await add(filePart());
    const { url } = first.parts[0] as { url: string };
    const second = await add({ type: "file", url });
    for (const { id } of [first, second]) {
      const there = await web.ask(url, { token });
      expect(there.status).toBe(200);
      await there.body?.cancel();
      await web.ask(`/v1/conversations/${conversationId}/messages/${id}`, { method: "DELETE", token });
    }
    // nothing shows it any more: its owner may still name it for a day, nobody else
    const bens = await tokenFor({ subject: "ben", workspace, role: "owner" });
    expect((await web.ask(url, { token: bens })).status).toBe(404);
  });

  test.each([
    ["a type that the content contradicts", filePart(png, "image/jpeg"), 415],
    ["an image of 50,000 by 50,000", filePart(pngOf(50_000, 50_000)), 422],
    ["a path as its name", filePart(png, "image/png", "../../etc/passwd"), 422],
    ["an address elsewhere", { type: "file", url: "https://example.com/x.png" }, 422],
    ["an address on this machine", { type: "file", url: "file:///etc/passwd" }, 422],
    ["a member nobody knows", { ...filePart(), providerMetadata: {} }, 422],
  ])("S41 a file with %s is refused and nothing is stored", async (_what, part, status) => {
    const response = await say([filePart(), part]);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    expect([await rowCount(), await blobCount()]).toEqual([0, 0]);
  });

  test("F26 what is refused after its files were stored leaves none behind", async () => {
    const { conversationId } = await upload();
    await web.ask(`/v1/conversations/${conversationId}`, { method: "PATCH", token, body: { status: "archived" } });
    expect((await say([filePart()], { conversationId })).status).toBe(409);
    expect([await rowCount(), await blobCount()]).toEqual([1, 1]);
  });

  const shown = async (conversationId: string): Promise<string[]> => {
    const rows = await database.query<{ id: string }>(
      sql`select attachment_id as id from conversation_attachment where conversation_id = ${conversationId} order by 1`,
    );
    return rows.map(({ id }) => `/v1/attachments/${id}`);
  };

  test("an edit brings files of its own, and the message that it stands beside keeps its", async () => {
    const { conversationId, url } = await upload();
    const [first] = await messages(conversationId);
    const path = `/v1/conversations/${conversationId}/messages/${first?.id}/edits`;
    const edited = await web.ask(path, {
      token,
      body: { message: { parts: [filePart(pdf, "application/pdf", "b.pdf")] } },
    });
    expect(edited.status).toBe(200);
    await edited.body?.cancel();
    const urls = (await messages(conversationId)).flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === "file" ? [part.url] : [])),
    );
    expect(urls).toHaveLength(2);
    expect(urls[0]).toBe(url);
    expect(await shown(conversationId)).toEqual(urls.toSorted());
  });

  test("a waiting send that is changed or taken back lets go of its files", async () => {
    const { conversationId, url } = await upload();
    await say([filePart(pdf, "application/pdf", "b.pdf")], { conversationId });
    const path = `/v1/conversations/${conversationId}/waiting-sends`;
    const { data } = (await (await web.ask(path, { token })).json()) as { data: { completionId: string }[] };
    const waiting = `/v1/waiting-sends/${data[1]?.completionId}`;
    expect(await shown(conversationId)).toHaveLength(2);
    const parts = [filePart(Buffer.from("instead"), "text/plain", "c.txt"), { type: "text", text: "this" }];
    expect((await web.ask(waiting, { method: "PATCH", token, body: { message: { parts } } })).status).toBe(204);
    const [kept, changed, ...more] = await shown(conversationId);
    expect([kept, more]).toEqual([url, []]);
    expect((await web.ask(changed ?? "", { token })).headers.get("content-type")).toBe("text/plain");
    expect((await web.ask(waiting, { method: "DELETE", token })).status).toBe(204);
    expect(await shown(conversationId)).toEqual([url]);
  });

  test("F12 a repeated request stores its files once", async () => {
    const body = { conversationId: createId(), message: { parts: [filePart()] } };
    const headers = { "idempotency-key": "the-same" };
    for (let times = 0; times < 3; times += 1) {
      const response = await web.ask("/v1/chat", { token, body, headers });
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
    expect([await rowCount(), await blobCount()]).toEqual([1, 1]);
  });

  test("an attachment whose file was lost is 404, not a crash", async () => {
    const { url } = await upload();
    for await (const key of web.spine.context.blobs.list(new Date(Date.now() + 60_000)))
      await web.spine.context.blobs.delete(key);
    expect((await web.ask(url, { token })).status).toBe(404);
  });
});
