import sql from "sql-template-tag";
import { z } from "zod";
import { createPgliteDatabase } from "../../src/drivers/pglite/pglite.ts";
import type { Worker } from "../../src/engine/worker.ts";
import { createId } from "../../src/foundation/ids.ts";
import { startServer } from "../../src/http/server/server.ts";
import type { Database } from "../../src/ports/database.ts";
import { createOpenAICompatibleDriver } from "../../src/providers/openai-compatible.ts";
import { migrate } from "../../src/store/migrate.ts";
import type { Spine } from "../../src/testing/spine.ts";
import { createWeb, tokenFor } from "../../src/testing/servers/web.ts";
import { tool } from "../../src/tools/tool.ts";
import { createMortalIo, type MortalIo } from "./mortal-io.ts";
import { startNumberedProvider } from "./numbered-provider.ts";
import type { Random } from "./random.ts";
import type { ResumeWorld } from "./resume-cuts.ts";

/** A worker that can die alone in this process. */
interface Life {
  readonly id: string;
  readonly worker: Worker;
  readonly mortal: MortalIo;
  /** The effect after which it dies: what it committed is never told to the log. */
  deadly: string | null;
}

const deadlyEffects = ["completion.end", "model.done", "tool.result"] as const;

const work = tool({
  inputSchema: z.object({ milliseconds: z.number() }),
  execute: async ({ milliseconds }, { callId }) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return { worked: callId };
  },
});

/** Two workers on one log in this process, that die and are replaced, or are taken for dead and go on for a while. */
class Workers {
  readonly #database: Database;
  readonly #spine: Spine;
  readonly #lives: Life[] = [];

  constructor(database: Database, spine: Spine) {
    this.#database = database;
    this.#spine = spine;
  }

  async spawn(): Promise<void> {
    const id = createId();
    const mortal = createMortalIo(({ label }) => (label === life.deadly ? "die after" : "live"));
    const worker = this.#spine.worker({ io: mortal.io, workerId: id, leaseSeconds: 60, snapshotMilliseconds: 200 });
    const life: Life = { id, worker, mortal, deadly: null };
    this.#lives.push(life);
    void mortal.died.then(() => this.#bury(life));
    await worker.start();
  }

  async disturb(random: Random): Promise<string> {
    const life = random.pick(this.#lives.filter(({ mortal }) => !mortal.isDead));
    const kind = random.pick(["die", "expire", "expire", ...deadlyEffects]);
    if (kind === "expire") await this.#expire(life.id);
    else if (kind === "die") life.mortal.die();
    else life.deadly = kind;
    return kind === "expire" || kind === "die" ? kind : `die after ${kind}`;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lives.filter(({ mortal }) => !mortal.isDead).map(({ worker }) => worker.drain(5)));
  }

  async #bury({ id, worker }: Life): Promise<void> {
    // its timers stop; it can do nothing else any more
    void worker.drain(0);
    await this.spawn();
    await this.#expire(id);
  }

  #expire(workerId: string): Promise<unknown> {
    return this.#database.query(sql`
      update completion set lease_until = now() - interval '1 second' where worker_id = ${workerId} and status = 'running'`);
  }
}

/** Two engines in this process over the memory log, behind a server of their own. */
export const openMemoryWorld = async (): Promise<ResumeWorld> => {
  const database = await createPgliteDatabase({ directory: null });
  await migrate(database);
  const provider = await startNumberedProvider();
  const model = createOpenAICompatibleDriver({ baseUrl: provider.baseUrl, stallSeconds: 30 });
  const web = await createWeb({ database, model, agents: { default: { tools: { work } } } });
  const server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
  const workers = new Workers(database, web.spine);
  await workers.spawn();
  await workers.spawn();
  return {
    name: "memory",
    provider,
    token: await tokenFor(),
    log: web.spine.log,
    url: () => `http://127.0.0.1:${server.port}`,
    disturb: (random) => workers.disturb(random),
    async countTakeOvers() {
      const [row] = await database.query<{ count: number }>(
        sql`select coalesce(sum(fence - 1), 0)::int8 as count from completion where fence > 0`,
      );
      return row?.count ?? 0;
    },
    async close() {
      await workers.close();
      await server.close(1);
      await web.close();
      await provider.close();
      await database.close();
    },
  };
};
