import { until } from "../../src/testing/spine.ts";
import { differingViewers, readStoredAnswer, type StoredAnswer, textOf, tornSteps } from "./answer-check.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import { askQuestion, createConversationId, type Question } from "./question.ts";
import { createRandom } from "./random.ts";
import { databaseName, type FaultReport } from "./report.ts";
import { auditRows, ledgerFailures } from "./row-audit.ts";

export interface CrashLoopOptions {
  /** Null: PGlite. */
  readonly postgresUrl: string | null;
  /** Conversations that are killed together. */
  readonly conversations: number;
  readonly seed: number;
}

/** Long enough for a snapshot, which is taken every 2 s, to keep some of it. */
const poison = { tokens: 100, delay: 50 };
/** How many tokens a call must have shown before each kill. */
const shownBefore = [55, 1, 20] as const;
const seconds = 60;

const ask = ({ node, token }: Cluster, conversationId: string, plan: Question["plan"]): Question =>
  askQuestion({ plan, conversationId, token, url: () => node.url });

/** Kills the server when each question has shown so many tokens of a call that no kill has ended yet. */
const killAfter = async (
  { node, provider }: Cluster,
  questions: readonly Question[],
  kills: number,
  tokens: number,
) => {
  const isShown = ({ plan, viewers: [viewer] }: Question): boolean =>
    provider.callsOf(plan.question).length === kills + 1 && (viewer?.tokens ?? 0) >= tokens;
  await until(async () => questions.every(isShown), seconds);
  await node.end("SIGKILL");
};

const partialFailures = (cluster: Cluster, { plan }: Question, { completion, parts }: StoredAnswer): string[] => {
  const failures: string[] = [];
  const partial = textOf(parts);
  const calls = cluster.provider.callsOf(plan.question);
  if (completion.status !== "failed" || completion.error?.code !== "crash_loop")
    failures.push(`it is ${completion.status} (${completion.error?.code})`);
  if (calls.length !== shownBefore.length) failures.push(`the provider was called ${calls.length} times`);
  if (partial === "") failures.push("nothing of it was kept");
  if (!calls.some(({ text }) => text.startsWith(partial))) failures.push(`its partial is torn: ${partial}`);
  return failures.map((failure) => `${plan.question}: ${failure}`);
};

/**
 * Kills a server three times while the same completions get nowhere: they fail with what a snapshot kept, a prefix of one
 * answer, and their conversations go on.
 */
export const crashLoop = async ({ postgresUrl, conversations, seed }: CrashLoopOptions): Promise<FaultReport> => {
  const random = createRandom(seed);
  const cluster = await openCluster({ postgresUrl });
  try {
    await cluster.node.start();
    const ids = Array.from({ length: conversations }, () => createConversationId(random));
    const poisoned = ids.map((id, index) => ask(cluster, id, { question: `poison-${index + 1}`, ...poison }));
    for (const [kills, tokens] of shownBefore.entries()) {
      await killAfter(cluster, poisoned, kills, tokens);
      await cluster.node.start();
    }
    await Promise.all(poisoned.map(({ ended }) => ended));
    const next = ids.map((id, index) => ask(cluster, id, { question: `next-${index + 1}`, tokens: 5, delay: 5 }));
    await Promise.all(next.map(({ ended }) => ended));
    const failures: string[] = [];
    const answers = new Map<Question, StoredAnswer>();
    for (const question of [...poisoned, ...next])
      answers.set(question, await readStoredAnswer(() => cluster.node.url, cluster.token, question));
    await cluster.node.end("SIGTERM");
    const audit = await cluster.database.look(auditRows);
    for (const [question, answer] of answers) {
      const isPoison = poisoned.includes(question);
      const { provider } = cluster;
      failures.push(...(await differingViewers(question, answer)));
      failures.push(...(isPoison ? partialFailures(cluster, question, answer) : tornSteps(question, answer, provider)));
      const calls = provider.callsOf(question.plan.question);
      const kills = isPoison ? shownBefore.length : 0;
      failures.push(
        ...ledgerFailures(audit.ledger, { completionId: answer.completion.id, calls, stored: [], kills }).failures,
      );
    }
    const kept = poisoned.map((question) => textOf(answers.get(question)?.parts ?? []).length);
    return {
      fault: "crash-loop",
      figures: {
        database: databaseName(postgresUrl),
        kills: shownBefore.length,
        completions: poisoned.length,
        failed: poisoned.filter((question) => answers.get(question)?.completion.status === "failed").length,
        charactersKept: { least: Math.min(...kept), most: Math.max(...kept) },
        answeredAfterwards: next.filter((question) => answers.get(question)?.completion.status === "completed").length,
      },
      failures: [...failures, ...audit.failures],
    };
  } finally {
    await cluster.close();
  }
};
