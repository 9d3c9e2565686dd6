import { join } from "node:path";
import type { ScriptedProvider } from "../../src/testing/providers/scripted-provider.ts";
import { tokenFor } from "../../src/testing/servers/web.ts";
import { createFaultDatabase } from "./fault-database.ts";
import { NatterNode } from "./natter-node.ts";
import { createConversationId } from "./question.ts";
import { createRandom, type Random } from "./random.ts";
import { askUntilAnswered } from "./request.ts";
import { createToolFile, type ToolFile } from "./tool-file.ts";

export interface ServerKillOptions {
  /** Null: PGlite. */
  readonly postgresUrl: string | null;
  readonly kills: number;
  readonly seed: number;
}

/** One server that works with tools which write into a file, to be killed and started again. */
export interface KilledServer {
  readonly node: NatterNode;
  readonly provider: ScriptedProvider;
  readonly files: ToolFile;
  readonly random: Random;
  /** Asks until it is there to answer; with a body by POST, under an idempotency key. */
  request<Body>(path: string, body?: unknown): Promise<Body>;
  close(): Promise<void>;
}

export const openKilledServer = async (
  { postgresUrl, seed }: ServerKillOptions,
  startProvider: () => Promise<ScriptedProvider>,
): Promise<KilledServer> => {
  const database = await createFaultDatabase(postgresUrl);
  const provider = await startProvider();
  const files = createToolFile(join(database.folder, "tool.txt"));
  const [token, random] = [await tokenFor(), createRandom(seed)];
  const node = await NatterNode.create({
    ...database.environment,
    FAULTS_TOOL_FILE: files.path,
    OPENAI_COMPATIBLE_BASE_URL: provider.baseUrl,
    OPENAI_COMPATIBLE_API_KEY: "any",
  });
  return {
    node,
    provider,
    files,
    random,
    async request<Body>(path: string, body?: unknown): Promise<Body> {
      const headers = { "idempotency-key": createConversationId(random) };
      const options = { token, ...(body === undefined ? {} : { body, headers }) };
      return (await askUntilAnswered<Body>(() => `${node.url}${path}`, options)).body;
    },
    async close() {
      await node.end("SIGKILL");
      await provider.close();
      await database.remove();
    },
  };
};
