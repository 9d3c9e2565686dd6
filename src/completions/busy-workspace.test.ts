import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../ports/database.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { countRowsRead } from "../testing/databases/rows-read.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";

const answers = 3_000;

/** A statement's plan is kept from its sixth run on… */
const answersBefore = 12;
/** …and is made anew every now and then. */
const answersAfter = 60;

/** Rows that sending, claiming and ending may read in all tables together. */
const mostRows = 250;

// So it is in a database's first minute: plans were made when it was empty and all indexes of a table cost the same, and nothing has made statistics.
describe.each(testDatabases)(`a workspace of ${answers} answers in a new database on $name`, ({ openNew }) => {
  let database: Database;
  let worker: HandWorker;

  const answerOne = async (): Promise<void> => worker.answer(await worker.send("more"), "an answer");

  beforeAll(async () => {
    database = await openNew();
    worker = await createHandWorker({ database });
    const { principal } = worker.spine;
    for (let count = 0; count < answersBefore; count += 1) await answerOne();
    await database.query(sql`
      insert into conversation (workspace_id, id, owner_id, agent, title, updated_at)
      select ${principal.workspaceId}, 'c' || n, ${principal.userId}, 'default', 'Title', now() - make_interval(mins => n) from generate_series(1, ${answers}::int) n`);
    await database.query(sql`
      insert into message (workspace_id, conversation_id, id, author_id, sequence, role, parts)
      select workspace_id, id, 'm-' || id, owner_id, 1, 'user', '[{"type":"text","text":"words"}]' from conversation where id like 'c%'`);
    await database.query(sql`
      insert into completion (workspace_id, id, conversation_id, message_id, requested_by, status, rank, agent, model, log_closed)
      select workspace_id, 'a-' || id, id, 'm-' || id, owner_id, 'completed', 1, 'default', 'test/model', true from conversation where id like 'c%'`);
    await database.query(sql`
      insert into usage (workspace_id, completion_id, step, fence, call, conversation_id, user_id, model, input_tokens, output_tokens, estimated)
      select workspace_id, 'a-' || id, 0, 1, 0, id, owner_id, 'test/model', 1, 1, false from conversation where id like 'c%'`);
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  it("plans for what it holds by now, so that an answer costs no more by those before", async () => {
    for (let count = 0; count < answersAfter; count += 1) await answerOne();
    const rows = await countRowsRead(database, answerOne);
    expect(rows).toBeGreaterThan(10);
    expect(rows).toBeLessThanOrEqual(mostRows);
  });
});
