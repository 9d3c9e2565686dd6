import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { promisify } from "node:util";
import { findProgram } from "../../src/testing/servers/find-program.ts";
import { until } from "../../src/testing/spine.ts";
import { readStoredAnswer, tornSteps } from "./answer-check.ts";
import { openCluster } from "./cluster.ts";
import { askQuestion, createConversationId } from "./question.ts";
import { createRandom } from "./random.ts";
import type { FaultReport } from "./report.ts";

export interface DescriptorsOptions {
  /** Null: PGlite. */
  readonly postgresUrl: string | null;
  /** Connections that are opened and say nothing. */
  readonly connections: number;
  readonly seed: number;
}

const spare = 16;
const seconds = 30;
const prlimit = findProgram(["prlimit"]);

const limitFiles = async (pid: number): Promise<number> => {
  const limit = (await readdir(`/proc/${pid}/fd`)).length + spare;
  await promisify(execFile)(prlimit ?? "prlimit", ["--pid", String(pid), `--nofile=${limit}:`]);
  return limit;
};

const dial = (url: string): Socket => {
  const { port, hostname } = new URL(url);
  return connect(Number(port), hostname).on("error", () => {});
};

/** Whether a machine can take files from a process. */
export const canLimitFiles = prlimit !== null && process.platform === "linux";

/** A server runs out of file descriptors (EMFILE): what streams goes on, and when the connections are gone it answers as before. */
export const limitDescriptors = async ({
  postgresUrl,
  connections,
  seed,
}: DescriptorsOptions): Promise<FaultReport> => {
  const cluster = await openCluster({ postgresUrl });
  const random = createRandom(seed);
  try {
    await cluster.node.start();
    const ask = (name: string) =>
      askQuestion({
        plan: { question: name, tokens: 150, delay: 20 },
        conversationId: createConversationId(random),
        token: cluster.token,
        url: () => cluster.node.url,
      });
    await ask("warm").ended;
    const during = ask("during");
    await until(async () => (during.viewers[0]?.tokens ?? 0) > 0, seconds);
    const limit = await limitFiles(cluster.node.pid ?? 0);
    const sockets = Array.from({ length: connections }, () => dial(cluster.node.url));
    const closed = sockets.filter((socket) => socket.destroyed).length;
    await during.ended;
    const open = sockets.filter((socket) => !socket.destroyed).length;
    for (const socket of sockets) if (!socket.destroyed) await once(socket.destroy(), "close");
    const after = ask("after");
    await after.ended;
    const failures: string[] = [];
    for (const question of [during, after]) {
      const answer = await readStoredAnswer(() => cluster.node.url, cluster.token, question);
      failures.push(...tornSteps(question, answer, cluster.provider));
    }
    if (during.viewers[0]?.losses !== 0) failures.push("a stream that was there was lost");
    const exitCode = await cluster.node.end("SIGTERM");
    if (exitCode !== 0) failures.push(`the server exited with ${exitCode}: ${cluster.node.output}`);
    return {
      fault: "descriptors",
      figures: { limit, connections, openedAllTheSame: open, refused: connections - open + closed },
      failures,
    };
  } finally {
    await cluster.close();
  }
};
