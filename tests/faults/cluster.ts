import { join } from "node:path";
import { tokenFor } from "../../src/testing/servers/web.ts";
import { createFaultDatabase, type FaultDatabase } from "./fault-database.ts";
import { NatterNode } from "./natter-node.ts";
import { type NumberedProvider, startNumberedProvider } from "./numbered-provider.ts";
import { createToolFile, type ToolFile } from "./tool-file.ts";

export interface ClusterOptions {
  /** Null: PGlite. */
  readonly postgresUrl: string | null;
  /** Null, the default: the log is in memory, or in PostgreSQL. */
  readonly redisUrl?: string | null;
  /** Default 1. More of them need PostgreSQL. */
  readonly nodes?: number;
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
  /** Of the one user. */
  readonly token: string;
  close(): Promise<void>;
}

export const openCluster = async ({
  postgresUrl,
  redisUrl = null,
  nodes: count = 1,
  environment,
}: ClusterOptions): Promise<Cluster> => {
  const database = await createFaultDatabase(postgresUrl);
  const provider = await startNumberedProvider();
  const tools = createToolFile(join(database.folder, "tool.txt"));
  const variables = {
    ...database.environment,
    ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
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
    token: await tokenFor(),
    async close() {
      await Promise.all(nodes.map((each) => each.end("SIGKILL")));
      await provider.close();
      await database.remove();
    },
  };
};
