import { join } from "node:path";
import { createRedisLog } from "../../src/drivers/log/log-redis.ts";
import type { ChunkLog } from "../../src/ports/chunk-log.ts";
import { findFreePort } from "../../src/testing/servers/private-server.ts";
import { tokenFor } from "../../src/testing/servers/web.ts";
import { watchClaims } from "./claim-trail.ts";
import { createFaultDatabase, type FaultDatabase } from "./fault-database.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { NatterNode } from "./natter-node.ts";
import { type NumberedProvider, startNumberedProvider } from "./numbered-provider.ts";
import { createToolFile, type ToolFile } from "./tool-file.ts";

export interface FleetOptions {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** Nodes of the role `web`: 2. */
  readonly webs?: number;
  /** Nodes of the role `worker`: 2. */
  readonly workers?: number;
  /** Whether nodes reach their stores through proxies. */
  readonly isProxied?: boolean;
  /** Of every node. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Web nodes and workers over one PostgreSQL and one Redis, with a provider in this process. */
export interface Fleet {
  readonly webs: readonly NatterNode[];
  readonly workers: readonly NatterNode[];
  readonly database: FaultDatabase;
  readonly log: ChunkLog;
  readonly provider: NumberedProvider;
  readonly tools: ToolFile;
  /** Of the one user. */
  readonly token: string;
  /** The ways to the stores, where there are any. */
  readonly ways: { readonly postgres: FaultProxy; readonly redis: FaultProxy } | null;
  /** Makes one more, not started yet. */
  create(role: "web" | "worker", environment?: Readonly<Record<string, string>>): Promise<NatterNode>;
  close(): Promise<void>;
}

export const leaseSeconds = 2;

const through = (url: string, proxy: FaultProxy | undefined): string => {
  const result = new URL(url);
  if (proxy !== undefined) result.port = String(proxy.port);
  return result.href;
};

/** What a node calls itself to PostgreSQL: another name after each start. */
export const incarnationOf = (node: NatterNode): string => `${new URL(node.url).port}-${node.count}`;

const openWays = async ({ postgresUrl, redisUrl, isProxied = false }: FleetOptions): Promise<Fleet["ways"]> => {
  if (!isProxied) return null;
  const [postgres, redis] = await Promise.all([
    startFaultProxy(Number(new URL(postgresUrl).port)),
    startFaultProxy(Number(new URL(redisUrl).port)),
  ]);
  return { postgres, redis };
};

/** Opens a fleet whose nodes are ready, and which remembers who claimed what. */
export const openFleet = async (options: FleetOptions): Promise<Fleet> => {
  const { postgresUrl, redisUrl, webs: webCount = 2, workers: workerCount = 2, environment } = options;
  const database = await createFaultDatabase(postgresUrl);
  const provider = await startNumberedProvider();
  const tools = createToolFile(join(database.folder, "tool.txt"));
  const ways = await openWays(options);
  const databaseUrl = through(database.environment["DATABASE_URL"] ?? "", ways?.postgres);
  const log = createRedisLog({ url: redisUrl, retentionSeconds: 60 });
  const nodes: NatterNode[] = [];
  const create: Fleet["create"] = async (role, own) => {
    const port = await findFreePort();
    const node = await NatterNode.create(
      (start) => ({
        ...database.environment,
        // another folder: nodes of a cluster are on machines of their own
        NATTER_DATA_DIR: join(database.folder, String(port)),
        NATTER_ROLE: role,
        DATABASE_URL: `${databaseUrl}?application_name=${port}-${start}`,
        REDIS_URL: through(redisUrl, ways?.redis),
        NATTER_LEASE_SECONDS: String(leaseSeconds),
        FAULTS_TOOL_FILE: tools.path,
        OPENAI_COMPATIBLE_BASE_URL: provider.baseUrl,
        OPENAI_COMPATIBLE_API_KEY: "any",
        ...environment,
        ...own,
      }),
      { port },
    );
    nodes.push(node);
    return node;
  };
  const many = (role: "web" | "worker", count: number): Promise<NatterNode[]> =>
    Promise.all(Array.from({ length: count }, () => create(role)));
  const [webs, workers] = [await many("web", webCount), await many("worker", workerCount)];
  await webs[0]?.start();
  await database.look(watchClaims);
  await Promise.all([...webs.slice(1), ...workers].map((node) => node.start()));
  return {
    webs,
    workers,
    database,
    log,
    provider,
    tools,
    token: await tokenFor(),
    ways,
    create,
    async close() {
      await Promise.all(nodes.map((node) => node.end("SIGKILL")));
      await log.close();
      await provider.close();
      await Promise.all([ways?.postgres.close(), ways?.redis.close()]);
      await database.remove();
    },
  };
};
