import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { createErasingDesk, marker, textOf, type ErasingDesk } from "../../testing/databases/erasing-desk.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { readStream, tokenFor } from "../../testing/servers/web.ts";
import { until } from "../../testing/spine.ts";
import { createEraseHandler } from "./erase-job.ts";

const hour = 3_600;

describe.each(testDatabases)("what is written while a user is erased, on $name", ({ open }) => {
  let database: Database;
  let desk: ErasingDesk;

  beforeEach(async () => {
    database = await open();
    desk = await createErasingDesk(database, { settleSeconds: hour });
  });
  afterEach(async () => {
    await desk.close();
    await database.close();
  });

  const jobs = (): Promise<{ attempts: number; waits: boolean }[]> =>
    database.query(
      sql`select attempts, worker_id is null and due_at > now() + interval '1 minute' as waits from job where kind = 'erase'`,
    );
  const anHourPasses = (): Promise<unknown[]> =>
    desk.exec(sql`update job set created_at = created_at - interval '1 hour', due_at = now() where kind = 'erase'`);

  /** As a request does that was let in before. */
  const writeLate = async (bobs: string): Promise<void> => {
    const parts = textOf([{ type: "text", text: `late ${marker}` }]);
    await desk.exec(sql`insert into conversation (workspace_id, id, owner_id, agent, title)
      values (${desk.workspace}, ${createId()}, ${desk.ids.ada}, 'default', ${marker})`);
    await desk.exec(sql`insert into message (workspace_id, conversation_id, id, sequence, role, author_id, parts)
      values (${desk.workspace}, ${bobs}, ${createId()}, 1000, 'user', ${desk.ids.ada}, ${parts}::jsonb)`);
    await desk.exec(sql`insert into vote (workspace_id, conversation_id, message_id, user_id, value, reason)
      select workspace_id, conversation_id, id, ${desk.ids.ada}, 'up', ${marker} from message where conversation_id = ${bobs} and role = 'assistant' limit 1`);
    await desk.exec(sql`insert into attachment (workspace_id, id, owner_id, media_type, bytes, sha256, file_name)
      values (${desk.workspace}, ${createId()}, ${desk.ids.ada}, 'text/plain', 1, '', ${marker})`);
  };

  const converse = async (): Promise<string> => {
    const bobs = await desk.start("bob");
    const body = { conversationId: bobs, message: { text: `says ${marker}` } };
    await readStream(await desk.web.ask("/v1/chat", { token: desk.tokens.ada, body }));
    return bobs;
  };

  test("N10 by a request that was let in before, goes as well: until no such request can be left, no look is the last", async () => {
    const bobs = await converse();
    await desk.erase("boss");
    // its worker died at the first attempt
    await desk.exec(sql`update job set attempts = 1, fence = 1 where kind = 'erase'`);
    desk.loop.start();
    await until(async () => (await jobs())[0]?.waits === true, 30);
    expect(await desk.exec(sql`select 1 from audit where action = 'user.erased'`)).toEqual([]);
    await writeLate(bobs);
    expect(await desk.traces()).not.toEqual([]);
    await anHourPasses();
    await desk.done();
    expect(await desk.traces()).toEqual([]);
    expect(await jobs()).toEqual([]);
  });

  test("N10 it ends with a look that finds nothing, whichever attempt that is", async () => {
    await converse();
    await desk.erase("boss");
    await anHourPasses();
    const { context } = desk.web.spine;
    const handler = createEraseHandler({ ...context, settleSeconds: hour });
    const look = (attempt: number): Promise<unknown> => {
      const claim = {
        workspaceId: desk.workspace,
        id: "",
        subject: desk.ids.ada,
        payload: { isGone: true },
        attempt,
        fence: 1,
      };
      return Promise.resolve(handler(claim, new AbortController().signal));
    };
    expect(await look(7)).toEqual({ againInSeconds: 0 });
    expect(await desk.exec(sql`select 1 from audit where action = 'user.erased'`)).toEqual([]);
    expect(await look(8)).toBeUndefined();
    expect(await desk.exec(sql`select 1 from audit where action = 'user.erased'`)).toHaveLength(1);
  });

  test("N10 erased again meanwhile, and now altogether, they are looked for anew", async () => {
    const elsewhere = createId();
    const there = await tokenFor({ subject: marker, workspace: elsewhere, role: "owner" });
    expect((await desk.web.ask("/v1/me", { token: there })).status).toBe(200);
    await converse();
    expect(await (await desk.erase("boss")).json()).toMatchObject({ isGone: false });
    await anHourPasses();
    const erased = await desk.web.ask(`/v1/admin/users/${desk.ids.ada}`, { token: there, method: "DELETE" });
    expect(await erased.json()).toMatchObject({ isGone: true, workspaceIds: [elsewhere] });
    expect(
      await desk.exec(sql`
        select workspace_id, payload, created_at > now() - interval '30 minutes' as is_new from job where kind = 'erase' order by workspace_id = ${elsewhere}`),
    ).toEqual([
      { workspace_id: desk.workspace, payload: { isGone: true }, is_new: true },
      { workspace_id: elsewhere, payload: { isGone: true }, is_new: true },
    ]);
    await anHourPasses();
    desk.loop.start();
    await desk.done(2);
    expect(await desk.traces()).toEqual([]);
  });
});
