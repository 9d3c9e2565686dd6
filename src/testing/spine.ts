import { createAgentDirectory, type AgentDefinition } from "../agents/define-agent.ts";
import { createAttachmentReader } from "../conversations/files/attachment-reader.ts";
import type { ConversationContext } from "../conversations/context.ts";
import { createMemoryLog } from "../drivers/log/log-memory.ts";
import { createTableQueue } from "../drivers/queue/queue-table.ts";
import { createMemorySignals } from "../drivers/signals/signals-memory.ts";
import type { EngineDependencies, EngineModels } from "../engine/dependencies.ts";
import { createFlushClock } from "../engine/log/flush-clock.ts";
import { silentObserver } from "../engine/observer.ts";
import { Worker } from "../engine/worker.ts";
import { createId } from "../foundation/ids.ts";
import { directIo } from "../foundation/io.ts";
import { silentLogger } from "../foundation/logger.ts";
import type { ChunkLog } from "../ports/chunk-log.ts";
import type { Database } from "../ports/database.ts";
import type { Signals } from "../ports/signals.ts";
import type { ModelDriver } from "../protocol/agent/model.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Chunk } from "../protocol/message/chunk.ts";
import { parseFrames } from "../protocol/message/frames.ts";
import { createContextSource } from "../tools/context-source.ts";
import sql from "sql-template-tag";
import { createTestBlobStore } from "./databases/blob-store.ts";

export interface SpineOptions {
  readonly database: Database;
  readonly model: ModelDriver;
  readonly agents?: Readonly<Record<string, AgentDefinition>>;
  readonly log?: ChunkLog;
  readonly signals?: Signals;
  readonly engine?: Partial<EngineDependencies>;
}

/** The path without HTTP: one database, one log, any number of workers, one user. */
export interface Spine {
  readonly context: ConversationContext;
  readonly principal: Principal;
  readonly log: ChunkLog;
  /** A worker that is not started; each has a name of its own. */
  worker(overrides?: Partial<EngineDependencies>): Worker;
  dependencies(overrides?: Partial<EngineDependencies>): EngineDependencies;
  close(): Promise<void>;
}

const modelsOf = (driver: ModelDriver): EngineModels => ({
  driver: () => driver,
  priceOf: (_model, usage) => ({
    costMicros: usage.inputTokens + 10 * usage.outputTokens,
    price: { input: 1, output: 10 },
  }),
  describe: () => ({ contextTokens: null, maxOutputTokens: null }),
  takesFile: (_model, mediaType) => mediaType.startsWith("image/"),
  estimateTokens: (text) => Math.ceil(text.length / 4),
});

/** A user with a workspace of its own. */
export const createPrincipal = async (database: Database): Promise<Principal> => {
  const userId = createId();
  const workspaceId = createId();
  await database.query(sql`insert into "user" (id, issuer, subject) values (${userId}, 'test', ${userId})`);
  await database.query(sql`insert into workspace (id, name) values (${workspaceId}, 'Test')`);
  await database.query(
    sql`insert into member (workspace_id, user_id, role) values (${workspaceId}, ${userId}, 'owner')`,
  );
  return { userId, workspaceId, role: "owner", name: null };
};

export const createSpine = async ({
  database,
  model,
  agents = { default: {} },
  log,
  signals = createMemorySignals(),
  engine,
}: SpineOptions): Promise<Spine> => {
  const queue = createTableQueue({ signals, pollSeconds: 0.2 });
  const directory = createAgentDirectory(agents);
  const blobs = await createTestBlobStore();
  const chunkLog = log ?? createMemoryLog({ retentionSeconds: 60 });
  const models = {
    resolve: (id: string) => (id.startsWith("test/") ? id : undefined),
    defaultModel: "test/model",
    list: () => [],
  };
  const dependencies = (overrides: Partial<EngineDependencies> = {}): EngineDependencies => ({
    database,
    log: chunkLog,
    queue,
    signals,
    agents: directory,
    models: modelsOf(model),
    files: createAttachmentReader(database, blobs),
    contexts: createContextSource({ database, logger: silentLogger }),
    logger: silentLogger,
    io: directIo,
    flushClock: createFlushClock(),
    observer: silentObserver,
    workerId: createId(),
    leaseSeconds: 10,
    logRetentionSeconds: 60,
    snapshotMilliseconds: 2_000,
    ...engine,
    ...overrides,
  });
  return {
    context: { database, queue, signals, agents: directory, models, blobs },
    principal: await createPrincipal(database),
    log: chunkLog,
    dependencies,
    worker: (overrides) => new Worker(dependencies(overrides), { concurrency: 50, pollSeconds: 0.2 }),
    async close() {
      await queue.close();
      await signals.close();
      await chunkLog.close();
      await blobs.close();
    },
  };
};

/** Lets everything pass. */
export const permitAll = (): void => {};

export const text = (value: string) => [{ type: "text", text: value }] as const;

/** All chunks of a log, with their positions checked: contiguous from 1, the ending last. */
export const readLog = async (log: ChunkLog, id: string): Promise<{ chunks: Chunk[]; ended: boolean }> => {
  const chunks: Chunk[] = [];
  let position = 0;
  for (;;) {
    const page = await log.read(id, position, 1_000_000);
    if (page === null) throw new Error(`there is no log ${id}`);
    for (const entry of page.entries) {
      for (const frame of parseFrames(entry.frames)) {
        position += 1;
        if (frame.id !== `${page.epoch}.${position}`) throw new Error(`position ${position} has the id ${frame.id}`);
        chunks.push(frame.chunk);
      }
    }
    if (page.entries.length === 0) return { chunks, ended: page.ended };
  }
};

/** Waits for a condition, looked at every 5 ms; rejects after `seconds`. */
export const until = async <Value>(
  look: () => Promise<Value | undefined | null | false>,
  seconds = 10,
): Promise<Value> => {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== null && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`nothing came within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
