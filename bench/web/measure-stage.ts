import type { Browser, CDPSession } from "playwright-core";
import { z } from "zod";
import type { Stage } from "../../web/stage/stage-contract.ts";
import { sampleAnswer, tokensOf } from "./sample-answers.ts";

declare global {
  var stage: Stage;
}

/** How one renderer did; times are milliseconds of processor time of the page's main thread. */
export type StageFigures = Readonly<{
  frames: number;
  cpuPerFrame: number;
  scriptPerFrame: number;
  layoutPerFrame: number;
  longestTask: number;
  tasksOverLimit: number;
  droppedFrames: number;
  mount: number;
  memory: number;
}>;

/** What is shown and streamed. */
export type StageLoad = Readonly<{ messages: number; tokens: number; perSecond: number }>;

const longTask = 50;
const frame = 1_000 / 60;

type Counters = Readonly<Record<"TaskDuration" | "ScriptDuration" | "LayoutDuration" | "RecalcStyleDuration", number>>;

const read = async (session: CDPSession): Promise<Counters> => {
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name: string): number => 1_000 * (metrics.find((metric) => metric.name === name)?.value ?? 0);
  return {
    TaskDuration: of("TaskDuration"),
    ScriptDuration: of("ScriptDuration"),
    LayoutDuration: of("LayoutDuration"),
    RecalcStyleDuration: of("RecalcStyleDuration"),
  };
};

const traceFile = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.object({ name: z.string().optional() }).optional(),
    }),
  ),
});

const tasksOf = (trace: Buffer): readonly number[] => {
  const { traceEvents } = traceFile.parse(JSON.parse(trace.toString("utf8")));
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid}.${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => name === "RunTask" && threads.has(`${pid}.${tid}`))
    .map(({ dur = 0, tdur = dur }) => tdur / 1_000);
};

const fullAnswer = 1_200;
const question = 90;
const charactersPerToken = 4;
const warmUpSeed = 99;
const warmUpLength = 6_000;

const messagesOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => sampleAnswer(index + 1, index % 2 === 0 ? question : fullAnswer));

/** Mounts the messages at `url`, streams one more and counts what that costs. */
export const measureStage = async (browser: Browser, url: string, load: StageLoad): Promise<StageFigures> => {
  const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
  try {
    await page.goto(url);
    // an element of that id has the name before the stage is there
    await page.waitForFunction(() => typeof globalThis.stage.show === "function");
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const start = await read(session);
    await page.evaluate(async (messages) => {
      globalThis.stage.mount(messages);
      await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 5_000 }));
    }, messagesOf(load.messages));
    const mounted = await read(session);
    // fonts are loaded and code is compiled once a page, by whatever is shown first
    await page.evaluate(
      async (answer) => {
        globalThis.stage.show(answer, false);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      },
      sampleAnswer(warmUpSeed, warmUpLength),
    );
    const tokens = tokensOf(sampleAnswer(4_711, load.tokens * charactersPerToken));
    await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });
    const before = await read(session);
    const frames = await page.evaluate(([all, perSecond]) => globalThis.stage.stream(all, perSecond), [
      tokens,
      load.perSecond,
    ] as const);
    const after = await read(session);
    const tasks = tasksOf(await browser.stopTracing());
    const { result } = await session.send("Runtime.evaluate", { expression: "performance.memory.usedJSHeapSize" });
    const gaps = frames.slice(1).map((time, index) => time - (frames[index] ?? time));
    const perFrame = (of: (counters: Counters) => number): number => (of(after) - of(before)) / frames.length;
    return {
      frames: frames.length,
      cpuPerFrame: perFrame(({ TaskDuration }) => TaskDuration),
      scriptPerFrame: perFrame(({ ScriptDuration }) => ScriptDuration),
      layoutPerFrame: perFrame(({ LayoutDuration, RecalcStyleDuration }) => LayoutDuration + RecalcStyleDuration),
      longestTask: Math.max(0, ...tasks),
      tasksOverLimit: tasks.filter((task) => task > longTask).length,
      droppedFrames: gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / frame) - 1), 0),
      mount: mounted.TaskDuration - start.TaskDuration,
      memory: Number(result.value) / 1_048_576,
    };
  } finally {
    await page.close();
  }
};
