import sql from "sql-template-tag";
import { composeBackground, type BackgroundParts, type BackgroundWorker } from "../compose/compose-background.ts";
import { getCompletion } from "../completions/read.ts";
import type { Accepted } from "../conversations/sending/accept.ts";
import { send, type SendInput } from "../conversations/sending/send.ts";
import type { EngineDependencies } from "../engine/dependencies.ts";
import { createId } from "../foundation/ids.ts";
import { directIo } from "../foundation/io.ts";
import { silentLogger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";
import type { ModelCall } from "../protocol/agent/model.ts";
import type { Completion } from "../protocol/resources.ts";
import type { Tool } from "../protocol/agent/tool.ts";
import { findExecution, type ExecutionRow } from "../store/background/execution-rows.ts";
import { callTool, createScriptedModel, say, type ScriptedModel } from "./providers/scripted-model.ts";
import { createSpine, permitAll, text, until, type Spine } from "./spine.ts";

/** A spine whose model calls the tool `work` when it is told to `start`, and whose background tools are worked on. */
export interface BackgroundWorld {
  readonly spine: Spine;
  readonly model: ScriptedModel;
  /** Another worker for background tools; drained by `close`. */
  background(overrides?: Partial<BackgroundParts>): Promise<BackgroundWorker>;
  /** Sends words, and answers the completion when it has ended. */
  ask(words: string, options?: Omit<Partial<SendInput>, "message">): Promise<Accepted>;
  /** The completion, when it has ended. */
  ended(completion: Pick<Accepted, "completionId">): Promise<Completion>;
  executions(): Promise<ExecutionRow[]>;
  /** The only execution there is, when `look` finds it right. */
  execution(look: (row: ExecutionRow) => boolean): Promise<ExecutionRow>;
  /** Asks for an answer in which the tool is started. Answers its execution. */
  start(options?: Omit<Partial<SendInput>, "message">): Promise<{ asked: Accepted; execution: ExecutionRow }>;
  close(): Promise<void>;
}

const lastWords = (call: ModelCall): string => {
  const asked = call.messages.findLast(
    ({ role, content }) => role === "user" && !JSON.stringify(content).includes("[Result of"),
  );
  return JSON.stringify(asked?.content ?? "");
};

/** How often results are in a prompt. */
export const resultsIn = (call: ModelCall | undefined): number =>
  JSON.stringify(call?.messages ?? []).split("[Result of the background tool").length - 1;

const script = (call: ModelCall, number: number) => {
  const last = call.messages.at(-1);
  const isAsked =
    last?.role === "user" && lastWords(call).includes("start") && resultsIn({ ...call, messages: [last] }) === 0;
  const times = Number(/start (\d+)/.exec(lastWords(call))?.[1] ?? 1);
  if (!isAsked) return [say(`answer ${number}`)];
  return Array.from({ length: times }, (_, index) => callTool(`call-${number}-${index}`, "work", { number }));
};

/** A worker for the background tools of a spine; whoever starts it drains it. */
export const startBackground = async (
  { context: { database, signals, queue, agents } }: Spine,
  overrides: Partial<BackgroundParts> = {},
): Promise<BackgroundWorker> => {
  const worker = composeBackground({
    database,
    signals,
    queue,
    agents,
    logger: silentLogger,
    io: directIo,
    workerId: createId(),
    leaseSeconds: 10,
    pollSeconds: 0.05,
    concurrency: 8,
    backoffSeconds: 0.01,
    ...overrides,
  });
  await worker.start();
  return worker;
};

/** Calls `work` when it is told to `start`, or `start 2` times; else it answers. */
export const createStartingModel = (): ScriptedModel => createScriptedModel(script);

export const createBackgroundWorld = async (
  database: Database,
  work: Tool,
  engine: Partial<EngineDependencies> = {},
): Promise<BackgroundWorld> => {
  const model = createStartingModel();
  const spine = await createSpine({ database, model, agents: { default: { tools: { work } } }, engine });
  const worker = spine.worker();
  await worker.start();
  const workers: BackgroundWorker[] = [];
  const { context, principal } = spine;

  const background: BackgroundWorld["background"] = async (overrides = {}) => {
    const added = await startBackground(spine, overrides);
    workers.push(added);
    return added;
  };
  const ended: BackgroundWorld["ended"] = ({ completionId }) =>
    until(async () => {
      const completion = await getCompletion(database, principal, completionId, permitAll);
      return ["completed", "failed", "cancelled"].includes(completion.status) && completion;
    }, 30);
  const ask: BackgroundWorld["ask"] = async (words, options = {}) => {
    const accepted = await send(context, principal, { ...options, message: { parts: text(words) } }, permitAll);
    await ended(accepted);
    return accepted;
  };
  const executions: BackgroundWorld["executions"] = async () => {
    const rows = await database.query<{ workspace_id: string; id: string }>(
      sql`select workspace_id, id from background_execution order by created_at, id`,
    );
    const found = await Promise.all(
      rows.map(({ workspace_id: workspaceId, id }) => findExecution(database, { workspaceId, id })),
    );
    return found.filter((row) => row !== undefined);
  };
  const execution: BackgroundWorld["execution"] = (look) =>
    until(async () => {
      const [row] = await executions();
      return row !== undefined && look(row) && row;
    }, 30);
  return {
    spine,
    model,
    background,
    ended,
    ask,
    executions,
    execution,
    async start(options) {
      const asked = await ask("start", options);
      return { asked, execution: await execution(() => true) };
    },
    async close() {
      await Promise.all([worker.drain(0), ...workers.map((one) => one.drain(0))]);
      await spine.close();
    },
  };
};
