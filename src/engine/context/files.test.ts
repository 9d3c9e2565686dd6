import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { getCompletion } from "../../completions/read.ts";
import { createAttachmentReader } from "../../conversations/files/attachment-reader.ts";
import { attachmentUrl } from "../../conversations/files/attachments.ts";
import { send } from "../../conversations/sending/send.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { ModelMessage } from "../../protocol/agent/model.ts";
import { dataUrl, pdf, pngOf } from "../../testing/databases/sample-files.ts";
import { createScriptedModel, say, type ScriptedModel } from "../../testing/providers/scripted-model.ts";
import { createPrincipal, createSpine, permitAll, until, type Spine } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import type { EngineDependencies } from "../dependencies.ts";
import type { Worker } from "../worker.ts";

const file = (bytes: Uint8Array, mediaType: string, filename: string): Part => ({
  type: "file",
  mediaType,
  filename,
  url: dataUrl(mediaType, bytes),
});
const text = (words: string): Part => ({ type: "text", text: words });
const png = pngOf(2, 2);

describe.each(testDatabases)("C5 files of messages reach the model, on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let worker: Worker | undefined;
  let model: ScriptedModel;
  let conversationId: string;

  beforeEach(async () => {
    database = await open();
    model = createScriptedModel(() => [say("seen")]);
    spine = await createSpine({ database, model });
    conversationId = createId();
  });
  afterEach(async () => {
    await worker?.drain(1);
    worker = undefined;
    await spine.close();
    await database.close();
  });

  const start = async (overrides?: Partial<EngineDependencies>): Promise<void> => {
    worker = spine.worker(overrides);
    await worker.start();
  };
  /** Sends parts and waits for the end; what the model was told last. */
  const ask = async (...parts: Part[]): Promise<ModelMessage[]> => {
    const { completionId } = await send(
      spine.context,
      spine.principal,
      { conversationId, message: { parts } },
      permitAll,
    );
    const completion = await until(async () => {
      const now = await getCompletion(database, spine.principal, completionId, permitAll);
      return ["completed", "failed", "cancelled"].includes(now.status) && now;
    });
    expect([completion.status, completion.error]).toEqual(["completed", null]);
    return [...(model.calls.at(-1)?.messages ?? [])];
  };
  const contentOf = (messages: readonly ModelMessage[], at = -1): unknown => messages.at(at)?.content;
  const noted = (words: string) => ({ type: "text", text: expect.stringContaining(words) as string });
  const shown = (bytes: Uint8Array, mediaType: string, filename: string) => ({
    type: "file",
    mediaType,
    filename,
    data: expect.toSatisfy((data: Uint8Array) => Buffer.from(data).equals(bytes)) as Uint8Array,
  });

  test("an image comes as its bytes, in this call and in later ones", async () => {
    await start();
    const image = shown(png, "image/png", "photo.png");
    expect(contentOf(await ask(text("look"), file(png, "image/png", "photo.png")))).toEqual([
      { type: "text", text: "look" },
      image,
    ]);
    const later = await ask(text("and now?"));
    expect(contentOf(later, 0)).toEqual([{ type: "text", text: "look" }, image]);
    expect(contentOf(later)).toEqual([{ type: "text", text: "and now?" }]);
  });

  test("a text file comes as text, cut off where it is too long", async () => {
    await start();
    const content = contentOf(await ask(file(Buffer.from("a,b\n1,2"), "text/csv", "t.csv")));
    expect(content).toEqual([{ type: "text", text: '[The file "t.csv" (text/csv):]\na,b\n1,2\n[End of the file.]' }]);
    const long = await ask(file(Buffer.from(`begin ${"ä".repeat(200_000)} end`), "text/plain", "long.txt"));
    const [part] = contentOf(long) as { text: string }[];
    expect(part?.text).toContain("begin");
    expect(part?.text).toContain("[cut off here]");
    expect(part?.text.length).toBeLessThan(100_200);
  });

  test("in place of what the model cannot read stands a note that names it", async () => {
    await start();
    expect(contentOf(await ask(text("read"), file(pdf, "application/pdf", "plan.pdf")))).toEqual([
      { type: "text", text: "read" },
      noted('"plan.pdf" (application/pdf) is attached here; this model cannot read files of this type'),
    ]);
  });

  test("a file whose bytes are gone, or cannot be read, never ends a completion", async () => {
    const { blobs } = spine.context;
    const reader = createAttachmentReader(database, blobs);
    let isBroken = false;
    await start({
      files: {
        find: (...about) => reader.find(...about),
        read: (...about) => (isBroken ? Promise.reject(new Error("EIO: the disk is broken")) : reader.read(...about)),
      },
    });
    await ask(file(png, "image/png", "photo.png"), file(Buffer.from("words"), "text/plain", "words.txt"));
    isBroken = true;
    const gone = [noted('"photo.png" (image/png) is attached here; it is not there any more'), noted('"words.txt"')];
    expect(contentOf(await ask(text("broken?")), 0)).toEqual(gone);
    isBroken = false;
    for await (const key of blobs.list(new Date(Date.now() + 60_000))) await blobs.delete(key);
    expect(contentOf(await ask(text("gone?")), 0)).toEqual(gone);
  });

  test("S7 an attachment that the conversation does not show is never read for it, whatever a stored part says", async () => {
    await start();
    const other = await createPrincipal(database);
    await send(spine.context, other, { message: { parts: [file(png, "image/png", "secret.png")] } }, permitAll);
    const [secret] = await database.query<{ id: string; workspace_id: string }>({
      text: "select id, workspace_id from attachment",
      values: [],
    });
    await ask(text("first"));
    const stolen = JSON.stringify([{ type: "file", mediaType: "image/png", url: attachmentUrl(secret?.id ?? "") }]);
    await database.query({
      text: "update message set parts = $1::jsonb where conversation_id = $2 and role = 'user'",
      values: [stolen, conversationId],
    });
    expect(contentOf(await ask(text("show it")), 0)).toEqual([noted("it is not there any more")]);
  });

  test("of more than 32 MiB the newest files are sent", async () => {
    await start();
    const big = (mark: number): Uint8Array => pngOf(2, 2, Buffer.alloc(10_400_000, mark));
    const images = [1, 2, 3, 4].map((mark) => big(mark));
    for (const [index, image] of images.entries()) await ask(file(image, "image/png", `${index}.png`));
    const messages = (await ask(text("which?"))).filter(({ role }) => role === "user");
    expect(contentOf(messages, 0)).toEqual([noted("too large together")]);
    for (const index of [1, 2, 3])
      expect(contentOf(messages, index)).toEqual([shown(images[index]!, "image/png", `${index}.png`)]);
  });
});
