import { setTimeout as sleep } from "node:timers/promises";
import sql from "sql-template-tag";
import { until } from "../../src/testing/spine.ts";
import { differingViewers, readStoredAnswer, tornSteps } from "./answer-check.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import type { NatterNode } from "./natter-node.ts";
import { askQuestion, createConversationId, type Question } from "./question.ts";
import { createRandom, type Random } from "./random.ts";
import { type FaultReport, summarize } from "./report.ts";
import { ask } from "./request.ts";
import { auditRows, ledgerFailures, type RowAudit } from "./row-audit.ts";

export interface DrainOptions {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** How often a server is told to go. */
  readonly drains: number;
  readonly seed: number;
}

interface Drained {
  readonly exitCode: number | null;
  readonly wasUnready: boolean;
  readonly milliseconds: number;
}

const drainSeconds = 1;
/** A server that has nothing to do is gone sooner than anybody can ask it. */
const idleMilliseconds = 300;
const atOnce = 8;
/** Sent just before a server is told to go: some are being claimed at that moment. */
const burst = 4;
const seconds = 60;

const sees503 = async ({ url }: NatterNode): Promise<boolean> => {
  for (;;) {
    const answer = await ask(`${url}/readyz`).catch(() => null);
    if (answer === null) return false;
    if (answer.status === 503) return true;
    await sleep(5);
  }
};

/** Tells a server to go in the middle of answers, as a deployment does, and starts it again. */
const drain = async (node: NatterNode): Promise<Drained> => {
  const begun = performance.now();
  const exited = node.end("SIGTERM");
  const wasUnready = await sees503(node);
  const exitCode = await exited;
  const milliseconds = performance.now() - begun;
  await node.start();
  return { exitCode, wasUnready, milliseconds };
};

interface Asked {
  readonly questions: Question[];
  readonly running: Set<Question>;
}

/** Some end while a server drains, some have to be handed over. */
const fill = (cluster: Cluster, { questions, running }: Asked, random: Random, count: number): void => {
  while (running.size < count) {
    const question = askQuestion({
      plan: {
        question: `question-${questions.length + 1}`,
        tokens: random.integer(20, 60),
        delay: random.pick([5, 60]),
        ...(random.chance(0.4) ? { tools: 1, toolMilliseconds: random.integer(10, 1_500) } : {}),
      },
      conversationId: createConversationId(random),
      token: cluster.token,
      url: () => random.pick(cluster.nodes).url,
      others: 1,
    });
    questions.push(question);
    running.add(question);
    question.ended.then(
      () => running.delete(question),
      () => {},
    );
  }
};

/** The most crashes that a completion is said to have had at any time: a model call that is done resets them. */
const watchCrashes = (cluster: Cluster): (() => Promise<number>) => {
  let isOver = false;
  const watching = cluster.database.look(async (database) => {
    let most = 0;
    while (!isOver) {
      const [row] = await database.query<{ most: number }>(
        sql`select coalesce(max(crashes), 0) as most from completion`,
      );
      most = Math.max(most, row?.most ?? 0);
      await sleep(10);
    }
    return most;
  });
  return () => {
    isOver = true;
    return watching;
  };
};

interface Drains {
  readonly questions: readonly Question[];
  readonly unended: number;
  readonly drained: readonly Drained[];
}

/** Half the servers are told in the middle of answers, half of them when nothing ran and something comes. */
const reachMoment = async (cluster: Cluster, asked: Asked, random: Random, isIdle: boolean): Promise<void> => {
  if (isIdle) {
    await until(async () => asked.running.size === 0, seconds);
  } else {
    fill(cluster, asked, random, atOnce);
    const target = asked.questions.at(-1);
    const tokens = random.integer(1, 10);
    await until(async () => target?.viewers.every((viewer) => viewer.isOver || viewer.tokens >= tokens), seconds);
  }
  fill(cluster, asked, random, asked.running.size + burst);
  await sleep(random.integer(0, 30));
};

const drainInTurn = async (cluster: Cluster, drains: number, random: Random): Promise<Drains> => {
  const asked: Asked = { questions: [], running: new Set() };
  const drained: Drained[] = [];
  for (let number = 0; number < drains; number += 1) {
    await reachMoment(cluster, asked, random, number % 2 === 1);
    drained.push(await drain(random.pick(cluster.nodes)));
  }
  await until(async () => asked.running.size === 0, seconds).catch(() => {});
  return { questions: asked.questions, unended: asked.running.size, drained };
};

const failuresOf = ({ unended, drained, questions }: Drains): string[] => {
  const viewers = questions.flatMap((question) => question.viewers);
  const [losses, retries] = [
    viewers.reduce((sum, viewer) => sum + viewer.losses, 0),
    viewers.reduce((sum, viewer) => sum + viewer.retries, 0),
  ];
  return [
    ...drained.flatMap(({ exitCode }) => (exitCode === 0 ? [] : [`a server exited with ${exitCode}`])),
    ...drained
      .filter(({ wasUnready, milliseconds }) => !wasUnready && milliseconds > idleMilliseconds)
      .map(({ milliseconds }) => `/readyz never said 503 in ${Math.round(milliseconds)} ms`),
    ...(unended > 0 ? [`${unended} questions did not end`] : []),
    ...(losses === retries ? [] : [`${losses} connections ended, ${retries} with a word when to come back`]),
  ];
};

const checkAnswers = async (cluster: Cluster, questions: readonly Question[], audit: RowAudit): Promise<string[]> => {
  const failures: string[] = [];
  for (const question of questions) {
    const answer = await readStoredAnswer(() => cluster.node.url, cluster.token, question);
    const { id: completionId, status } = answer.completion;
    const calls = cluster.provider.callsOf(question.plan.question);
    if (status !== "completed") failures.push(`${question.plan.question} is ${status}`);
    failures.push(...tornSteps(question, answer, cluster.provider), ...(await differingViewers(question, answer)));
    failures.push(...ledgerFailures(audit.ledger, { completionId, calls, stored: [], kills: calls.length }).failures);
  }
  return failures;
};

/** Tells servers to go while they answer (SIGTERM): they stop being ready, exit with 0, lose no token, and nothing counts as a crash. */
export const drainServers = async ({ postgresUrl, redisUrl, drains, seed }: DrainOptions): Promise<FaultReport> => {
  const cluster = await openCluster({
    postgresUrl,
    redisUrl,
    nodes: 2,
    environment: { NATTER_DRAIN_SECONDS: String(drainSeconds) },
  });
  try {
    await Promise.all(cluster.nodes.map((node) => node.start()));
    const endWatch = watchCrashes(cluster);
    const done = await drainInTurn(cluster, drains, createRandom(seed));
    const crashes = await endWatch();
    const audit = await cluster.database.look(auditRows);
    const failures = [...failuresOf(done), ...audit.failures, ...(await checkAnswers(cluster, done.questions, audit))];
    if (crashes > 0) failures.push("a hand-over was counted as a crash");
    const starts = cluster.tools.starts();
    if (new Set(starts).size < starts.length) failures.push("a tool call was started twice");
    return {
      fault: "drain",
      figures: {
        drains,
        completions: done.questions.length,
        handOvers: audit.takeOvers,
        crashes,
        exitMs: summarize(done.drained.map(({ milliseconds }) => milliseconds)),
      },
      failures,
    };
  } finally {
    await cluster.close();
  }
};
