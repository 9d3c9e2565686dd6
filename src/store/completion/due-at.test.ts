import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { send } from "../../conversations/sending/send.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { createPrincipal, createSpine, permitAll, type Spine, text } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { claimOldest } from "./claims.ts";

const lease = { workerId: "a worker", seconds: 60 };

describe.each(testDatabases)("B8 the order of what is due, on $name", ({ openNew }) => {
  let database: Database;
  let spine: Spine;

  beforeEach(async () => {
    database = await openNew();
    spine = await createSpine({ database, model: createScriptedModel(() => []) });
  });
  afterEach(async () => {
    await spine.close();
    await database.close();
  });

  const ask = async (principal: Principal, count = 1): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      await send(spine.context, principal, { message: { parts: text("hi") } }, permitAll);
    }
  };

  /** A colleague in the same workspace. */
  const join = async ({ workspaceId }: Principal): Promise<Principal> => {
    const principal = await createPrincipal(database);
    await database.query(
      sql`insert into member (workspace_id, user_id, role) values (${workspaceId}, ${principal.userId}, 'member')`,
    );
    return { ...principal, workspaceId };
  };

  const end = (id: string) =>
    database.query(sql`update completion set status = 'completed', finished_at = now() where id = ${id}`);

  /** Who is served by the next claims; each ends before the next is made. */
  const serve = async (count: number): Promise<string[]> => {
    const served: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const row = await claimOldest(database, lease);
      if (row === undefined) break;
      served.push(row.requested_by);
      await end(row.id);
    }
    return served;
  };

  /** At one time by the database's clock. */
  const atOnce = (work: () => Promise<void>): Promise<void> => database.transaction(work);
  const secondsPass = (seconds: number) =>
    database.query(
      sql`update completion set due_at = due_at - make_interval(secs => ${seconds}::int) where status = 'queued'`,
    );

  test("one user's messages come in the order in which they were sent, and nothing waits for its time", async () => {
    const alone = await createPrincipal(database);
    await ask(alone, 10);
    const served: Date[] = [];
    for (let index = 0; index < 10; index += 1) served.push((await claimOldest(database, lease))!.created_at);
    expect(served).toEqual(served.toSorted((left, right) => left.getTime() - right.getTime()));
    expect(await claimOldest(database, lease)).toBeUndefined();
  });

  test("who comes after a user with a hundred in the queue is served next, in the same workspace or another", async () => {
    const greedy = await createPrincipal(database);
    const [colleague, stranger] = [await join(greedy), await createPrincipal(database)];
    await atOnce(async () => {
      await ask(greedy, 100);
      await ask(colleague, 2);
      await ask(stranger, 2);
    });
    const served = await serve(6);
    for (const { userId } of [greedy, colleague, stranger])
      expect(served.filter((id) => id === userId)).toHaveLength(2);
  });

  test("a user of a small workspace does not wait for the many of a big one", async () => {
    const owner = await createPrincipal(database);
    const colleagues = await Promise.all(Array.from({ length: 40 }, () => join(owner)));
    const stranger = await createPrincipal(database);
    await atOnce(async () => {
      for (const colleague of colleagues) await ask(colleague);
      await ask(stranger);
    });
    expect(await serve(2)).toContain(stranger.userId);
  });

  test("who has much in the queue is served as well, however many others keep coming", async () => {
    const greedy = await createPrincipal(database);
    await atOnce(() => ask(greedy, 5));
    const served: string[] = [];
    for (let round = 0; round < 30; round += 1) {
      await ask(await createPrincipal(database));
      served.push(...(await serve(1)));
      await secondsPass(1);
    }
    expect(served.filter((id) => id === greedy.userId)).toHaveLength(5);
  });

  test("claiming reads the queue from its front, and accepting reads the ends of indexes", async () => {
    const owner = await createPrincipal(database);
    await ask(owner, 30);
    await database.script(`insert into completion
      (workspace_id, id, conversation_id, message_id, requested_by, status, agent, model, rank, due_at)
      select workspace_id, 'copy-' || number, conversation_id, message_id, requested_by, 'queued', agent, model, 1000 + number, now() + number * interval '1 second'
      from (select * from completion limit 1) one, generate_series(1, 3000) number`);
    await database.script("set enable_seqscan = on; analyze completion");
    const plan = async (statement: string): Promise<string> =>
      (await database.query<{ "QUERY PLAN": string }>(sql([`explain ${statement}`])))
        .map((row) => row["QUERY PLAN"])
        .join("\n");
    expect(
      await plan(
        "select 1 from completion c where c.status = 'queued' order by c.due_at limit 1 for no key update of c skip locked",
      ),
    ).toMatch(/LockRows[^]*Index Scan using completion_due/);
    expect(
      await plan(`select max(due_at) from completion where requested_by = 'x' and status in ('queued', 'running')`),
    ).toMatch(/Index Only Scan (Backward )?using completion_open_of_user/);
  });
});
