import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { Conversation } from "../../protocol/resources.ts";
import { chatgptConversation } from "../../testing/databases/chatgpt-export.ts";
import { jpegOf, pngOf } from "../../testing/databases/sample-files.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createTransferDesk, type TransferDesk } from "../../testing/databases/transfer-desk.ts";
import { tokenFor } from "../../testing/servers/web.ts";

describe.each(testDatabases)("exports of ChatGPT and Claude, brought on $name", ({ open }) => {
  let database: Database;
  let desk: TransferDesk;

  beforeAll(async () => {
    database = await open();
    desk = await createTransferDesk(database);
  });
  afterAll(async () => {
    await desk.close();
    await database.close();
  });

  test("N10 a ChatGPT export comes in as zip, with branches, and what cannot be read is told conversation by conversation", async () => {
    const token = await tokenFor();
    const good = chatgptConversation(createId(), ["hello", "hi there"]);
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
    const list = [good, { title: "Broken", mapping: 7 }, "nonsense", chatgptConversation(createId(), ["second"])];
    const report = await desk.bring(
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
    const messages = await desk.messagesOf(token, good.conversation_id);
    expect(messages.map(({ role, parts }) => [role, parts])).toEqual([
      ["user", [{ type: "text", text: "hello" }]],
      ["assistant", [{ type: "text", text: "hi there" }]],
      ["assistant", [{ type: "text", text: "other answer" }]],
    ]);
    expect(messages[2]!.parentId).toBe(messages[0]!.id);
    const told = await desk.json<Conversation>(`/v1/conversations/${good.conversation_id}`, { token });
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
    const report = await desk.bring(
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
    const messages = await desk.messagesOf(token, id);
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
    const file = await desk.web.ask(picturePart.type === "file" ? picturePart.url : "", { token });
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
    const report = await desk.bring(token, zipSync(files));
    expect(report).toMatchObject({ status: "completed", imported: 1 });
    expect(report.items[0]!.leftOut).toEqual([expect.stringMatching(/^gone.png: /u)]);
    const messages = await desk.messagesOf(token, uuid);
    expect(messages.map(({ role, parts }) => [role, ...parts.map(({ type }) => type)])).toEqual([
      ["user", "text"],
      ["assistant", "text"],
      ["user", "text", "text", "file", "text"],
    ]);
    expect(messages[1]!.parentId).toBe(messages[0]!.id);
  });
});
