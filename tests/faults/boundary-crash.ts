import { setTimeout as sleep } from "node:timers/promises";
import sql from "sql-template-tag";
import { z } from "zod";
import { cancel } from "../../src/completions/cancel.ts";
import { getCompletion } from "../../src/completions/read.ts";
import type { Accepted } from "../../src/conversations/sending/accept.ts";
import { getMessage } from "../../src/conversations/messages.ts";
import { send } from "../../src/conversations/sending/send.ts";
import type { Worker } from "../../src/engine/worker.ts";
import { silentLogger } from "../../src/foundation/logger.ts";
import type { Database } from "../../src/ports/database.ts";
import { areSameParts, readAsAiSdk } from "../../src/testing/providers/read-as-ai-sdk.ts";
import { createScriptedModel, type ScriptedModel } from "../../src/testing/providers/scripted-model.ts";
import { type ViewerPlan, type Viewing, viewToEnd } from "../../src/testing/providers/scripted-viewer.ts";
import { createSpine, permitAll, readLog, type Spine, text } from "../../src/testing/spine.ts";
import { tool } from "../../src/tools/tool.ts";
import { splitSteps, textOf } from "./answer-check.ts";
import { type Scenario, textsOf } from "./boundary-scenarios.ts";
import { answerAll } from "./answer-all.ts";
import { type Boundary, createMortalIo, type Fate, type MortalIo } from "./mortal-io.ts";
import { outcomeFailures, readOutcomes } from "./row-audit.ts";
import { findMisread } from "./seen-check.ts";

export interface BoundaryCrash {
  /** What the worker that was looked at passed. */
  readonly trace: readonly Boundary[];
  /** Whether it died there. */
  readonly isReached: boolean;
  readonly gaps: number;
  readonly duplicates: number;
  readonly failures: readonly string[];
}

interface World {
  readonly database: Database;
  readonly spine: Spine;
  readonly model: ScriptedModel;
  readonly toolStarts: readonly string[];
}

interface Life {
  readonly worker: Worker;
  readonly mortal: MortalIo;
}

/** Where and when a worker dies. */
export type Death = Boundary & { readonly fate: Fate };

const lives = 6;

const plans: readonly ViewerPlan[] = [
  { cuts: [], framesPerTurn: 1_000, bufferBytes: 100_000, knowsStart: false },
  { cuts: [1, 1, 2, 3, 1, 5, 2], framesPerTurn: 2, bufferBytes: 300, knowsStart: true },
];

const createWorld = async (database: Database, { script, engine }: Scenario): Promise<World> => {
  const toolStarts: string[] = [];
  const note = tool({
    inputSchema: z.object({}),
    execute: (_input, { callId }) => {
      toolStarts.push(callId);
      return `noted ${callId}`;
    },
  });
  const later = tool({ inputSchema: z.object({}), background: {}, execute: () => "later" });
  const pay = tool({
    inputSchema: z.object({}),
    approval: true,
    execute: (_input, { callId }) => {
      toolStarts.push(callId);
      return `paid ${callId}`;
    },
  });
  const look = tool({ inputSchema: z.object({}), outputSchema: z.string() });
  const model = createScriptedModel(script);
  const spine = await createSpine({
    database,
    model,
    agents: { default: { tools: { note, later, pay, look } } },
    ...(engine === undefined ? {} : { engine }),
  });
  return { database, spine, model, toolStarts };
};

const begin = async ({ spine }: World, fateAt: (boundary: Boundary) => Fate): Promise<Life> => {
  const mortal = createMortalIo(fateAt);
  const worker = spine.worker({ io: mortal.io });
  await worker.start();
  return { worker, mortal };
};

/** A lease that ran out, and the grace time of logs that their worker should have closed. */
const passTime = ({ database }: World): Promise<unknown> =>
  database.query(sql`
    update completion set lease_until = lease_until - interval '1 hour', finished_at = finished_at - interval '1 hour'
    where status = 'running' or not log_closed`);

const isClosed = async ({ database }: World, { completionId }: Accepted): Promise<boolean> => {
  const rows = await database.query<{ closed: boolean }>(
    sql`select log_closed as closed from completion where id = ${completionId}`,
  );
  return rows[0]?.closed === true;
};

/** Resolves when the worker has died, was drained, or has nothing more to do. */
const live = async (world: World, life: Life, drains: boolean, watched: Promise<unknown>): Promise<void> => {
  const { worker, mortal } = life;
  const ends = [mortal.died, watched.then(() => worker.drain(5))];
  if (drains) ends.push(world.model.called(1).then(() => worker.drain(0)));
  await Promise.race(ends);
  // its timers stop; it can do nothing else any more
  if (mortal.isDead) void worker.drain(0);
};

const liveUntilClosed = async (world: World, scenario: Scenario, death: Death | null) => {
  const { spine, model } = world;
  const looked = scenario.deathBefore === undefined ? 1 : 2;
  const deathOf = (life: number): Death | null => {
    if (life === looked) return death;
    return life < looked ? (scenario.deathBefore ?? null) : null;
  };
  const beginLife = (life: number): Promise<Life> =>
    begin(world, ({ label, occurrence }) => {
      const own = deathOf(life);
      return own?.label === label && own.occurrence === occurrence ? own.fate : "live";
    });
  const ask = (): Promise<Accepted> =>
    send(spine.context, spine.principal, { message: { parts: scenario.parts ?? text("go") } }, permitAll);
  const early = scenario.isSentFirst === true ? await ask() : null;
  const first = await beginLife(1);
  const accepted = early ?? (await ask());
  const stop = (): Promise<unknown> => cancel(spine.context, spine.principal, accepted.completionId, permitAll);
  if (scenario.act === "cancel") void model.called(1).then(stop);
  const viewings = Promise.all(
    plans.map((plan) =>
      viewToEnd(spine.log, accepted.completionId, plan, { logger: silentLogger, checkMilliseconds: 50 }),
    ),
  );
  const answering = scenario.isAnswered === true ? answerAll(spine, accepted, viewings) : null;
  const mortals: MortalIo[] = [];
  for (let life = 1; life <= lives; life += 1) {
    const current = life === 1 ? first : await beginLife(life);
    mortals.push(current.mortal);
    await live(world, current, scenario.act === "drain" && model.calls.length === 0, viewings);
    if (await isClosed(world, accepted)) break;
    if (scenario.act === "cancel the dead") await stop();
    await passTime(world);
  }
  await answering?.stop();
  return { accepted, viewings, mortal: mortals[looked - 1] };
};

interface Ended {
  readonly accepted: Accepted;
  readonly viewings: readonly Viewing[];
}

const check = async (world: World, scenario: Scenario, { accepted, viewings }: Ended) => {
  const { spine, database, model, toolStarts } = world;
  const failures: string[] = [];
  const { completionId } = accepted;
  const completion = await getCompletion(database, spine.principal, completionId, permitAll);
  const { parts } = await getMessage(database, spine.principal, accepted, permitAll);
  const { chunks, ended } = await readLog(spine.log, completionId);
  const expected = scenario.end ?? (scenario.act?.startsWith("cancel") ? "cancelled" : "completed");
  if (completion.status !== expected) failures.push(`it is ${completion.status}: ${completion.error?.message}`);
  if (!ended || !(await isClosed(world, accepted))) failures.push("its log was not closed");
  if (!areSameParts(await readAsAiSdk(chunks), parts)) failures.push("AI SDK reads another message than is stored");
  const misreads = viewings.map(({ after, seen }) => findMisread(seen, chunks, after));
  for (const [index, { seen, after }] of viewings.entries()) {
    const start = after === 1 ? chunks.slice(0, 1) : [];
    if (!areSameParts(await readAsAiSdk([...start, ...seen.map(({ chunk }) => chunk)]), parts))
      failures.push(`viewer ${index + 1} saw another message than is stored`);
  }
  const answers = model.calls.map((_call, index) => textsOf(index + 1).join(""));
  for (const step of splitSteps(parts))
    if (!answers.includes(textOf(step))) failures.push(`a step is torn: ${textOf(step)}`);
  failures.push(...outcomeFailures(completionId, parts, await readOutcomes(database)));
  const left = await database.query(sql`
    select 1 from background_execution e join job on job.subject = e.id where e.completion_id = ${completionId}`);
  const asked = parts.filter(({ type }) => type === "tool-later").length;
  if (left.length !== asked) failures.push(`${left.length} of ${asked} calls went to the background with a job`);
  if (new Set(toolStarts).size !== toolStarts.length) failures.push(`started twice: ${toolStarts.join()}`);
  const lines = await database.query(sql`select 1 from usage where completion_id = ${completionId}`);
  if (lines.length < model.calls.length) failures.push(`${lines.length} lines for ${model.calls.length} calls`);
  const gaps = misreads.reduce((sum, misread) => sum + misread.gaps, 0);
  const duplicates = misreads.reduce((sum, misread) => sum + misread.duplicates, 0);
  if (gaps + duplicates > 0) failures.push(`${gaps} gaps and ${duplicates} duplicates`);
  return { gaps, duplicates, failures };
};

/** Lets one worker die at a boundary and others finish; without a death, tells what that worker passes. */
export const crashAtBoundary = async (
  database: Database,
  scenario: Scenario,
  death: Death | null,
): Promise<BoundaryCrash> => {
  const world = await createWorld(database, scenario);
  const { accepted, viewings, mortal } = await liveUntilClosed(world, scenario, death);
  const seen = await Promise.race([viewings, sleep(5_000, null, { ref: false })]);
  const checked =
    seen === null
      ? { gaps: 0, duplicates: 0, failures: ["its viewers never saw the end"] }
      : await check(world, scenario, { accepted, viewings: seen });
  await world.spine.close();
  return { trace: mortal?.trace ?? [], isReached: mortal?.isDead === true, ...checked };
};
