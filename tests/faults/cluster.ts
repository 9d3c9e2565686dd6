import { join } from "node:path";
import { startRedis } from "../../src/testing/redis-server.ts";
import { tokenFor } from "../../src/testing/web.ts";
import { type DatabaseName, type FaultDatabase, startFaultDatabase } from "./fault-database.ts";
import { NatterNode } from "./natter-node.ts";
import { type NumberedProvider, startNumberedProvider } from "./numbered-provider.ts";
import { createToolFile, type ToolFile } from "./tool-file.ts";

export interface ClusterOptions {
  readonly database: DatabaseName;
  /** Default 1. More of them need PostgreSQL, and Redis for a log that all of them see. */
  readonly nodes?: number;
  readonly redis?: boolean;
  /** Of every node. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Servers as their users start them, over one database, with a provider in this process. Not started yet. */
export interface Cluster {
  readonly nodes: readonly NatterNode[];
  readonly node: NatterNode;
  readonly database: FaultDatabase;
  readonly provider: NumberedProvider;
  readonly tools: ToolFile;
  readonly redisUrl: string | null;
  /** Of the one user. */
  readonly token: string;
  close(): Promise<void>;
}

export const openCluster = async ({
  database: name,
  nodes: count = 1,
  redis: hasRedis = false,
  environment,
}: ClusterOptions): Promise<Cluster> => {
  const database = await startFaultDatabase(name);
  const redis = hasRedis ? await startRedis() : null;
  const provider = await startNumberedProvider();
  const tools = createToolFile(join(database.folder, "tool.txt"));
  const variables = {
    ...database.environment,
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    FAULTS_TOOL_FILE: tools.path,
    OPENAI_COMPATIBLE_BASE_URL: provider.baseUrl,
    OPENAI_COMPATIBLE_API_KEY: "any",
    ...environment,
  };
  const node = await NatterNode.create(variables);
  const others = await Promise.all(Array.from({ length: count - 1 }, () => NatterNode.create(variables)));
  const nodes = [node, ...others];
  return {
    nodes,
    node,
    database,
    provider,
    tools,
    redisUrl: redis?.url ?? null,
    token: await tokenFor(),
    async close() {
      await Promise.all(nodes.map((each) => each.end("SIGKILL")));
      await provider.close();
      await redis?.stop();
      await database.stop();
    },
  };
};
