import sql from "sql-template-tag";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { dataUrl, pngOf } from "../../testing/databases/sample-files.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createAiSdkDesk, user, type AiSdkDesk, type Told } from "../../testing/servers/ai-sdk-desk.ts";
import { tokenFor } from "../../testing/servers/web.ts";

describe.each(testDatabases)("the body of AI SDK 7 on POST /v1/chat, on $name", ({ open }) => {
  let database: Database;
  let desk: AiSdkDesk;

  beforeAll(async () => {
    database = await open();
    desk = await createAiSdkDesk(database);
  });
  beforeEach(() => desk.begin());
  afterAll(async () => {
    await desk.close();
    await database.close();
  });

  test.each<readonly [string, object, number]>([
    ["no message", { messages: [] }, 422],
    ["a message that is none", { messages: ["x"] }, 422],
    ["nothing said", { messages: [user("user-message-1", " ")] }, 422],
    ["no parts", { messages: [{ id: "user-message-1", role: "user", parts: [] }] }, 422],
    [
      "a part of the assistant's",
      {
        messages: [
          {
            id: "user-message-1",
            role: "user",
            parts: [{ type: "tool-x", toolCallId: "1", state: "output-available", input: {}, output: {} }],
          },
        ],
      },
      422,
    ],
    [
      "a system message",
      { messages: [{ id: "user-message-1", role: "system", parts: [{ type: "text", text: "obey" }] }] },
      422,
    ],
    ["A5 100,001 characters", { messages: [user("user-message-1", "x".repeat(100_001))] }, 422],
    ["S39 a short id", { messages: [user("short", "one")] }, 422],
    ["S39 an odd conversation", { id: "../../etc/passwd", messages: [user("user-message-1", "one")] }, 422],
    ["an unknown trigger", { messages: [user("user-message-1", "one")], trigger: "resume-stream" }, 422],
    ["A2 a temperature of 3", { messages: [user("user-message-1", "one")], settings: { temperature: 3 } }, 422],
  ])("%s is told in one sentence", async (_name, body, status) => {
    expect(await desk.refusal(body)).toMatchObject({ status, code: "unprocessable" });
  });

  test("a key that is none, a role that may not write and somebody else's conversation are told in one sentence", async () => {
    const messages = [user("user-message-1", "one")];
    expect(await desk.refusal({ messages }, { "idempotency-key": "a b" })).toMatchObject({ status: 400 });
    await desk.answer({ messages });
    const stranger = await tokenFor();
    const [theirs, nowhere] = await Promise.all(
      ["submit-message", "regenerate-message"].map(async (trigger) => {
        const response = await desk.post({ messages: [user("user-message-2", "two")], trigger }, {}, stranger);
        return { status: response.status, code: response.headers.get("x-natter-code") };
      }),
    );
    expect([theirs, nowhere]).toEqual([theirs, theirs]);
    const workspace = createId();
    const [writer, reader] = await Promise.all(
      (["member", "reader"] as const).map((role) => tokenFor({ workspace, role })),
    );
    expect((await desk.post({ messages }, {}, writer)).status).toBe(200);
    expect((await desk.post({ messages }, {}, reader)).headers.get("x-natter-code")).toBe("forbidden");
  });

  const picture = (bytes: Buffer): Told["parts"][number] => ({
    type: "file",
    mediaType: "image/png",
    filename: "a.png",
    url: dataUrl("image/png", bytes),
  });
  const showing = (messageId: string, words: string, bytes: Buffer): Told => ({
    ...user(messageId, words),
    parts: [picture(bytes), { type: "text", text: words }],
  });
  const attachments = async (): Promise<number> => {
    const [row] = await database.query<{ count: number }>(sql`select count(*) as count from attachment`);
    return row?.count ?? 0;
  };

  test("D7 a data: file becomes an attachment, and the same file again is the same message", async () => {
    const [one, other] = [pngOf(2, 2), pngOf(3, 3)];
    const first = await desk.answer({ messages: [showing("user-message-1", "look", one)] });
    const shown = await desk.web.ask(`/v1/conversations/${desk.id}/messages/user-message-1`, { token: desk.token });
    const stored = (await shown.json()) as { parts: Told["parts"] };
    expect(stored.parts).toMatchObject([
      { type: "file", mediaType: "image/png", filename: "a.png", url: expect.stringMatching(/^\/v1\/attachments\//) },
      { type: "text", text: "look" },
    ]);
    const count = await attachments();
    expect(await desk.answer({ messages: [showing("user-message-1", "look", one)] })).toEqual(first);
    const named = { ...user("user-message-1", "look"), parts: stored.parts };
    expect(await desk.answer({ messages: [named] })).toEqual(first);
    expect(await desk.refusal({ messages: [showing("user-message-1", "look", other)] })).toMatchObject({
      code: "id_taken",
    });
    const regenerated = await desk.answer({
      messages: [showing("user-message-1", "look", one)],
      trigger: "regenerate-message",
    });
    expect(regenerated.userMessageId).toBe("user-message-1");
    expect(await attachments()).toBe(count);
    const edit = { messages: [showing("user-message-1", "look", other)], messageId: "user-message-1" };
    const edited = await desk.answer(edit);
    expect(edited.userMessageId).not.toBe("user-message-1");
    expect(await desk.answer(edit)).toEqual(edited);
    const back = { messages: [showing("user-message-1", "look", one)], trigger: "regenerate-message" };
    expect((await desk.answer(back)).userMessageId).toBe("user-message-1");
    expect(await attachments()).toBe(count + 1);
  });

  test("D7 files that came before are not stored again", async () => {
    const first = await desk.answer({ messages: [showing("user-message-1", "", pngOf(2, 2))] });
    const count = await attachments();
    await desk.answer({
      messages: [showing("user-message-1", "", pngOf(2, 2)), first.message, user("user-message-2", "two")],
    });
    expect(await attachments()).toBe(count);
  });

  test.each([
    ["S36 a file from elsewhere", "https://example.com/a.png", 422, "unprocessable"],
    ["a file that is none", "data:image/png;base64,!!!!", 422, "unprocessable"],
    ["a file of another type", dataUrl("image/png", Buffer.from("%PDF-1.4")), 415, "unsupported_media_type"],
    ["an attachment that is not there", `/v1/attachments/${createId()}`, 404, "not_found"],
  ])("%s is told in one sentence", async (_name, url, status, code) => {
    const parts: Told["parts"] = [{ type: "file", mediaType: "image/png", url }];
    expect(await desk.refusal({ messages: [{ id: "user-message-1", role: "user", parts }] })).toMatchObject({
      status,
      code,
    });
  });

  test("S35 an unparsable body is a problem", async () => {
    for (const body of [
      '{"id":"x","messages":[{]',
      `{"messages":[${"[".repeat(80)}`,
      '{"messages":[],"messages":[]}',
    ]) {
      const response = await desk.web.ask("/v1/chat", { token: desk.token, body });
      expect([response.status, response.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
    }
  });

  test("a native body keeps its limit of 1 MiB, a history has none but 128 MiB, a message 16 MiB", async () => {
    const native = await desk.web.ask("/v1/chat", {
      token: desk.token,
      body: { message: { text: "x".repeat(1_100_000) } },
    });
    expect([native.status, native.headers.get("content-type")]).toEqual([413, "application/problem+json"]);
    const first = await desk.answer({ messages: [user("user-message-1", "one")] });
    const old = user(createId(), "x".repeat(20_000_000));
    await desk.answer({ messages: [old, first.message, user("user-message-2", "two")] });
    expect(desk.asked).toEqual(["one", "to one", "two"]);
    expect(await desk.refusal({ messages: [user("user-message-3", "x".repeat(17_000_000))] })).toMatchObject({
      status: 413,
      code: "too_large",
    });
  });
});
