import sql from "sql-template-tag";
import { readStoredAnswer, tornSteps } from "./answer-check.ts";
import { openCluster } from "./cluster.ts";
import { askQuestion, createConversationId } from "./question.ts";
import { createRandom } from "./random.ts";
import { type FaultReport, summarize } from "./report.ts";

export interface BootOptions {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly nodes: number;
  /** Times that so many begin with an empty database. */
  readonly rounds: number;
  readonly seed: number;
}

const bootOnce = async ({ postgresUrl, redisUrl, nodes: count, seed }: BootOptions, round: number) => {
  const cluster = await openCluster({ postgresUrl, redisUrl, nodes: count });
  const random = createRandom(seed + round);
  const failures: string[] = [];
  try {
    const started = await Promise.allSettled(cluster.nodes.map((node) => node.start()));
    for (const result of started) if (result.status === "rejected") failures.push(String(result.reason));
    const questions = cluster.nodes.map((node, index) =>
      askQuestion({
        plan: { question: `question-${round}-${index}`, tokens: 5, delay: 1 },
        conversationId: createConversationId(random),
        token: cluster.token,
        url: () => node.url,
      }),
    );
    await Promise.all(questions.map(({ ended }) => ended));
    for (const question of questions) {
      const answer = await readStoredAnswer(() => cluster.node.url, cluster.token, question);
      failures.push(...tornSteps(question, answer, cluster.provider));
    }
    const [users] = await cluster.database.look((database) =>
      database.query<{ count: number }>(sql`select count(*)::int4 as count from "user"`),
    );
    if (users?.count !== 1) failures.push(`one person became ${users?.count} users`);
    return { starts: cluster.nodes.flatMap(({ starts }) => starts), failures };
  } finally {
    await cluster.close();
  }
};

/** Nodes that begin at the same moment on an empty database all come up, and each answers the first message of the same new person. */
export const bootTogether = async (options: BootOptions): Promise<FaultReport> => {
  const starts: number[] = [];
  const failures: string[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const booted = await bootOnce(options, round);
    starts.push(...booted.starts);
    failures.push(...booted.failures);
  }
  const { nodes, rounds } = options;
  return { fault: "boot", figures: { nodes, rounds, ready: starts.length, readyMs: summarize(starts) }, failures };
};
