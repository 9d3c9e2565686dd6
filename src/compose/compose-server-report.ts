import { setTimeout as sleep } from "node:timers/promises";
import type { HttpParts } from "./compose-http.ts";
import { describeConfig } from "../config/describe-config.ts";
import type { ResolvedConfig } from "../config/load-config.ts";
import type { AdminServer } from "../protocol/admin/server.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { splitModelId } from "../providers/catalogue/model-id.ts";
import { listWorkspaceQueues } from "../store/admin/queue-rows.ts";
import { listApplied } from "../store/migrate.ts";
import { listNodeRows } from "../store/node-rows.ts";
import type { Stores } from "./stores.ts";
import { version } from "../version.ts";

const patienceMs = 1_000;
const mostQueues = 50;

type Check = () => Promise<unknown>;

/** Whether a part answers within a second. */
const look = async (part: string, check: Check): Promise<AdminServer["health"][number]> => {
  const before = performance.now();
  const answered = check().then(
    (answer) => answer !== false,
    () => false,
  );
  const isWell = await Promise.race([answered, sleep(patienceMs, false, { ref: false })]);
  return { part, isWell, milliseconds: Math.round((performance.now() - before) * 10) / 10 };
};

const healthOf = ({ database, log, blobs, assertAccepting }: Stores): Promise<AdminServer["health"]> =>
  Promise.all([
    look("database", () => database.query({ text: "select 1", values: [] })),
    look("chunk log", () => log.read("health-check", 0, 1)),
    look("files", () => blobs.get("health-check")),
    look("room for answers", assertAccepting),
    look("workers", async () => (await listNodeRows(database)).some(({ capacity }) => capacity > 0)),
  ]);

const driversOf = ({ stores }: ResolvedConfig): NonNullable<AdminServer["drivers"]> => {
  const hasRedis = stores.redisUrl !== undefined;
  const database = stores.databaseUrl === undefined ? "PGlite" : "PostgreSQL";
  const shared = stores.databaseUrl === undefined ? "memory" : "PostgreSQL";
  return {
    database,
    "chunk log": hasRedis ? "Redis" : shared,
    signals: hasRedis ? "Redis" : shared,
    queue: stores.queue === "bullmq" ? "BullMQ" : "table",
    files: stores.s3Url === undefined ? "disk" : "S3",
    limits: hasRedis ? "Redis" : "memory",
  };
};

const providersOf = ({ providers, watch }: HttpParts): AdminServer["providers"] => {
  const offered = providers.models.list().map(({ id }) => splitModelId(id).providerId);
  return [...new Set(offered)].map((id) => ({
    id,
    models: offered.filter((one) => one === id).length,
    ...watch.state(id),
  }));
};

const nodesOf = async ({ database }: Stores): Promise<AdminServer["nodes"]> =>
  (await listNodeRows(database)).map(({ started_at, seen_at, ...node }) => ({
    ...node,
    startedAt: started_at.toISOString(),
    seenAt: seen_at.toISOString(),
  }));

const queuesOf = async ({ database }: Stores): Promise<AdminServer["queues"]> =>
  (await listWorkspaceQueues(database, mostQueues)).map(({ workspace_id, oldest_seconds, ...queue }) => ({
    ...queue,
    workspaceId: workspace_id,
    oldestSeconds: oldest_seconds ?? 0,
  }));

const migrationsOf = async ({ database }: Stores): Promise<AdminServer["migrations"]> =>
  (await listApplied(database)).map(({ name, applied_at }) => ({ name, appliedAt: applied_at.toISOString() }));

const hidden = { drivers: null, nodes: null, queues: null, migrations: null, settings: null };

/** What only whoever operates the server may see: it is of all workspaces. */
const serverWide = async (config: ResolvedConfig, { stores }: HttpParts) => ({
  drivers: driversOf(config),
  nodes: await nodesOf(stores),
  queues: await queuesOf(stores),
  migrations: await migrationsOf(stores),
  settings: [...describeConfig(config)],
});

/** What the server tells of itself to an owner or admin of a workspace. */
export const composeServerReport = (config: ResolvedConfig, parts: HttpParts) => {
  const { stores, providers, agents } = parts;
  const operators = new Set(config.operators);
  return async ({ userId, actorId }: Principal): Promise<AdminServer> => {
    const isOperator = actorId === undefined && (config.isLoopback || operators.has(userId));
    return {
      version,
      isOperator,
      health: await healthOf(stores),
      providers: providersOf(parts),
      defaultModel: providers.models.defaultModel,
      agents: agents.list().map(({ id }) => id),
      limits: { ...config.limits },
      features: { ...config.features },
      ...(isOperator ? await serverWide(config, parts) : hidden),
    };
  };
};
