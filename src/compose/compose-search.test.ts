import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { composeSearch } from "./compose-search.ts";
import { search } from "../conversations/search/search.ts";
import { silentLogger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { openMigratedPglite } from "../testing/databases/test-databases.ts";

const never = 86_400;
let database: Database;
let worker: HandWorker;

beforeAll(async () => {
  database = await openMigratedPglite();
  worker = await createHandWorker({ database });
});
afterAll(async () => {
  await worker.spine.close();
  await database.close();
});

const count = async (q: string): Promise<number> =>
  (await search(database, worker.spine.principal, { q, limit: 5 })).data.length;

test.each([
  ["at the next poll", 0.01, false],
  ["when it is woken, long before", never, true],
])("N10 what was said, and what was answered, is searchable %s", async (_when, pollSeconds, isWoken) => {
  const writer = composeSearch(pollSeconds, database, silentLogger);
  writer.start();
  const word = isWoken ? "kittiwake" : "razorbill";
  await worker.answer(await worker.send(`a ${word} asks`), `a ${word} answers`);
  if (isWoken) writer.wake();
  await vi.waitFor(async () => expect(await count(word)).toBe(2), 20_000);
  await writer.drain();
});

test("N10 nothing is written after it was drained", async () => {
  const writer = composeSearch(0.01, database, silentLogger);
  writer.start();
  await writer.drain();
  await worker.answer(await worker.send("a dunlin asks"), "a dunlin answers");
  writer.wake();
  await writer.drain();
  expect(await count("dunlin")).toBe(0);
});
