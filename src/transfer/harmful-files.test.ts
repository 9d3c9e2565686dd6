import { strToU8, unzipSync, zipSync, type Zippable } from "fflate";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import {
  artifactLine,
  conversationLine,
  endLine,
  headerLine,
  linesText,
  messageLine,
  versionLine,
} from "../testing/databases/brought-lines.ts";
import { dataUrl, pngOf } from "../testing/databases/sample-files.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createTransferDesk, type TransferDesk } from "../testing/databases/transfer-desk.ts";
import { tokenFor } from "../testing/servers/web.ts";

const image = pngOf(4, 4);
const filePart = (url: string) => ({ type: "file", mediaType: "image/png", filename: "p.png", url });
const archiveOf = (lines: readonly object[], more: Zippable = {}) =>
  zipSync({
    "natter.json": strToU8(linesText([headerLine])),
    "conversations/a.jsonl": strToU8(linesText(lines)),
    ...more,
  });

describe.each(testDatabases)("files that mean harm, brought to $name", { timeout: 120_000 }, ({ open }) => {
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

  const counts = async () => {
    const [row] = await database.query<{ rows: number; conversations: number }>(sql`
      select (select count(*) from attachment)::int as rows, (select count(*) from conversation)::int as conversations`);
    let blobs = 0;
    for await (const _key of desk.web.spine.context.blobs.list(new Date(Date.now() + 60_000))) blobs += 1;
    return { ...row!, blobs };
  };

  test("S41 files outside the archive, and somebody else's, are not taken: a note stands in their place", async () => {
    const token = await tokenFor();
    const id = createId();
    const theirs = await desk.web.http.fetch(
      new Request("http://natter.test/v1/attachments?filename=x.png", {
        method: "POST",
        headers: { authorization: `Bearer ${await tokenFor()}`, "content-type": "image/png" },
        body: new Uint8Array(image),
      }),
    );
    const { url } = (await theirs.json()) as { url: string };
    const before = await counts();
    const urls = ["files/../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:1/x", url];
    const report = await desk.bring(
      token,
      archiveOf([conversationLine(id), messageLine(urls.map(filePart))], { "../../../etc/passwd": strToU8("root") }),
    );
    expect(report).toMatchObject({ imported: 1, failed: 0 });
    expect(report.items[0]!.leftOut).toHaveLength(5);
    const [{ parts } = { parts: [] }] = await desk.messagesOf(token, id);
    expect(parts).toEqual(urls.map(() => ({ type: "text", text: "[file: p.png]" })));
    expect(await counts()).toEqual({ ...before, conversations: before.conversations + 1 });
  });

  test("S41 what a file is, its content decides: wrong types, names, hashes and sizes are told, and the rest comes in", async () => {
    const token = await tokenFor();
    const id = createId();
    const lines = [
      conversationLine(id),
      { type: "file", path: "files/1/changed.png", sha256: "0".repeat(64) },
      messageLine([
        filePart("files/1/changed.png"),
        { ...filePart("files/2/page.png"), filename: "../../p\u202e.png" },
        filePart("files/3/program.png"),
        filePart("files/4/huge.png"),
        filePart("files/5/bomb.png"),
        filePart(dataUrl("image/png", Buffer.from("no image"))),
        { type: "text", text: "still here" },
      ]),
    ];
    const report = await desk.bring(
      token,
      archiveOf(lines, {
        "files/1/changed.png": image,
        "files/2/page.png": strToU8("<script>alert(1)</script>"),
        "files/3/program.png": Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0]),
        "files/4/huge.png": new Uint8Array(11_000_000),
        "files/5/bomb.png": pngOf(50_000, 50_000),
      }),
    );
    expect(report).toMatchObject({ imported: 1, failed: 0 });
    expect(report.items[0]!.leftOut).toHaveLength(5);
    const [{ parts } = { parts: [] }] = await desk.messagesOf(token, id);
    expect(parts.filter(({ type }) => type === "file")).toEqual([
      expect.objectContaining({ mediaType: "text/plain", filename: "p .png" }),
    ]);
    expect(parts.at(-1)).toEqual({ type: "text", text: "still here" });
  });

  test.each([
    ["cut off in the middle", (archive: Uint8Array) => archive.slice(0, archive.length / 2)],
    ["without its end", (archive: Uint8Array) => archive.slice(0, -10)],
    [
      "with a directory of nonsense",
      (archive: Uint8Array) => {
        const changed = Buffer.from(archive);
        changed.writeUInt32LE(7, changed.length - 6);
        return changed;
      },
    ],
  ])("an archive %s is refused as a whole, and nothing stays", async (_what, change) => {
    const before = await counts();
    const archive = archiveOf([conversationLine(createId()), messageLine([filePart("files/1/p.png")])], {
      "files/1/p.png": image,
    });
    const report = await desk.bring(await tokenFor(), change(archive));
    expect(report).toMatchObject({ status: "failed", imported: 0, error: expect.stringContaining("archive") });
    expect(await counts()).toEqual(before);
  });

  test("a conversation that is damaged in the archive is told, and the others come in", async () => {
    const token = await tokenFor();
    const [id, other] = [createId(), createId()];
    const archive = Buffer.from(
      zipSync(
        {
          "natter.json": strToU8(linesText([headerLine])),
          "conversations/1.jsonl": strToU8(
            linesText([conversationLine(id), messageLine([{ type: "text", text: "damage me" }])]),
          ),
          "conversations/2.jsonl": strToU8(linesText([conversationLine(other)])),
          "conversations/3.jsonl": strToU8("{nonsense"),
          "conversations/4.jsonl": strToU8(""),
        },
        { level: 0 },
      ),
    );
    archive.write("DAMAGE", archive.indexOf("damage"));
    const report = await desk.bring(token, archive);
    expect(report.items.map(({ outcome }) => outcome)).toEqual(["failed", "imported", "failed", "failed"]);
    expect(report.items[0]!.error).toContain("damaged");
  });

  test("S36 archives that lie about sizes, and many files that are the same bytes, unpack to no more than they may", async () => {
    const token = await tokenFor();
    const id = createId();
    const lied = Buffer.from(archiveOf([conversationLine(id)]));
    const directory = lied.lastIndexOf(Buffer.from("PK\u0001\u0002"));
    lied.writeUInt32LE(3, directory + 24);
    expect(await desk.bring(token, lied)).toMatchObject({ imported: 0, failed: 1 });
    const bomb = archiveOf([conversationLine(createId())], { "conversations/b.jsonl": new Uint8Array(150_000_000) });
    expect(await desk.bring(token, bomb)).toMatchObject({ imported: 1, failed: 1 });
  });

  test("an export that ends before its last line says so, and keeps what it holds", async () => {
    const token = await tokenFor();
    const id = createId();
    const report = await desk.bring(
      token,
      linesText([headerLine, conversationLine(id), messageLine([{ type: "text", text: "a" }])]),
    );
    expect(report).toMatchObject({ status: "failed", imported: 1, error: expect.stringContaining("cut off") });
  });

  test.each([
    ["versions of no artifact", (id: string) => [artifactLine(id), versionLine(id), versionLine(createId())]],
    ["a version twice", (id: string) => [artifactLine(id, 2), versionLine(id), versionLine(id)]],
    ["no newest version", (id: string) => [artifactLine(id, 3), versionLine(id)]],
    ["an id that is none", () => [artifactLine("data-natter-artifact")]],
    ["more artifacts than may be", () => Array.from({ length: 101 }, () => artifactLine(createId()))],
    ["a message behind its versions", (id: string) => [artifactLine(id), versionLine(id), messageLine([])]],
  ])("a conversation with %s is refused as a whole", async (_what, lines) => {
    const token = await tokenFor();
    const before = await counts();
    const [id, good] = [createId(), createId()];
    const all = [headerLine, conversationLine(id), ...lines(createId()), conversationLine(good), endLine(2)];
    const report = await desk.bring(token, linesText(all));
    expect(report.items.map(({ outcome }) => outcome)).toEqual(["failed", "imported"]);
    expect(await counts()).toEqual({ ...before, conversations: before.conversations + 1 });
  });

  test.each([
    ["metadata", (deep: string) => `"parts":[],"metadata":{"note":${deep}}`],
    ["a part", (deep: string) => `"parts":[{"type":"data-x","data":${deep}}],"metadata":null`],
    [
      "what a tool gave",
      (deep: string) =>
        `"parts":[{"type":"tool-x","toolCallId":"1","state":"output-available","output":${deep}}],"metadata":null`,
    ],
  ])("S35 a conversation with 200,000 levels in %s is refused, and the next one comes in", async (_what, within) => {
    const token = await tokenFor();
    const { parts: _parts, metadata: _metadata, ...said } = messageLine<never>([]);
    const deep = within(`${"[".repeat(200_000)}${"]".repeat(200_000)}`);
    const begun = linesText([headerLine, conversationLine(createId())]);
    const rest = linesText([conversationLine(createId()), endLine(2)]);
    const report = await desk.bring(token, `${begun}${JSON.stringify(said).slice(0, -1)},${deep}}\n${rest}`);
    expect(report.items.map(({ outcome }) => outcome)).toEqual(["failed", "imported"]);
    expect(report.items[0]!.error).not.toContain("our side");
  });

  test("a conversation of many megabytes whose children stand before their parents comes in whole", async () => {
    const token = await tokenFor();
    const id = createId();
    const text = "many words ".repeat(150_000);
    const chain = [0, 1, 2, 3].map((number) => ({
      ...messageLine([{ type: "text", text: `${number} ${text}` }]),
      number,
    }));
    const reversed = chain.map((one, index) => ({ ...one, parentId: chain[index - 1]?.id ?? null })).toReversed();
    const report = await desk.bring(
      token,
      archiveOf([{ ...conversationLine(id), activeLeafId: chain[3]!.id }, ...reversed]),
    );
    expect(report).toMatchObject({ imported: 1, failed: 0 });
    const messages = await desk.messagesOf(token, id);
    expect(messages.map((one) => one.id)).toEqual(reversed.map((one) => one.id));
    expect(messages.map(({ parentId }) => parentId)).toEqual(reversed.map(({ parentId }) => parentId));
  });

  test("S32 parts of a wrong shape are left out, and the conversation is read, exported and brought again", async () => {
    const token = await tokenFor();
    const id = createId();
    const parts = [
      { type: "text", text: 7 },
      { type: "file", url: 7 },
      { type: "file", url: "data:text/plain;base64,eA==", mediaType: {} },
      { type: "source-document", title: null },
      { type: "source-url", sourceId: "1", url: "javascript:alert(1)" },
      { type: "data-natter-map", data: null },
      { type: "data-natter-artifact", data: { artifactId: "x" } },
      { type: "data-natter-hint", data: {} },
      { type: "tool-x", toolCallId: 7, state: "output-available" },
      { type: "__proto__" },
      { type: "constructor" },
      { type: "tool-y", toolCallId: "1", state: "approval-requested", approval: { id: "forged" } },
      { type: "text", text: "kept" },
    ];
    const report = await desk.bring(token, archiveOf([conversationLine(id), messageLine(parts)]));
    expect(report).toMatchObject({ imported: 1 });
    const [read] = await desk.messagesOf(token, id);
    expect(read!.parts.map(({ type }) => type)).toEqual(["tool-y", "text"]);
    expect(JSON.stringify(read)).not.toContain("forged");
    const again = unzipSync(new Uint8Array(await desk.takeOut(token, "?format=zip")));
    expect(Object.keys(again)).toContain(`conversations/${id}.jsonl`);
  });
});
