import sql from "sql-template-tag";
import { createPgliteDatabase } from "../src/drivers/pglite/pglite.ts";
import { createId } from "../src/foundation/ids.ts";
import { silentLogger } from "../src/foundation/logger.ts";
import { migrate } from "../src/store/migrate.ts";
import { insertImport, findImport } from "../src/store/transfer/import-rows.ts";
import { createScriptedModel } from "../src/testing/scripted-model.ts";
import { createSpine } from "../src/testing/spine.ts";
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

const database = await createPgliteDatabase({ directory: null });
await migrate(database);
const spine = await createSpine({ database, model: createScriptedModel(() => []) });
const handler = createImportHandler({ context: spine.context, logger: silentLogger });

const run = async (conversations: number) => {
  const { workspaceId, userId } = spine.principal;
  const id = createId();
  const { bytes } = await spine.context.blobs.put(id, file(conversations), 2_147_483_648);
  await insertImport(database, { workspaceId, id }, userId);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let most = before;
  const timer = setInterval(() => {
    globalThis.gc?.();
    most = Math.max(most, process.memoryUsage().heapUsed);
  }, 250);
  const start = performance.now();
  const job = { workspaceId, id, subject: id, payload: { userId }, attempt: 1, fence: 1 };
  await handler(job, new AbortController().signal);
  clearInterval(timer);
  const report = await findImport(database, { workspaceId, id });
  await database.query(sql`delete from conversation`);
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  const megabytes = (value: number): number => Math.round(value / 104_857.6) / 10;
  return {
    conversations,
    fileMB: megabytes(bytes),
    seconds,
    imported: report?.imported,
    failed: report?.failed,
    heapGrowthMB: megabytes(most - before),
  };
};

console.log(JSON.stringify([await run(200), await run(2_000)], null, 2));
await spine.close();
await database.close();
