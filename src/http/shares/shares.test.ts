import { afterEach, beforeEach, describe, expect, test } from "vitest";
import sql from "sql-template-tag";
import { defaultAgents } from "../../agents/default-agents.ts";
import { createMemoryLimits } from "../../drivers/limits/limits-memory.ts";
import type { Worker } from "../../engine/worker.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { artifactParts, type Artifact } from "../../protocol/artifact.ts";
import type { Conversation, Message } from "../../protocol/resources.ts";
import type { NewShare, Share, SharedConversation } from "../../protocol/share.ts";
import { createDemoDriver } from "../../providers/demo/demo.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, readStream, tokenFor, type Ask, type Web } from "../../testing/servers/web.ts";
import { createCallerAddress } from "../admission/caller-address.ts";
import { createLimiter } from "../admission/limiter.ts";

const canary = "SECRET-INSTRUCTIONS";

describe.each(testDatabases)("A4 share links on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let token: string;

  beforeEach(async () => {
    database = await open();
    const { default: assistant } = defaultAgents;
    const tries = [{ limit: 5, windowSeconds: 60 }];
    web = await createWeb({
      database,
      model: createDemoDriver({ pace: 0 }),
      agents: { default: { ...assistant, instructions: canary } },
      dependencies: {
        limiter: createLimiter({
          store: createMemoryLimits(),
          callerAddress: createCallerAddress([]),
          sends: [],
          tries,
        }),
      },
    });
    worker = web.spine.worker();
    await worker.start();
    token = await tokenFor({ subject: "anna@example.test", workspace: createId(), role: "member" });
  });
  afterEach(async () => {
    await worker.drain(5);
    await web.close();
    await database.close();
  });

  const ask = async <Body>(path: string, options: Ask = {}): Promise<{ status: number; body: Body }> => {
    const response = await web.ask(path, { token, ...options });
    const text = await response.text();
    return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as Body };
  };
  const say = async (words: string, conversationId: string): Promise<void> => {
    await readStream(await web.ask("/v1/chat", { token, body: { conversationId, message: { text: words } } }));
  };
  const messagesOf = async (id: string, as = token): Promise<Message[]> =>
    (await ask<{ data: Message[] }>(`/v1/conversations/${id}/messages`, { token: as })).body.data;
  const link = async (conversationId: string, body: object = {}): Promise<NewShare> => {
    const made = await ask<NewShare>(`/v1/conversations/${conversationId}/shares`, { body });
    expect(made.status).toBe(201);
    return made.body;
  };
  /** As anybody: without a token of a user. */
  const read = async (path: string): Promise<{ status: number; text: string; headers: Headers }> => {
    const response = await web.ask(path);
    return { status: response.status, text: await response.text(), headers: response.headers };
  };

  test("S16 it shows what was said up to its message, and nothing of owner, instructions, tools or reasoning", async () => {
    const conversationId = createId();
    await say("reason", conversationId);
    await say("add 20 22", conversationId);
    const { token: shared, path } = await link(conversationId);
    await say("said afterwards", conversationId);
    const { status, text, headers } = await read(`/v1/shared/${shared}`);
    expect(status).toBe(200);
    const { messages } = JSON.parse(text) as SharedConversation;
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect(messages[2]?.parts).toEqual([{ type: "text", text: "add 20 22" }]);
    const page = await read(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain("<strong>not an AI</strong>");
    const owner = (await ask<{ userId: string }>("/v1/me")).body.userId;
    for (const seen of [text, page.text])
      for (const hidden of [
        canary,
        "anna@example",
        owner,
        "recite this text",
        '"a":20',
        "toolCallId",
        "said afterwards",
        conversationId,
      ])
        expect(seen).not.toContain(hidden);
    for (const told of [headers, page.headers]) {
      expect(told.get("x-robots-tag")).toContain("noindex");
      expect(told.get("referrer-policy")).toBe("no-referrer");
      expect(told.get("cache-control")).toBe("no-store");
    }
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.text).not.toContain("<script");
  });

  test("S15 a token has 128 bits, only its hash is kept, and guessing ends in 429 while the link still works", async () => {
    const conversationId = createId();
    await say("hello", conversationId);
    const { token: shared } = await link(conversationId);
    expect(Buffer.from(shared, "base64url").length).toBe(16);
    const rows = await database.query(sql`select * from share where conversation_id = ${conversationId}`);
    expect(JSON.stringify(rows)).not.toContain(shared);
    const guesses = [];
    for (let guess = 0; guess < 8; guess += 1)
      guesses.push((await read(`/v1/shared/${Buffer.alloc(16, guess).toString("base64url")}`)).status);
    expect(guesses).toEqual([404, 404, 404, 404, 404, 429, 429, 429]);
    expect((await read(`/v1/shared/${shared}`)).status).toBe(200);
  });

  test("a link that is revoked, has ended, or whose conversation is deleted says what one that never was says", async () => {
    const conversationId = createId();
    await say("hello", conversationId);
    const said = new Set<string>();
    const look = async (shared: string): Promise<void> => {
      const response = await web.ask(`/v1/shared/${shared}`, { headers: { "x-request-id": "the-same-request" } });
      expect(response.status).toBe(404);
      said.add(await response.text());
    };
    const first = await link(conversationId);
    const revoked = await ask(`/v1/conversations/${conversationId}/shares/${first.id}`, { method: "DELETE" });
    expect(revoked.status).toBe(204);
    await look(first.token);
    const second = await link(conversationId, { expiresIn: 60 });
    expect(second.expiresAt).not.toBeNull();
    await database.query(sql`update share set expires_at = now() where id = ${second.id}`);
    await look(second.token);
    const third = await link(conversationId);
    const { body } = await ask<{ data: Share[] }>(`/v1/conversations/${conversationId}/shares`);
    expect(body.data.map(({ id }) => id)).toEqual([third.id]);
    await ask(`/v1/conversations/${conversationId}`, { method: "DELETE" });
    await look(third.token);
    await look("A".repeat(22));
    expect(said.size).toBe(1);
    const deeds = await database.query(sql`select action from audit where target in (${first.id}, ${second.id})`);
    expect(deeds).toHaveLength(3);
  });

  test("S16 it stays as it was: no later name, no other branch, nothing that was removed, and of files the name only", async () => {
    const conversationId = createId();
    const rename = (title: string) => ask(`/v1/conversations/${conversationId}`, { method: "PATCH", body: { title } });
    const file = { type: "file", url: "data:text/plain;base64,aW4gdGhlIGZpbGU=", filename: "plan.txt" };
    const asked = { conversationId, message: { parts: [{ type: "text", text: "first words" }, file] } };
    await readStream(await web.ask("/v1/chat", { token, body: asked }));
    await say("removed words", conversationId);
    await rename("Shown name");
    const { token: shared, path } = await link(conversationId);
    const [question, , ...removed] = await messagesOf(conversationId);
    await rename("Later name");
    const edits = `/v1/conversations/${conversationId}/messages/${question?.id}/edits`;
    await readStream(await web.ask(edits, { token, body: { message: { text: "other branch" } } }));
    for (const { id } of removed) await ask(`/v1/conversations/${conversationId}/messages/${id}`, { method: "DELETE" });
    const stored = question?.parts.find((part) => part.type === "file");
    const url = stored?.type === "file" ? stored.url : "";
    expect((await web.ask(url)).status).toBe(401);
    for (const { status, text } of [await read(`/v1/shared/${shared}`), await read(path)]) {
      expect(status).toBe(200);
      for (const seen of ["Shown name", "first words", "plan.txt"]) expect(text).toContain(seen);
      for (const hidden of ["Later name", "other branch", "removed words", url]) expect(text).not.toContain(hidden);
    }
  });

  test("S13 a link ends while whoever made it is suspended, and when they are no member any more", async () => {
    const conversationId = createId();
    await say("hello", conversationId);
    const { token: shared, path } = await link(conversationId);
    const status = async () => (await read(`/v1/shared/${shared}`)).status;
    expect(await status()).toBe(200);
    for (const end of [
      sql`update member set suspended_at = now()`,
      sql`update "user" set suspended_at = now()`,
      sql`delete from member`,
    ]) {
      await database.query(end);
      expect(await status()).toBe(404);
      await database.query(sql`update member set suspended_at = null`);
      await database.query(sql`update "user" set suspended_at = null`);
    }
    expect((await read(path)).status).toBe(404);
  });

  test("S17 nothing is run through a link, whatever is sent to it", async () => {
    const conversationId = createId();
    await say("hello", conversationId);
    const { token: shared, path } = await link(conversationId);
    const body = { model: "test/other", tools: ["add"], messages: [], message: { text: "run" } };
    for (const at of [`/v1/shared/${shared}`, path]) {
      const response = await web.ask(at, { body });
      expect([404, 405]).toContain(response.status);
    }
    expect(await messagesOf(conversationId)).toHaveLength(2);
  });

  test("whoever reads it can go on in a copy of their own, artifacts included", async () => {
    const conversationId = createId();
    await say("artifact code", conversationId);
    const { token: shared } = await link(conversationId);
    const original = artifactParts((await messagesOf(conversationId)).at(-1)!.parts)[0]!;
    await ask(`/v1/artifacts/${original.artifactId}`, { method: "PATCH", body: { content: "changed afterwards" } });
    expect((await read(`/v1/shared/${shared}`)).text).not.toContain("changed afterwards");
    const other = await tokenFor({ subject: "bob", workspace: createId(), role: "member" });
    const { status, body } = await ask<Conversation>(`/v1/shared/${shared}/copy`, { method: "POST", token: other });
    expect(status).toBe(201);
    const copied = await messagesOf(body.id, other);
    expect(copied.map(({ role, sequence }) => [role, sequence])).toEqual([
      ["user", 1],
      ["assistant", 2],
    ]);
    const [mine] = artifactParts(copied.at(-1)!.parts);
    const { body: artifact } = await ask<Artifact>(`/v1/artifacts/${mine!.artifactId}`, { token: other });
    expect(artifact.content).toContain("fibonacci");
    const sent = await web.ask("/v1/chat", {
      token: other,
      body: { conversationId: body.id, message: { text: "on" } },
    });
    expect((await readStream(sent)).isDone).toBe(true);
    expect(await messagesOf(body.id, other)).toHaveLength(4);
    expect((await ask(`/v1/artifacts/${mine!.artifactId}`)).status).toBe(404);
  });

  test("A4 its owner sees how often it was opened; a copy is no view", async () => {
    const conversationId = createId();
    await say("hello", conversationId);
    const { token: shared, path, views } = await link(conversationId);
    expect(views).toBe(0);
    await read(path);
    await read(`/v1/shared/${shared}`);
    await ask(`/v1/shared/${shared}/copy`, { method: "POST" });
    await link(conversationId);
    const { body } = await ask<{ data: Share[] }>(`/v1/conversations/${conversationId}/shares`);
    expect(body.data.map((known) => known.views)).toEqual([0, 2]);
  });

  test("A4 a reader makes a copy of what is shared in a workspace where they may write, and nowhere else", async () => {
    const owner = await tokenFor();
    const guest = await tokenFor();
    const whoIs = async (as: string) =>
      (await ask<{ userId: string; workspaceId: string }>("/v1/me", { token: as })).body;
    const { workspaceId } = await whoIs(owner);
    const { userId, workspaceId: own } = await whoIs(guest);
    await database.query(
      sql`insert into member (workspace_id, user_id, role) values (${workspaceId}, ${userId}, 'reader')`,
    );
    const conversationId = createId();
    const body = { conversationId, message: { text: "add 20 22" } };
    await readStream(await web.ask("/v1/chat", { token: owner, body }));
    const copy = (to: string) =>
      ask<Conversation>(`/v1/conversations/${conversationId}/copy`, {
        token: guest,
        body: { workspaceId: to },
        headers: { "natter-workspace": workspaceId },
      });
    expect((await copy(own)).status).toBe(404);
    const change = { visibility: "workspace" };
    await ask(`/v1/conversations/${conversationId}`, { method: "PATCH", token: owner, body: change });
    expect((await copy(workspaceId)).status).toBe(403);
    expect((await copy(createId())).status).toBe(404);
    const made = await copy(own);
    expect([made.status, made.body.workspaceId, made.body.ownerId]).toEqual([201, own, userId]);
    const copied = await messagesOf(made.body.id, guest);
    expect(copied.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(JSON.stringify(copied)).not.toContain("toolCallId");
  });

  test("what is temporary, empty or still being answered is not shared", async () => {
    const { body: empty } = await ask<Conversation>("/v1/conversations", { body: {} });
    expect((await ask(`/v1/conversations/${empty.id}/shares`, { body: {} })).status).toBe(409);
    const { body: temporary } = await ask<Conversation>("/v1/conversations", { body: { temporary: true } });
    await say("hello", temporary.id);
    expect((await ask(`/v1/conversations/${temporary.id}/shares`, { body: {} })).status).toBe(409);
  });
});
