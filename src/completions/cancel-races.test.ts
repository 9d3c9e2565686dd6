import fc from "fast-check";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Accepted } from "../conversations/sending/accept.ts";
import { getMessage } from "../conversations/messages.ts";
import { send } from "../conversations/sending/send.ts";
import type { Worker } from "../engine/worker.ts";
import type { Database } from "../ports/database.ts";
import { applyChunk, createFold } from "../protocol/message/fold.ts";
import { createScriptedModel, say } from "../testing/providers/scripted-model.ts";
import { createSpine, permitAll, readLog, text, until, type Spine } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { testRuns } from "../testing/test-runs.ts";
import { cancel } from "./cancel.ts";
import { getCompletion } from "./read.ts";
import { transitions, type CompletionStatus } from "./state.ts";

const watchStatuses = `
  create table status_change (completion_id text, "from" text, "to" text);
  create table late_change (completion_id text);
  create function note_change() returns trigger language plpgsql as $$
  begin
    if old.status <> new.status then insert into status_change values (new.id, old.status, new.status); end if;
    if old.status in ('completed', 'failed', 'cancelled')
      and to_jsonb(old) - 'log_closed' <> to_jsonb(new) - 'log_closed' then insert into late_change values (new.id); end if;
    return new;
  end $$;
  create trigger note_change after update on completion for each row execute function note_change();`;

const batch = 20;

interface Moment {
  readonly trips: number;
  readonly turns: number;
}

/** When the cancel comes, in round trips to the database and turns of the event loop after the model may end; before it, when negative. */
const moments = fc.record({ trips: fc.integer({ min: -8, max: 1 }), turns: fc.integer({ min: 0, max: 15 }) });

describe.each(testDatabases)("B9 cancels at random moments on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let worker: Worker;
  const gates = new Map<string, PromiseWithResolvers<void>>();

  beforeAll(async () => {
    database = await open();
    await database.script(watchStatuses);
    const model = createScriptedModel((call) => {
      const words = JSON.stringify(call.messages.at(-1)?.content);
      const gate = [...gates].find(([name]) => words.includes(name))?.[1];
      return [say("some ", "words"), { wait: gate?.promise ?? Promise.resolve() }, say(" more")];
    });
    spine = await createSpine({ database, model });
    worker = spine.worker();
    await worker.start();
  });

  afterAll(async () => {
    await worker.drain(5);
    await spine.close();
    await database.close();
  });

  const pass = async ({ trips, turns }: Moment): Promise<void> => {
    for (let trip = 0; trip < trips; trip += 1) await database.query(sql`select 1`);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  const ask = (words: string, conversationId?: string) =>
    send(spine.context, spine.principal, { conversationId, message: { parts: text(words) } }, permitAll);

  /** An answer that has begun and goes on when its gate opens. */
  const begin = async (name: string): Promise<Accepted & { readonly open: () => void }> => {
    const gate = Promise.withResolvers<void>();
    gates.set(name, gate);
    const accepted = await ask(name);
    await until(async () =>
      (await readLog(spine.log, accepted.completionId).catch(() => null))?.chunks.some(
        ({ type }) => type === "text-delta",
      ),
    );
    return { ...accepted, open: gate.resolve };
  };

  const cancelAround = async (moment: Moment, { completionId }: Accepted, open: () => void): Promise<void> => {
    const stop = () => cancel(spine.context, spine.principal, completionId, permitAll);
    if (moment.trips >= 0) {
      open();
      await pass(moment);
      await stop();
      return;
    }
    const stopping = stop();
    await pass({ ...moment, trips: -moment.trips - 1 });
    open();
    await stopping;
  };

  /** Its ending, after checking that it has one in the row, in the log and in the message, and that no other follows. */
  const ending = async ({ completionId, conversationId, messageId }: Accepted): Promise<CompletionStatus> => {
    const read = () => getCompletion(database, spine.principal, completionId, permitAll);
    const { status } = await until(async () => {
      const completion = await read();
      return completion.timing.finishedAt !== null && completion;
    });
    const { chunks } = await until(async () => {
      const log = await readLog(spine.log, completionId).catch(() => null);
      return log?.ended && log;
    });
    const last = chunks.filter(({ type }) => ["finish", "abort", "error"].includes(type));
    expect(last).toEqual(
      status === "completed"
        ? [{ type: "finish", finishReason: "stop" }]
        : [{ type: "abort" }, { type: "finish", finishReason: "interrupted" }],
    );
    expect(chunks.slice(-last.length)).toEqual(last);
    const fold = createFold();
    for (const chunk of chunks) applyChunk(fold, chunk);
    const message = await getMessage(database, spine.principal, { conversationId, messageId }, permitAll);
    expect(message.parts).toEqual(fold.parts);
    const before = await read();
    expect(await cancel(spine.context, spine.principal, completionId, permitAll)).toEqual(before);
    return status;
  };

  const nameOf = (() => {
    let number = 0;
    return () => `no ${(number += 1)}.`;
  })();

  it("around the finish: each has one ending, the same in the row, the log and the message", async () => {
    const counts: Record<string, number> = {};
    const decided = [
      { trips: -20, turns: 0 },
      { trips: 60, turns: 0 },
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(moments, { minLength: batch - 2, maxLength: batch - 2 }), async (random) => {
        const raced = [...decided, ...random].map(async (moment) => {
          const accepted = await begin(nameOf());
          await cancelAround(moment, accepted, accepted.open);
          return accepted;
        });
        for (const accepted of await Promise.all(raced)) {
          const status = await ending(accepted);
          counts[status] = (counts[status] ?? 0) + 1;
        }
      }),
      { numRuns: Math.ceil(testRuns(60) / batch), endOnFailure: true },
    );
    expect(Object.keys(counts).toSorted()).toEqual(["cancelled", "completed"]);
    await expectOneEndingEach();
  }, 300_000);

  it("of a waiting send around its turn: each has one ending, and what was never claimed cost nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(moments, { minLength: batch, maxLength: batch }), async (random) => {
        const raced = random.map(async (moment) => {
          const first = await begin(nameOf());
          const waiting = await ask("next", first.conversationId);
          await cancelAround(moment, waiting, first.open);
          return [first, waiting];
        });
        for (const accepted of (await Promise.all(raced)).flat()) await ending(accepted);
      }),
      { numRuns: Math.ceil(testRuns(60) / batch), endOnFailure: true },
    );
    await expectOneEndingEach();
    const unclaimed = await database.query<{ status: string; entries: number }>(sql`
      select status, (select count(*) from usage where usage.completion_id = completion.id) as entries
      from completion where started_at is null`);
    for (const row of unclaimed) expect(row).toEqual({ status: "cancelled", entries: 0 });
  }, 300_000);

  const expectOneEndingEach = async (): Promise<void> => {
    const changes = await database.query<{ id: string; from: CompletionStatus; to: CompletionStatus }>(
      sql`select completion_id as id, "from", "to" from status_change`,
    );
    for (const { from, to } of changes) expect(Object.values(transitions[from])).toContain(to);
    const ended = changes.filter(({ to }) => to === "completed" || to === "cancelled").map(({ id }) => id);
    expect(new Set(ended).size).toBe(ended.length);
    const [row] = await database.query<{ total: number }>(sql`select count(*) as total from completion`);
    expect(ended).toHaveLength(row?.total ?? 0);
    expect(await database.query(sql`select * from late_change`)).toEqual([]);
  };
});
