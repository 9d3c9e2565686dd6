import { setTimeout as sleep } from "node:timers/promises";
import type { OpenQuestionsOf } from "../../src/protocol/question.ts";
import type { Message } from "../../src/protocol/resources.ts";
import { createScriptedProvider, type ScriptedProvider } from "../../src/testing/providers/scripted-provider.ts";
import { until } from "../../src/testing/spine.ts";
import { type KilledServer, openKilledServer, type ServerKillOptions } from "./killed-server.ts";
import { createConversationId } from "./question.ts";
import { countBy, databaseName, type FaultReport } from "./report.ts";

const atOnce = 4;
const endSeconds = 60;

/** In its first step asks for two calls that a person allows, and one that a client runs. */
const startProvider = (): Promise<ScriptedProvider> =>
  createScriptedProvider(({ body, number }) => {
    const messages = body["messages"] as readonly { readonly role: string }[];
    if (messages.at(-1)?.role !== "user") return [{ say: `answer ${number}` }];
    const call = (id: string, name: string) => ({ call: { id: `${id}-${number}`, name, arguments: "{}" } });
    return [call("a", "pay"), call("b", "pay"), call("c", "look")];
  });

/** A server that is killed while persons and clients are asked, and what was asked of it. */
class Killed {
  readonly conversations: string[] = [];
  readonly decisions = new Map<string, string>();
  readonly server: KilledServer;

  constructor(server: KilledServer) {
    this.server = server;
  }

  async begin(): Promise<void> {
    const conversationId = createConversationId(this.server.random);
    await this.server.request("/v1/conversations", { id: conversationId, agent: "asking" });
    await this.server.request(`/v1/conversations/${conversationId}/completions`, { message: { text: "go" } });
    this.conversations.push(conversationId);
  }

  async status(conversationId: string): Promise<{ readonly status: string; readonly crashes: number } | undefined> {
    const path = `/v1/conversations/${conversationId}/completions`;
    return (await this.server.request<{ data: { status: string; crashes: number }[] }>(path)).data[0];
  }

  /** Answers one of its open questions, as another device would: it knows nothing but what the server tells. */
  async answer(conversationId: string): Promise<void> {
    const { approvals, clientCalls } = await this.server.request<OpenQuestionsOf>(
      `/v1/conversations/${conversationId}/questions`,
    );
    const [approval] = approvals;
    const [call] = clientCalls;
    if (approval !== undefined) {
      const decision = this.decisions.get(approval.id) ?? (this.server.random.chance(0.7) ? "once" : "deny");
      this.decisions.set(approval.callId, decision);
      await this.server.request(`/v1/approvals/${approval.id}`, { decision });
    } else if (call !== undefined)
      await this.server.request(`/v1/tool-executions/${call.id}/result`, { output: { seen: true } });
  }

  /** What lost its worker twice would fail with the next: it may go on first. */
  async #letGoOn(conversations: readonly string[]): Promise<void> {
    await until(async () => {
      const statuses = await Promise.all(conversations.map((id) => this.status(id)));
      return !statuses.some((now) => now?.status === "running" && now.crashes >= 2);
    }, endSeconds);
  }

  async run(kills: number): Promise<void> {
    await this.server.node.start();
    for (let killed = 0; killed < kills; killed += 1) {
      const recent = this.conversations.slice(-atOnce);
      const statuses = await Promise.all(recent.map((id) => this.status(id)));
      const open = recent.filter((_id, index) => statuses[index]?.status !== "completed");
      for (let missing = atOnce - open.length; missing > 0; missing -= 1) await this.begin();
      await Promise.all(open.map((id) => this.answer(id)));
      await this.#letGoOn(open);
      await sleep(this.server.random.integer(0, 300));
      await this.server.node.end("SIGKILL");
      await this.server.node.start();
    }
  }

  async end(conversationId: string): Promise<Message | undefined> {
    await until(async () => {
      const now = await this.status(conversationId);
      if (now?.status === "completed" || now?.status === "failed") return true;
      await this.answer(conversationId);
      return false;
    }, endSeconds);
    const path = `/v1/conversations/${conversationId}/messages?branch=active&limit=10`;
    return (await this.server.request<{ data: Message[] }>(path)).data.at(-1);
  }
}

const judge = async (killed: Killed, conversationId: string): Promise<string[]> => {
  const message = await killed.end(conversationId);
  const failures: string[] = [];
  const ended = await killed.status(conversationId);
  if (ended?.status !== "completed") failures.push(`${conversationId} is ${JSON.stringify(ended)}`);
  for (const part of message?.parts ?? []) {
    if (!("toolCallId" in part)) continue;
    const starts = killed.server.files.starts().filter((started) => started === part.toolCallId).length;
    const decision = killed.decisions.get(part.toolCallId);
    const isPaid = part.type === "tool-pay";
    if (starts > 1) failures.push(`${part.toolCallId} was started ${starts} times`);
    if (isPaid && decision === "deny" && (starts > 0 || part.state !== "output-denied"))
      failures.push(`${part.toolCallId} was denied: ${starts} starts, ${part.state}`);
    const isUnknown = part.state === "output-error" && part.errorText.includes("outcome of this call is unknown");
    if (isPaid && decision === "once" && part.state !== "output-available" && !(isUnknown && starts === 1))
      failures.push(`${part.toolCallId} was allowed: ${JSON.stringify(part)}`);
    if (part.type === "tool-look" && part.state !== "output-available")
      failures.push(`${part.toolCallId} was answered: ${JSON.stringify(part)}`);
  }
  return failures;
};

/**
 * Kills a server (`kill -9`) again and again while tools wait for approvals and results of clients, and while what was
 * allowed runs. Afterwards each answer is complete, no call was started twice, and none without a yes.
 */
export const questionKills = async (options: ServerKillOptions): Promise<FaultReport> => {
  const killed = new Killed(await openKilledServer(options, startProvider));
  try {
    await killed.run(options.kills);
    const failures: string[] = [];
    for (const conversationId of killed.conversations) failures.push(...(await judge(killed, conversationId)));
    return {
      fault: "questions",
      figures: {
        database: databaseName(options.postgresUrl),
        kills: options.kills,
        answers: killed.conversations.length,
        decisions: countBy([...killed.decisions.values()]),
        starts: killed.server.files.starts().length,
      },
      failures,
    };
  } finally {
    await killed.server.close();
  }
};
