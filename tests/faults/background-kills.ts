import { setTimeout as sleep } from "node:timers/promises";
import type { ToolExecution } from "../../src/protocol/tool-execution.ts";
import { createScriptedProvider, type ScriptedProvider } from "../../src/testing/providers/scripted-provider.ts";
import { until } from "../../src/testing/spine.ts";
import { type KilledServer, openKilledServer, type ServerKillOptions } from "./killed-server.ts";
import { createConversationId } from "./question.ts";
import { countBy, databaseName, type FaultReport } from "./report.ts";

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
  readonly server: KilledServer;

  constructor(server: KilledServer) {
    this.server = server;
  }

  async begin(): Promise<void> {
    const conversationId = createConversationId(this.server.random);
    const tool = this.server.random.pick(tools);
    await this.server.request("/v1/conversations", { id: conversationId, agent: "background" });
    await this.say(conversationId, `start ${tool} ${this.server.random.integer(100, 1_500)}`);
    this.asked.push({ conversationId, tool });
  }

  async say(conversationId: string, text: string): Promise<void> {
    await this.server.request(`/v1/conversations/${conversationId}/completions`, { message: { text } });
  }

  async execution({ conversationId }: Asked): Promise<ToolExecution | undefined> {
    const { data } = await this.server.request<{ data: ToolExecution[] }>(
      `/v1/conversations/${conversationId}/tool-executions`,
    );
    return data[0];
  }

  async run(kills: number): Promise<void> {
    await this.server.node.start();
    for (let killed = 0; killed < kills; killed += 1) {
      const open = await Promise.all(this.asked.slice(-atOnce * 2).map((asked) => this.execution(asked)));
      const missing = atOnce - open.filter((execution) => execution?.finishedAt == null).length;
      for (let count = 0; count < missing; count += 1) await this.begin();
      await sleep(this.server.random.integer(0, 900));
      await this.server.node.end("SIGKILL");
      await this.server.node.start();
    }
  }

  /** The conversation's prompts, as the provider received them. */
  promptsWith(text: string): number[] {
    return this.server.provider.requests
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
  const starts = killed.server.files.starts().filter((started) => started === id).length;
  const ends = killed.server.files.ends().filter((ended) => ended === id).length;
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
export const backgroundKills = async (options: ServerKillOptions): Promise<FaultReport> => {
  const killed = new Killed(await openKilledServer(options, startProvider));
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
        starts: killed.server.files.starts().length,
        statuses: countBy(judged.map(({ execution }) => execution.status)),
      },
      failures: judged.flatMap(({ failures }) => failures),
    };
  } finally {
    await killed.server.close();
  }
};
