import { isToolPart } from "../../src/protocol/message/fold.ts";
import {
  differingViewers,
  findCall,
  readStoredAnswer,
  splitSteps,
  type StoredAnswer,
  tornSteps,
} from "./answer-check.ts";
import { KillLane, type KilledQuestion, type KillLaneOptions } from "./kill-lane.ts";
import { countBy, databaseName, type FaultReport, summarize } from "./report.ts";
import { auditRows, ledgerFailures, outcomeFailures, type RowAudit } from "./row-audit.ts";

export interface KillLoopOptions extends KillLaneOptions {
  /** Servers that are killed side by side, each with a database of its own. */
  readonly lanes?: number;
}

interface LaneResult {
  readonly lane: KillLane;
  readonly audit: RowAudit;
  readonly stuck: number;
  readonly torn: number;
  readonly differing: number;
  readonly ledgerMissing: number;
  readonly unknownOutcomes: number;
  readonly statuses: readonly string[];
  readonly failures: readonly string[];
}

const unknownOutcomesOf = ({ parts }: StoredAnswer): number =>
  parts.filter((part) => isToolPart(part) && part.state === "output-error").length;

/** A call whose body was started belongs to a step that is done: it must be in the answer, and have been started once. */
const toolFailures = (lane: KillLane, answers: readonly StoredAnswer[]): { twice: number; failures: string[] } => {
  const starts = lane.cluster.tools.starts();
  const ends = new Set(lane.cluster.tools.ends());
  const parts = answers.flatMap((answer) => answer.parts.filter(isToolPart));
  const stored = new Set(parts.map(({ toolCallId }) => toolCallId));
  const twice = starts.length - new Set(starts).size;
  const forgotten = starts.filter((callId) => !stored.has(callId));
  const invented = parts.filter(({ toolCallId, state }) => state === "output-available" && !ends.has(toolCallId));
  return {
    twice,
    failures: [
      ...(twice > 0 ? [`${twice} tool calls were started twice`] : []),
      ...forgotten.map((callId) => `${callId} was started, and its step was done again`),
      ...invented.map(({ toolCallId }) => `${toolCallId} has a result and never ended`),
    ],
  };
};

const readAnswers = async (
  lane: KillLane,
  ended: readonly KilledQuestion[],
): Promise<Map<KilledQuestion, StoredAnswer>> => {
  const answers = new Map<KilledQuestion, StoredAnswer>();
  for (const killed of ended)
    answers.set(killed, await readStoredAnswer(() => lane.cluster.node.url, lane.cluster.token, killed.question));
  return answers;
};

const runLane = async (
  options: KillLaneOptions,
): Promise<LaneResult & { tools: { twice: number; starts: number } }> => {
  const lane = await KillLane.open(options);
  try {
    await lane.run(options.kills);
    const ended = lane.questions.filter(({ isOver }) => isOver);
    const stuck = lane.questions.filter(({ isOver }) => !isOver);
    const answers = await readAnswers(lane, ended);
    await lane.cluster.node.end("SIGTERM");
    const audit = await lane.cluster.database.look(auditRows);
    const failures = [
      ...audit.failures,
      ...stuck.map(({ question, problem }) => `${question.plan.question}: ${problem}`),
    ];
    if (audit.unclosed > 0) failures.push(`${audit.unclosed} logs were not closed`);
    let [torn, differing, ledgerMissing] = [0, 0, 0];
    for (const [{ question, kills }, answer] of answers) {
      if (answer.completion.status !== "completed")
        failures.push(`${question.plan.question} is ${answer.completion.status}: ${answer.completion.error?.message}`);
      const tears = tornSteps(question, answer, lane.cluster.provider);
      const differences = await differingViewers(question, answer);
      const calls = lane.cluster.provider.callsOf(question.plan.question);
      const stored = splitSteps(answer.parts).flatMap((step, index) => findCall(calls, index + 1, step) ?? []);
      const ledger = ledgerFailures(audit.ledger, { completionId: answer.completion.id, calls, stored, kills });
      torn += tears.length;
      differing += differences.length;
      ledgerMissing += ledger.missing;
      failures.push(
        ...tears,
        ...differences,
        ...ledger.failures,
        ...outcomeFailures(answer.completion.id, answer.parts, audit.outcomes),
      );
    }
    const stored = [...answers.values()];
    const tools = toolFailures(lane, stored);
    return {
      lane,
      audit,
      stuck: stuck.length,
      torn,
      differing,
      ledgerMissing,
      tools: { twice: tools.twice, starts: lane.cluster.tools.starts().length },
      unknownOutcomes: stored.reduce((sum, answer) => sum + unknownOutcomesOf(answer), 0),
      statuses: stored.map(({ completion }) => completion.status),
      failures: [...failures, ...tools.failures, ...(failures.length > 0 ? [lane.cluster.node.output] : [])],
    };
  } finally {
    await lane.close();
  }
};

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/**
 * Kills a server (`kill -9`) again and again in the middle of answers, each completion twice at most, against a provider
 * that answers each call differently. Afterwards every completion has completed, with whole answers, each tool call
 * started once, and every call in the ledger.
 */
export const killLoop = async ({ lanes: count = 1, ...options }: KillLoopOptions): Promise<FaultReport> => {
  const begun = performance.now();
  const shares = Array.from({ length: count }, (_, index) => ({
    ...options,
    kills: Math.floor(options.kills / count) + (index < options.kills % count ? 1 : 0),
    seed: options.seed + index,
  }));
  const lanes = await Promise.all(shares.map(runLane));
  const killed = lanes.flatMap(({ lane }) => lane.questions);
  return {
    fault: "kill",
    figures: {
      database: databaseName(options.postgresUrl),
      kills: sum(lanes, ({ lane }) => lane.kills),
      moments: countBy(lanes.flatMap(({ lane }) => lane.moments)),
      completions: killed.length,
      completionsKilledOnce: killed.filter(({ kills }) => kills === 1).length,
      completionsKilledTwice: killed.filter(({ kills }) => kills === 2).length,
      statuses: countBy(lanes.flatMap(({ statuses }) => statuses)),
      providerCalls: sum(lanes, ({ lane }) => lane.cluster.provider.calls.length),
      ledgerLines: sum(lanes, ({ audit }) => audit.ledger.length),
      ledgerMissing: sum(lanes, ({ ledgerMissing }) => ledgerMissing),
      stuck: sum(lanes, ({ stuck }) => stuck),
      tornTexts: sum(lanes, ({ torn }) => torn),
      differingViewers: sum(lanes, ({ differing }) => differing),
      toolStarts: sum(lanes, ({ tools }) => tools.starts),
      toolsStartedTwice: sum(lanes, ({ tools }) => tools.twice),
      toolOutcomesUnknown: sum(lanes, ({ unknownOutcomes }) => unknownOutcomes),
      startMs: summarize(lanes.flatMap(({ lane }) => lane.cluster.node.starts)),
      recoveryMs: summarize(lanes.flatMap(({ lane }) => lane.recoveries)),
      seconds: Math.round((performance.now() - begun) / 1000),
    },
    failures: lanes.flatMap(({ failures }) => failures),
  };
};
