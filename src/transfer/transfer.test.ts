import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { Conversation, Message } from "../protocol/resources.ts";
import { jpegOf, pngOf } from "../testing/databases/sample-files.ts";
import { seedConversation } from "../testing/databases/seed-conversation.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { testRuns } from "../testing/test-runs.ts";
import { createTransferDesk, type TransferDesk } from "../testing/databases/transfer-desk.ts";
import { requestOf, tokenFor, type Ask, type Web } from "../testing/servers/web.ts";

const chatgpt = (id: string, words: readonly string[]) => {
  const nodes = ["root", ...words.map((_, index) => `${id}-message-${index}`)];
  return {
    title: `Talk ${id}`,
    create_time: 1_700_000_000.5,
    update_time: 1_700_000_100,
    conversation_id: id,
    current_node: nodes.at(-1),
    mapping: Object.fromEntries(
      nodes.map((node, index) => [
        node,
        {
          id: node,
          parent: nodes[index - 1] ?? null,
          children: nodes.slice(index + 1, index + 2),
          message:
            index === 0
              ? null
              : {
                  author: { role: index % 2 === 1 ? "user" : "assistant" },
                  create_time: 1_700_000_000 + index,
                  content: { content_type: "text", parts: [words[index - 1]] },
                },
        },
      ]),
    ),
  };
};

describe.each(testDatabases)("export and import on $name", ({ open }) => {
  let database: Database;
  let desk: TransferDesk;
  let web: Web;

  beforeAll(async () => {
    database = await open();
    desk = await createTransferDesk(database);
    web = desk.web;
  });
  afterAll(async () => {
    await desk.close();
    await database.close();
  });

  const json = <Body>(path: string, ask: Ask): Promise<Body> => desk.json(path, ask);
  const bring = (token: string, file: Uint8Array | string) => desk.bring(token, file);
  const takeOut = async (token: string, query = ""): Promise<string> => (await desk.takeOut(token, query)).toString();
  const messagesOf = async (token: string, id: string): Promise<Message[]> =>
    (await json<{ data: Message[] }>(`/v1/conversations/${id}/messages?limit=200`, { token })).data;
  const wipe = (token: string, ids: readonly string[]) =>
    Promise.all(ids.map((id) => web.ask(`/v1/conversations/${id}`, { method: "DELETE", token }))).then(() =>
      database.query(sql`delete from conversation where id = any(${[...ids]})`),
    );

  /** Everything that has to come back. */
  const stateOf = async (token: string, ids: readonly string[]): Promise<unknown[]> => {
    const states: unknown[] = [];
    for (const id of ids) {
      const {
        version: _version,
        settingsVersion: _settings,
        ...conversation
      } = await json<Conversation>(`/v1/conversations/${id}`, { token });
      const messages: unknown[] = [];
      for (const { completionId: _id, completion: _completion, ...message } of await messagesOf(token, id)) {
        const parts: unknown[] = [];
        for (const part of message.parts) {
          const isFile = part.type === "file";
          const content = isFile ? await (await web.ask(part.url, { token })).text() : "";
          parts.push(isFile ? { ...part, url: content } : part);
        }
        messages.push({ ...message, parts });
      }
      states.push({ ...conversation, messages });
    }
    return states;
  };

  const build = async (token: string, steps: readonly (readonly [string, number])[]): Promise<string> => {
    const body = { title: "Talk – 日本", pinned: true, settings: { temperature: 0.5 }, visibility: "workspace" };
    const { id } = await json<Conversation>("/v1/conversations", { token, body });
    const ids: string[] = [];
    for (const [action, number] of steps) {
      const messageId = createId();
      const parentId = ids.length === 0 ? null : ids[number % ids.length]!;
      const file = {
        type: "file",
        url: `data:text/plain;base64,${Buffer.from(`file ${number}`).toString("base64")}`,
        filename: "ä.txt",
      };
      const content =
        action === "file"
          ? { parts: [{ type: "text", text: "with a file" }, file] }
          : { text: `${action} \u{1f9e1} ${number}` };
      const path = `/v1/conversations/${id}/messages`;
      await json(path, { token, body: { message: { id: messageId, ...content }, parentId } });
      ids.push(messageId);
      if (action === "drop") await web.ask(`${path}/${messageId}`, { method: "DELETE", token });
      if (action === "drop") ids.pop();
    }
    return id;
  };

  test("N10 export, wipe, import gives the same conversations, branches, votes and files", async () => {
    const step = fc.tuple(fc.constantFrom("say", "say", "file", "drop"), fc.nat(20));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 8 }), { minLength: 1, maxLength: 3 }), async (plans) => {
        const token = await tokenFor();
        const ids: string[] = [];
        for (const plan of plans) ids.push(await build(token, plan));
        const before = await stateOf(token, ids);
        const file = await takeOut(token);
        await wipe(token, ids);
        const report = await bring(token, file);
        expect(report).toMatchObject({ status: "completed", imported: ids.length, failed: 0, skipped: 0 });
        expect(await stateOf(token, ids)).toEqual(before);
        const again = await bring(token, zipSync({ "natter.jsonl": strToU8(file) }));
        expect(again).toMatchObject({ status: "completed", imported: 0, skipped: ids.length });
      }),
      { numRuns: testRuns(3), endOnFailure: true },
    );
  });

  test("N10 answers, their votes and edits come back, and waiting sends stay behind", async () => {
    const token = await tokenFor();
    const worker = web.spine.worker();
    await worker.start();
    const { conversationId: id, message } = await json<{ conversationId: string; message: Message }>("/v1/chat", {
      token,
      body: { message: { text: "first" }, stream: false },
    });
    await json(`/v1/conversations/${id}/messages/${message.id}/vote`, {
      token,
      method: "PUT",
      body: { value: "down", reason: "wrong" },
    });
    await worker.drain(5);
    const before = await stateOf(token, [id]);
    await json(`/v1/conversations/${id}/completions`, { token, body: { message: { text: "waits" } } });
    const file = await takeOut(token, `?conversationId=${id}`);
    await wipe(token, [id]);
    await bring(token, file);
    const [after] = (await stateOf(token, [id])) as [Conversation & { messages: Message[] }];
    expect(after.messages).toEqual((before[0] as typeof after).messages);
    expect(await json(`/v1/conversations/${id}/messages/${message.id}/vote`, { token })).toEqual({
      value: "down",
      reason: "wrong",
    });
    const markdown = await takeOut(token, `?conversationId=${id}&format=markdown`);
    expect(markdown).toMatch(/## You \([-0-9: ]+\)\n\nfirst\n\n## Assistant \([-0-9: ]+\)\n\nanswer/u);
  });

  test("N10 a ChatGPT export comes in as zip, with branches, and what cannot be read is told conversation by conversation", async () => {
    const token = await tokenFor();
    const good = chatgpt(createId(), ["hello", "hi there"]);
    const [first = ""] = Object.keys(good.mapping).slice(1);
    Object.assign(good.mapping, {
      "a-branch-of-it": {
        id: "a-branch-of-it",
        parent: first,
        message: { author: { role: "assistant" }, content: { content_type: "text", parts: ["other answer"] } },
      },
      "a-hidden-tool": {
        id: "a-hidden-tool",
        parent: "a-branch-of-it",
        message: { author: { role: "tool" }, content: { content_type: "text", parts: ["internal"] } },
      },
    });
    const list = [good, { title: "Broken", mapping: 7 }, "nonsense", chatgpt(createId(), ["second"])];
    const report = await bring(
      token,
      zipSync({ "chat.html": strToU8("<html>"), "conversations.json": strToU8(JSON.stringify(list)) }),
    );
    expect(report).toMatchObject({ status: "completed", imported: 2, failed: 2 });
    expect(report.items.map(({ title, outcome }) => [title, outcome])).toEqual([
      [good.title, "imported"],
      ["Broken", "failed"],
      [null, "failed"],
      [list.at(-1) !== undefined ? report.items[3]!.title : null, "imported"],
    ]);
    const messages = await messagesOf(token, good.conversation_id);
    expect(messages.map(({ role, parts }) => [role, parts])).toEqual([
      ["user", [{ type: "text", text: "hello" }]],
      ["assistant", [{ type: "text", text: "hi there" }]],
      ["assistant", [{ type: "text", text: "other answer" }]],
    ]);
    expect(messages[2]!.parentId).toBe(messages[0]!.id);
    const told = await json<Conversation>(`/v1/conversations/${good.conversation_id}`, { token });
    expect(told).toMatchObject({
      title: good.title,
      createdAt: "2023-11-14T22:13:20.500Z",
      activeLeafId: messages[1]!.id,
    });
  });

  test("N10 pictures and files of a ChatGPT export come along, also those that a tool has made; what is missing is told", async () => {
    const token = await tokenFor();
    const id = createId();
    const node = (name: string, parent: string | null, message: object | null) => [name, { id: name, parent, message }];
    const picture = (pointer: string) => ({
      content_type: "image_asset_pointer",
      asset_pointer: pointer,
      size_bytes: 9,
    });
    const list = [
      {
        title: "Pictures",
        conversation_id: id,
        current_node: "third-message-x",
        mapping: Object.fromEntries([
          node("root", null, null),
          node("first-message-x", "root", {
            author: { role: "user" },
            content: {
              content_type: "multimodal_text",
              parts: [picture("file-service://file-AbC123"), "what is this?", picture("sediment://file_gone")],
            },
            metadata: {
              attachments: [
                { id: "file-AbC123", name: "photo.png", mime_type: "image/png" },
                { id: "file-Doc9", name: "notes.md", mime_type: "text/markdown" },
                { id: "file-Word1", name: "letter.docx", mime_type: "application/msword" },
              ],
            },
          }),
          node("second-message-x", "first-message-x", {
            author: { role: "tool" },
            content: { content_type: "multimodal_text", parts: [picture("sediment://file_0007#part")] },
          }),
          node("third-message-x", "second-message-x", {
            author: { role: "assistant" },
            content: { content_type: "text", parts: ["a cat"] },
          }),
        ]),
      },
    ];
    const report = await bring(
      token,
      zipSync({
        "conversations.json": strToU8(JSON.stringify(list)),
        "file-AbC123-photo.png": pngOf(3, 3),
        "file-Doc9-notes.md": strToU8("# Notes"),
        "file-Word1-letter.docx": Uint8Array.from([80, 75, 3, 4, 0]),
        "user-1/file_0007-generated.dat": jpegOf(5, 5),
      }),
    );
    expect(report).toMatchObject({ imported: 1, failed: 0 });
    expect(report.items[0]!.leftOut).toEqual([
      expect.stringMatching(/^file: It is not in the export/u),
      expect.stringMatching(/^letter.docx: /u),
    ]);
    const messages = await messagesOf(token, id);
    const told = messages.map(({ role, parts }) => [
      role,
      ...parts.map((part) => (part.type === "file" ? [part.filename, part.mediaType] : "text" in part && part.text)),
    ]);
    expect(told).toEqual([
      [
        "user",
        "what is this?",
        ["photo.png", "image/png"],
        "[file: file]",
        ["notes.md", "text/markdown"],
        "[file: letter.docx]",
      ],
      ["assistant", ["file_0007-generated.dat", "image/jpeg"]],
      ["assistant", "a cat"],
    ]);
    const picturePart = messages[0]!.parts[1]!;
    const file = await web.ask(picturePart.type === "file" ? picturePart.url : "", { token });
    expect(Buffer.from(await file.arrayBuffer())).toEqual(pngOf(3, 3));
  });

  test("N10 a Claude export comes in, with what was attached", async () => {
    const token = await tokenFor();
    const message = (sender: string, text: string) => ({
      uuid: createId(),
      sender,
      text,
      content: [{ type: "text", text }],
      created_at: "2025-01-02T03:04:05Z",
    });
    const uuid = createId();
    const list = [
      {
        uuid,
        name: "Claude talk",
        created_at: "2025-01-02T03:04:05.123456Z",
        chat_messages: [
          message("human", "a"),
          message("assistant", "b"),
          {
            ...message("human", "c"),
            attachments: [{ file_name: "n.txt", extracted_content: "inside" }],
            files: [{ file_name: "n.txt" }, { file_name: "x.png" }, { file_name: "gone.png" }],
          },
        ],
      },
    ];
    const files = { "conversations.json": strToU8(JSON.stringify(list)), "files/x.png": pngOf(2, 2) };
    const report = await bring(token, zipSync(files));
    expect(report).toMatchObject({ status: "completed", imported: 1 });
    expect(report.items[0]!.leftOut).toEqual([expect.stringMatching(/^gone.png: /u)]);
    const messages = await messagesOf(token, uuid);
    expect(messages.map(({ role, parts }) => [role, ...parts.map(({ type }) => type)])).toEqual([
      ["user", "text"],
      ["assistant", "text"],
      ["user", "text", "text", "file", "text"],
    ]);
    expect(messages[1]!.parentId).toBe(messages[0]!.id);
  });

  test("N10 a conversation that was brought goes on: the model reads what was said, and what tools gave", async () => {
    const token = await tokenFor();
    const { userId, workspaceId } = await json<{ userId: string; workspaceId: string }>("/v1/me", { token });
    const call = { type: "tool-look_up", toolCallId: "call-1", input: { city: "Köln" } };
    const said = { parent: null, rank: 0, metadata: null, isRemoved: false, isOfOther: false, vote: null };
    const parts = (...values: object[]) => values.map((part) => ({ type: "part", part: { ...part } }) as const);
    const id = await seedConversation(
      { database, blobs: web.spine.context.blobs, workspaceId, ownerId: userId, otherId: userId },
      {
        title: "Goes on",
        status: "active",
        visibility: "private",
        pinned: false,
        settings: {},
        model: null,
        leaf: 1,
        files: [],
        artifacts: [],
        messages: [
          { ...said, role: "user", parts: parts({ type: "text", text: "how is the weather?" }) },
          {
            ...said,
            parent: 0,
            role: "assistant",
            parts: parts(
              { type: "step-start" },
              { ...call, state: "output-available", output: "rain in Köln" },
              { ...call, toolCallId: "call-2", state: "approval-requested", approval: { id: "somebody-elses" } },
              { type: "text", text: "it rains" },
            ),
          },
        ],
      },
    );
    const archive = await desk.takeOut(token, "?format=zip");
    await database.query(sql`delete from conversation where id = ${id}`);
    expect(await bring(token, archive)).toMatchObject({ imported: 1, failed: 0 });
    const worker = web.spine.worker();
    await worker.start();
    const body = { conversationId: id, message: { text: "and tomorrow?" }, stream: false };
    const { message } = await json<{ message: Message }>("/v1/chat", { token, body });
    await worker.drain(5);
    expect(message.parts).toContainEqual(expect.objectContaining({ type: "text", text: "answer" }));
    const heard = JSON.stringify(desk.model.calls.at(-1)?.messages);
    for (const words of ["how is the weather?", "rain in Köln", "it rains", "and tomorrow?", "had not ended"])
      expect(heard).toContain(words);
  });

  test.each([
    ["nothing", ""],
    ["no JSON", "hello"],
    ["a broken archive", "PK\u0003\u0004 broken"],
    ["an archive of something else", zipSync({ "a.txt": strToU8("x") })],
    ["a bomb", zipSync({ "conversations.json": new Uint8Array(200_000_000) })],
    ["an export of another version", '{"type":"natter-export","version":99,"exportedAt":"2026-01-01T00:00:00Z"}\n'],
  ])("a file that is %s ends as failed, and says why", async (_what, file) => {
    const report = await bring(await tokenFor(), file);
    expect(report).toMatchObject({ status: "failed", imported: 0, error: expect.stringMatching(/\w{3}/) });
    expect(report.error).not.toContain("our side");
  });

  test("what is brought is nobody else's and waits for nobody: ids, parents, parts and files are checked", async () => {
    const workspace = createId();
    const [token, other] = [await tokenFor({ workspace }), await tokenFor({ workspace })];
    const taken = await build(other, [["say", 1]]);
    const at = "2026-01-01T00:00:00.000Z";
    const line = (fields: object) => `${JSON.stringify(fields)}\n`;
    const part = (fields: object) => ({ ...fields });
    const id = createId();
    const file =
      line({ type: "natter-export", version: 1, exportedAt: at }) +
      line({
        type: "conversation",
        id,
        title: "x\u0000y",
        status: "active",
        visibility: "private",
        agent: "nobody",
        model: "none/such",
        settings: {},
        pinned: false,
        activeLeafId: "not-there-at-all",
        createdAt: "9999-01-01T00:00:00.000Z",
        updatedAt: at,
      }) +
      line({
        type: "message",
        id: "the-same-message",
        parentId: "message-of-others",
        role: "assistant",
        parts: [
          part({ type: "text", text: "a\u0000b" }),
          part({ type: "file", mediaType: "text/plain", url: "/v1/attachments/somebody-elses" }),
          part({
            type: "tool-refund",
            toolCallId: "1",
            state: "approval-requested",
            input: {},
            approval: { id: "forged-approval" },
          }),
          part({ type: "source-url", sourceId: "1", url: "javascript:alert(1)" }),
        ],
        metadata: null,
        createdAt: at,
        deletedAt: null,
        vote: null,
      }).repeat(2);
    expect(await bring(token, file)).toMatchObject({ imported: 1, failed: 0 });
    const messages = await messagesOf(token, id);
    expect(messages).toHaveLength(2);
    expect(messages[0]!.parts).toEqual([
      { type: "text", text: expect.stringMatching(/^a.?b$/u) },
      { type: "text", text: "[file: text/plain]" },
      expect.objectContaining({ type: "tool-refund", state: "output-error" }),
    ]);
    expect(JSON.stringify(messages)).not.toContain("forged-approval");
    expect(messages[0]).toMatchObject({ parentId: null, completionId: null, authorId: null });
    const theirs = await takeOut(other);
    const report = await bring(token, theirs);
    expect(report).toMatchObject({ imported: 1 });
    expect(report.items[0]!.conversationId).not.toBe(taken);
  });

  test("S12 an export holds one's own alone, without what is temporary or deleted; a report is its owner's", async () => {
    const [token, other] = [await tokenFor(), await tokenFor()];
    const mine = await build(token, [["say", 1]]);
    const gone = await build(token, [["say", 2]]);
    const { id: temporary } = await json<Conversation>("/v1/conversations", { token, body: { temporary: true } });
    await web.ask(`/v1/conversations/${gone}`, { method: "DELETE", token });
    await build(other, [["say", 3]]);
    const lines = (await takeOut(token))
      .trim()
      .split("\n")
      .map((one) => JSON.parse(one) as { type: string; id: string });
    expect(lines.filter(({ type }) => type === "conversation").map(({ id }) => id)).toEqual([mine]);
    for (const id of [gone, temporary])
      expect((await web.ask(`/v1/export?conversationId=${id}`, { token })).status).toBe(404);
    expect((await web.ask(`/v1/export?conversationId=${mine}`, { token: other })).status).toBe(404);
    expect((await web.ask("/v1/export?workspaceId=*", { token })).status).toBe(404);
    expect((await web.ask("/v1/export?workspace=*", { token })).status).toBe(400);
    const report = await bring(token, JSON.stringify([chatgpt(createId(), ["x"])]));
    expect((await web.http.fetch(requestOf(`/v1/import/${report.id}`, { token: other }))).status).toBe(404);
  });
});
