import { setTimeout as sleep } from "node:timers/promises";
import type { ChunkLog } from "../../src/ports/chunk-log.ts";
import { readLog } from "../../src/testing/spine.ts";
import { differingViewers, readStoredAnswer, tornSteps } from "./answer-check.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import type { NumberedProvider } from "./numbered-provider.ts";
import { askQuestion, createConversationId, type Question } from "./question.ts";
import { createRandom, type Random } from "./random.ts";
import { countBy, type FaultReport } from "./report.ts";
import { findMisread } from "./seen-check.ts";

/** Where completions run whose viewers are cut, and whose workers are taken from them. */
export interface ResumeWorld {
  readonly name: string;
  readonly provider: NumberedProvider;
  readonly token: string;
  readonly log: ChunkLog;
  /** The server that a viewer goes to next. */
  url(random: Random): string;
  /** Does something to the workers; returns what. */
  disturb(random: Random): Promise<string>;
  /** How many claims were taken over. */
  countTakeOvers(): Promise<number>;
  close(): Promise<void>;
}

export interface ResumeOptions {
  readonly cuts: number;
  readonly seed: number;
  /** How slow answers are, and how often workers are disturbed. */
  readonly pace: { readonly delay: number; readonly disturbance: number; readonly cutBytes: number };
}

interface Seen {
  readonly question: Question;
  readonly status: string;
  readonly gaps: number;
  readonly duplicates: number;
  readonly failures: readonly string[];
}

const atOnce = 8;
const stuckSeconds = 90;

const check = async (world: ResumeWorld, question: Question, random: Random): Promise<Seen> => {
  const { plan, viewers } = question;
  const answer = await readStoredAnswer(() => world.url(random), world.token, question);
  const { chunks } = await readLog(world.log, answer.completion.id);
  const misreads = viewers.map(({ seen }) => findMisread(seen, chunks));
  const gaps = misreads.reduce((sum, misread) => sum + misread.gaps, 0);
  const duplicates = misreads.reduce((sum, misread) => sum + misread.duplicates, 0);
  const failures = await differingViewers(question, answer);
  if (gaps + duplicates > 0) failures.push(`${plan.question}: ${gaps} gaps, ${duplicates} duplicates`);
  const epochs = new Set(viewers.flatMap(({ seen }) => seen.flatMap(({ epoch }) => epoch ?? [])));
  if (epochs.size !== 1) failures.push(`${plan.question}: ${epochs.size} epochs`);
  const replays = viewers.reduce((sum, viewer) => sum + viewer.replays, 0);
  if (replays > 0) failures.push(`${plan.question}: ${replays} times all was told to one who had an id`);
  const { status: ending, error } = answer.completion;
  if (ending === "completed") failures.push(...tornSteps(question, answer, world.provider));
  else if (error?.code !== "crash_loop") failures.push(`${plan.question}: ${ending}: ${error?.code} ${error?.message}`);
  const status = error === null ? ending : `${ending} (${error.code})`;
  return { question, status, gaps, duplicates, failures };
};

const ended = async ({ plan, ended: end, viewers }: Question): Promise<string | null> => {
  const late = sleep(stuckSeconds * 1000, `${plan.question}: did not end within ${stuckSeconds} s`, { ref: false });
  const problem = await Promise.race([end.then(() => null, String), late]);
  for (const viewer of viewers) viewer.leave();
  return problem;
};

const planOf = (random: Random, number: number, delay: number): AnswerPlan => ({
  question: `question-${number}`,
  tokens: random.integer(10, 60),
  delay: random.integer(0, 2 * delay),
  ...(random.chance(0.4) ? { tools: random.integer(1, 2), toolMilliseconds: random.integer(1, 10 * delay) } : {}),
});

/**
 * Two viewers watch each completion, and their connections are cut at random bytes until it has happened so often; they
 * come back with the id of the last event that they have whole. Meanwhile workers die and are taken over from.
 */
export const resumeCuts = async (world: ResumeWorld, { cuts, seed, pace }: ResumeOptions): Promise<FaultReport> => {
  const begun = performance.now();
  const random = createRandom(seed);
  const seen: Seen[] = [];
  const failures: string[] = [];
  const disturbances: string[] = [];
  const questions: Question[] = [];
  const cutsOf = (list: readonly Question[]): number =>
    list.flatMap(({ viewers }) => viewers).reduce((sum, viewer) => sum + viewer.cuts, 0);
  const ask = (): Question =>
    askQuestion({
      plan: planOf(random, questions.length + 1, pace.delay),
      conversationId: createConversationId(random),
      token: world.token,
      url: () => world.url(random),
      others: 1,
      cutAfter: () => random.integer(1, 2 * pace.cutBytes),
      pause: () => random.integer(0, 40),
      patience: 1_500,
    });
  const askOn = async (): Promise<void> => {
    while (cutsOf(questions) < cuts && failures.length === 0) {
      const question = ask();
      questions.push(question);
      const problem = await ended(question);
      if (problem !== null) failures.push(problem);
      else seen.push(await check(world, question, random));
    }
  };
  let isOver = false;
  const disturbOn = async (): Promise<void> => {
    while (!isOver) {
      await sleep(random.integer(pace.disturbance / 2, pace.disturbance));
      disturbances.push(await world.disturb(random));
    }
  };
  const disturbing = disturbOn();
  await Promise.all(Array.from({ length: atOnce }, askOn));
  isOver = true;
  await disturbing;
  const figures = {
    log: world.name,
    cuts: cutsOf(questions),
    completions: questions.length,
    statuses: countBy(seen.map(({ status }) => status)),
    disturbances: countBy(disturbances),
    takeOvers: await world.countTakeOvers(),
    connectionsLost: questions.flatMap(({ viewers }) => viewers).reduce((sum, viewer) => sum + viewer.losses, 0),
    gaps: seen.reduce((sum, { gaps }) => sum + gaps, 0),
    duplicates: seen.reduce((sum, { duplicates }) => sum + duplicates, 0),
    seconds: Math.round((performance.now() - begun) / 1000),
  };
  return { fault: "resume", figures, failures: [...failures, ...seen.flatMap((one) => one.failures)] };
};
