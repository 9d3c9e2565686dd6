import { randomBytes } from "node:crypto";
import sql from "sql-template-tag";
import { createPgliteDatabase } from "../src/drivers/pglite/pglite.ts";
import { createId } from "../src/foundation/ids.ts";
import { silentLogger } from "../src/foundation/logger.ts";
import { migrate } from "../src/store/migrate.ts";
import { insertImport, findImport } from "../src/store/transfer/import-rows.ts";
import { createScriptedModel } from "../src/testing/providers/scripted-model.ts";
import { pngOf } from "../src/testing/databases/sample-files.ts";
import { createSpine } from "../src/testing/spine.ts";
import { writeZip, type NewEntry } from "../src/transfer/archive/zip-writer.ts";
import { createImportHandler } from "../src/transfer/import/import-job.ts";

const messages = 20;
const words = "Some words of a long answer. ".repeat(70);

const conversation = (number: number): object => {
  const ids = Array.from({ length: messages }, (_, index) => `message-${number}-${index}-x`);
  return {
    uuid: `conversation-${number}-${createId()}`,
    name: `Talk ${number}`,
    chat_messages: ids.map((uuid, index) => ({
      uuid,
      sender: index % 2 === 0 ? "human" : "assistant",
      text: `${words}${uuid}`,
    })),
  };
};

async function* file(conversations: number): AsyncGenerator<Uint8Array> {
  for (let number = 0; number < conversations; number += 1)
    yield Buffer.from(
      `${number === 0 ? "[" : ","}${number % 100 === 99 ? '{"chat_messages":7}' : JSON.stringify(conversation(number))}`,
    );
  yield Buffer.from("]");
}

const at = "2026-01-01T00:00:00.000Z";
const line = (value: object): string => `${JSON.stringify(value)}\n`;
const picture = pngOf(4, 4, randomBytes(51_200));

/** A conversation of our own export: twenty messages, a picture of its own, an artifact in three versions. */
function* ownLines(number: number): Generator<string> {
  const [artifactId, usual] = [createId(), { agent: "default", model: null, settings: {}, pinned: false }];
  const times = { createdAt: at, updatedAt: at };
  const talk = { status: "active", visibility: "private", activeLeafId: null, ...usual, ...times };
  yield line({ type: "conversation", id: createId(), title: `Talk ${number}`, ...talk });
  yield line({ type: "artifact", id: artifactId, kind: "document", language: null, version: 3, ...times });
  const file = { type: "file", mediaType: "image/png", filename: "p.png", url: `files/${number}/p.png` };
  for (let index = 0; index < messages; index += 1) {
    const said = { role: index % 2 === 0 ? "user" : "assistant", author: null, metadata: null, vote: null };
    const parts = [{ type: "text", text: words }, ...(index === 0 ? [file] : [])];
    const place = { id: createId(), parentId: null, createdAt: at, deletedAt: null };
    yield line({ type: "message", ...place, ...said, parts });
  }
  const written = { writtenBy: "person", author: null, createdAt: at };
  for (const version of [1, 2, 3])
    yield line({ type: "artifact-version", artifactId, version, title: "Plan", content: words.repeat(5), ...written });
}

async function* ownEntries(conversations: number): AsyncGenerator<NewEntry> {
  const modifiedAt = new Date(at);
  yield { name: "natter.json", modifiedAt, content: [line({ type: "natter-export", version: 2, exportedAt: at })] };
  for (let number = 0; number < conversations; number += 1) {
    const content = number % 100 === 99 ? ["{broken"] : ownLines(number);
    yield { name: `conversations/${number}.jsonl`, modifiedAt, content };
    yield { name: `files/${number}/p.png`, modifiedAt, content: [picture, Buffer.from(String(number))] };
  }
}

const database = await createPgliteDatabase({ directory: null });
await migrate(database);
const spine = await createSpine({ database, model: createScriptedModel(() => []) });
const handler = createImportHandler({ context: spine.context, logger: silentLogger });

const used = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const run = async (what: string, conversations: number, content: AsyncIterable<Uint8Array>) => {
  const { workspaceId, userId } = spine.principal;
  const id = createId();
  const { bytes } = await spine.context.blobs.put(id, content, 2_147_483_648);
  await insertImport(database, { workspaceId, id }, userId);
  const before = used();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, used())), 250);
  const start = performance.now();
  const job = { workspaceId, id, subject: id, payload: { userId }, attempt: 1, fence: 1 };
  await handler(job, new AbortController().signal);
  clearInterval(timer);
  const report = await findImport(database, { workspaceId, id });
  const [stored] = await database.query<{ files: number; versions: number }>(sql`
    select (select count(*) from attachment)::int as files, (select count(*) from artifact_version)::int as versions`);
  for (const table of ["conversation", "attachment"]) await database.query(sql([`delete from ${table}`]));
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  const megabytes = (value: number): number => Math.round(value / 104_857.6) / 10;
  return {
    what,
    conversations,
    fileMB: megabytes(bytes),
    seconds,
    imported: report?.imported,
    failed: report?.failed,
    ...stored,
    memoryGrowthMB: megabytes(most - before),
  };
};

const figures: unknown[] = [];
for (const conversations of [200, 2_000]) {
  figures.push(await run("a list of Claude's", conversations, file(conversations)));
  figures.push(await run("an archive with pictures and artifacts", conversations, writeZip(ownEntries(conversations))));
}
console.log(JSON.stringify(figures, null, 2));
await spine.close();
await database.close();
