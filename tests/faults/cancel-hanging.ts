import { until } from "../../src/testing/spine.ts";
import { differingViewers, readStoredAnswer, textOf } from "./answer-check.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import { askQuestion, createConversationId, type Question } from "./question.ts";
import { createRandom } from "./random.ts";
import { databaseName, type FaultReport, summarize } from "./report.ts";
import { ask } from "./request.ts";
import { auditRows, ledgerFailures } from "./row-audit.ts";

export interface CancelOptions {
  /** Null: PGlite, and one server. With both, two servers. */
  readonly postgresUrl: string | null;
  readonly redisUrl: string | null;
  /** Of each kind: a provider silent from the start, one silent after some words, a tool that does not come back. */
  readonly cancels: number;
  readonly seed: number;
}

const kinds = ["silent", "told", "tool"] as const;
type Kind = (typeof kinds)[number];

const mayTake = 1_000;
const seconds = 15;

interface Cancelled {
  readonly kind: Kind;
  readonly question: Question;
  /** Milliseconds from the request to stop. */
  readonly terminal: number;
  readonly closed: number | null;
}

const planOf = (kind: Kind, number: number): AnswerPlan => {
  const plan = { question: `${kind}-${number}`, tokens: 5, delay: 2 };
  return kind === "tool" ? { ...plan, tools: 1, toolMilliseconds: 600_000 } : { ...plan, hangs: kind };
};

const isHanging = ({ provider, tools }: Cluster, kind: Kind, { plan, viewers: [viewer] }: Question): boolean => {
  const [call] = provider.callsOf(plan.question);
  if (call === undefined) return false;
  if (kind === "silent") return true;
  if (kind === "told") return viewer?.tokens === plan.tokens;
  return call.callIds.every((id) => tools.starts().includes(id));
};

/** Asks a server, not always the one that works, to stop: the completion by its id, or what runs in the conversation. */
const stop = async ({ nodes, token }: Cluster, { conversationId, viewers: [viewer] }: Question, number: number) => {
  const path = number % 2 === 0 ? `completions/${viewer?.completionId}/cancel` : `chat/${conversationId}/stop`;
  const { status } = await ask(`${nodes[number % nodes.length]?.url}/v1/${path}`, { method: "POST", token });
  if (status !== 200) throw new Error(`${path} was answered with ${status}`);
};

const cancelOne = async (cluster: Cluster, kind: Kind, number: number, conversationId: string): Promise<Cancelled> => {
  const { token, nodes, provider } = cluster;
  const url = (): string => nodes[0]?.url ?? "";
  const question = askQuestion({ plan: planOf(kind, number), conversationId, token, url });
  await until(async () => isHanging(cluster, kind, question), seconds);
  const aborts = provider.aborts;
  const begun = performance.now();
  const elapsed = (): number => performance.now() - begun;
  const closed = kind === "tool" ? null : provider.aborted(aborts + 1).then(elapsed);
  await stop(cluster, question, number);
  await until(async () => question.ended.then(() => true), seconds);
  return { kind, question, terminal: elapsed(), closed: await closed };
};

const failuresOf = async (cluster: Cluster, { kind, question, terminal, closed }: Cancelled): Promise<string[]> => {
  const answer = await readStoredAnswer(() => cluster.node.url, cluster.token, question);
  const failures = await differingViewers(question, answer);
  const kept = kind === "silent" ? "" : cluster.provider.callsOf(question.plan.question)[0]?.text;
  if (answer.completion.status !== "cancelled") failures.push(`it is ${answer.completion.status}`);
  if (textOf(answer.parts) !== kept) failures.push(`it kept ${textOf(answer.parts)}`);
  if (terminal > mayTake) failures.push(`it took ${Math.round(terminal)} ms to end`);
  if (closed !== null && closed > mayTake) failures.push(`its socket was closed after ${Math.round(closed)} ms`);
  return failures.map((failure) => `${question.plan.question}: ${failure}`);
};

/** Cancels completions whose provider or tool is silent, over HTTP: they end within a second, and the provider's socket is closed. */
export const cancelHanging = async ({ postgresUrl, redisUrl, cancels, seed }: CancelOptions): Promise<FaultReport> => {
  const random = createRandom(seed);
  const nodes = postgresUrl !== null && redisUrl !== null ? 2 : 1;
  const cluster = await openCluster({ postgresUrl, redisUrl, nodes });
  try {
    await Promise.all(cluster.nodes.map((node) => node.start()));
    const done: Cancelled[] = [];
    for (let number = 0; number < cancels; number += 1)
      for (const kind of kinds) done.push(await cancelOne(cluster, kind, number, createConversationId(random)));
    const failures = (await Promise.all(done.map((one) => failuresOf(cluster, one)))).flat();
    await Promise.all(cluster.nodes.map((node) => node.end("SIGTERM")));
    const audit = await cluster.database.look(auditRows);
    for (const { question } of done) {
      const calls = cluster.provider.callsOf(question.plan.question);
      const completionId = question.viewers[0]?.completionId ?? "";
      failures.push(...ledgerFailures(audit.ledger, { completionId, calls, stored: [], kills: 0 }).failures);
    }
    const of = (kind: Kind): readonly Cancelled[] => done.filter((one) => one.kind === kind);
    return {
      fault: "cancel",
      figures: {
        database: databaseName(postgresUrl),
        nodes,
        cancels: done.length,
        terminalMs: Object.fromEntries(
          kinds.map((kind) => [kind, summarize(of(kind).map(({ terminal }) => terminal))]),
        ),
        socketClosedMs: summarize(done.flatMap(({ closed }) => closed ?? [])),
      },
      failures: [...failures, ...audit.failures],
    };
  } finally {
    await cluster.close();
  }
};
