import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ToolExecution } from "../../src/protocol/tool-execution.ts";
import { createScriptedProvider, type ScriptedProvider } from "../../src/testing/scripted-provider.ts";
import { until } from "../../src/testing/spine.ts";
import { tokenFor } from "../../src/testing/web.ts";
import { createFaultDatabase, type FaultDatabase } from "./fault-database.ts";
import { NatterNode } from "./natter-node.ts";
import { createConversationId } from "./question.ts";
import { createRandom, type Random } from "./random.ts";
import { countBy, databaseName, type FaultReport } from "./report.ts";
import { askUntilAnswered } from "./request.ts";
import { createToolFile, type ToolFile } from "./tool-file.ts";

export interface BackgroundKillOptions {
  /** Null: PGlite. */
  readonly postgresUrl: string | null;
  readonly kills: number;
  readonly seed: number;
}

const tools = ["again", "once", "further"] as const;
const atOnce = 4;
const endSeconds = 60;
const resultMark = "[Result of the background tool";

interface Wire {
  readonly role: string;
  readonly content: unknown;
}

const messagesOf = (body: Record<string, unknown>): readonly Wire[] => body["messages"] as readonly Wire[];
const resultsIn = (messages: readonly Wire[]): number => JSON.stringify(messages).split(resultMark).length - 1;

/** Calls the tool that a message names, and answers everything else. */
const startProvider = (): Promise<ScriptedProvider> =>
  createScriptedProvider(({ body, number }) => {
    const messages = messagesOf(body);
    const [, tool, milliseconds] = /start (\w+) (\d+)/.exec(JSON.stringify(messages.at(-1)?.content ?? "")) ?? [];
    if (messages.at(-1)?.role !== "user" || tool === undefined) return [{ say: `answer ${number}` }];
    return [
      { call: { id: `call-${number}`, name: tool, arguments: JSON.stringify({ milliseconds: Number(milliseconds) }) } },
    ];
  });

interface Asked {
  readonly conversationId: string;
  readonly tool: (typeof tools)[number];
}

/** A server whose background tools are killed with it, and what was asked of it. */
class Killed {
  readonly asked: Asked[] = [];
  readonly node: NatterNode;
  readonly provider: ScriptedProvider;
  readonly files: ToolFile;
  readonly #database: FaultDatabase;
  readonly #token: string;
  readonly #random: Random;

  private constructor(parts: {
    node: NatterNode;
    provider: ScriptedProvider;
    files: ToolFile;
    database: FaultDatabase;
    token: string;
    random: Random;
  }) {
    this.node = parts.node;
    this.provider = parts.provider;
    this.files = parts.files;
    this.#database = parts.database;
    this.#token = parts.token;
    this.#random = parts.random;
  }

  static async open({ postgresUrl, seed }: BackgroundKillOptions): Promise<Killed> {
    const database = await createFaultDatabase(postgresUrl);
    const provider = await startProvider();
    const files = createToolFile(join(database.folder, "tool.txt"));
    const node = await NatterNode.create({
      ...database.environment,
      FAULTS_TOOL_FILE: files.path,
      OPENAI_COMPATIBLE_BASE_URL: provider.baseUrl,
      OPENAI_COMPATIBLE_API_KEY: "any",
    });
    return new Killed({ node, provider, files, database, token: await tokenFor(), random: createRandom(seed) });
  }

  async close(): Promise<void> {
    await this.node.end("SIGKILL");
    await this.provider.close();
    await this.#database.remove();
  }

  async request<Body>(path: string, body?: unknown): Promise<Body> {
    const key = { "idempotency-key": createConversationId(this.#random) };
    const options = { token: this.#token, ...(body === undefined ? {} : { body, headers: key }) };
    return (await askUntilAnswered<Body>(() => `${this.node.url}${path}`, options)).body;
  }

  async begin(): Promise<void> {
    const conversationId = createConversationId(this.#random);
    const tool = this.#random.pick(tools);
    await this.request("/v1/conversations", { id: conversationId, agent: "background" });
    await this.say(conversationId, `start ${tool} ${this.#random.integer(100, 1_500)}`);
    this.asked.push({ conversationId, tool });
  }

  async say(conversationId: string, text: string): Promise<void> {
    await this.request(`/v1/conversations/${conversationId}/completions`, { message: { text } });
  }

  async execution({ conversationId }: Asked): Promise<ToolExecution | undefined> {
    const { data } = await this.request<{ data: ToolExecution[] }>(
      `/v1/conversations/${conversationId}/tool-executions`,
    );
    return data[0];
  }

  async run(kills: number): Promise<void> {
    await this.node.start();
    for (let killed = 0; killed < kills; killed += 1) {
      const open = await Promise.all(this.asked.slice(-atOnce * 2).map((asked) => this.execution(asked)));
      const missing = atOnce - open.filter((execution) => execution?.finishedAt == null).length;
      for (let count = 0; count < missing; count += 1) await this.begin();
      await sleep(this.#random.integer(0, 900));
      await this.node.end("SIGKILL");
      await this.node.start();
    }
  }

  /** The conversation's prompts, as the provider received them. */
  promptsWith(text: string): number[] {
    return this.provider.requests
      .map(({ body }) => messagesOf(body))
      .filter((messages) => JSON.stringify(messages).includes(text))
      .map(resultsIn);
  }
}

const isOver = (execution: ToolExecution | undefined): execution is ToolExecution => execution?.finishedAt != null;

interface Judged {
  readonly execution: ToolExecution;
  readonly failures: readonly string[];
}

/** Lets a call end, asks twice after it, and says what is wrong with it. */
const judge = async (killed: Killed, asked: Asked): Promise<Judged> => {
  const execution = await until(async () => {
    const found = await killed.execution(asked);
    return isOver(found) && found;
  }, endSeconds);
  const { id, status, outcome } = execution;
  const failures: string[] = [];
  const starts = killed.files.starts().filter((started) => started === id).length;
  const ends = killed.files.ends().filter((ended) => ended === id).length;
  if (asked.tool === "once" && starts > 1) failures.push(`${id} is not retrySafe and was started ${starts} times`);
  if (status === "completed" && ends === 0) failures.push(`${id} has a result and never ended`);
  const isUnknown =
    outcome?.type === "failed" && /outcome of this call is unknown|interrupted three times/.test(outcome.message);
  if (status !== "completed" && !isUnknown) failures.push(`${id} is ${status}: ${JSON.stringify(outcome)}`);
  for (const words of [`first after ${id}`, `second after ${id}`]) {
    await killed.say(asked.conversationId, words);
    const told = await until(async () => killed.promptsWith(words).at(-1), endSeconds);
    if (told !== 1) failures.push(`the prompt of "${words}" holds ${told} results`);
  }
  return { execution, failures };
};

/**
 * Kills a server (`kill -9`) again and again while background tools run in it. Afterwards each has come to its end, those
 * that may not be started again were started once, and the next prompts hold the result exactly once.
 */
export const backgroundKills = async (options: BackgroundKillOptions): Promise<FaultReport> => {
  const killed = await Killed.open(options);
  try {
    await killed.run(options.kills);
    const judged: Judged[] = [];
    for (const asked of killed.asked) judged.push(await judge(killed, asked));
    return {
      fault: "background",
      figures: {
        database: databaseName(options.postgresUrl),
        kills: options.kills,
        tools: countBy(killed.asked.map(({ tool }) => tool)),
        starts: killed.files.starts().length,
        statuses: countBy(judged.map(({ execution }) => execution.status)),
      },
      failures: judged.flatMap(({ failures }) => failures),
    };
  } finally {
    await killed.close();
  }
};
