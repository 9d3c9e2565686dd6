import { isToolPart } from "../../src/protocol/message/fold.ts";
import { readLog } from "../../src/testing/spine.ts";
import {
  differingViewers,
  findCall,
  readStoredAnswer,
  splitSteps,
  type StoredAnswer,
  tornSteps,
} from "./answer-check.ts";
import { readClaims, recoveriesOf, takeOversOf } from "./claim-trail.ts";
import type { Fleet } from "./fleet.ts";
import type { Load, Misreading } from "./load.ts";
import type { Question } from "./question.ts";
import { countBy } from "./report.ts";
import { auditRows, ledgerFailures, outcomeFailures } from "./row-audit.ts";
import { findMisread } from "./seen-check.ts";
import type { Viewer } from "./viewer.ts";

export interface LoadAudit {
  readonly figures: Readonly<Record<string, unknown>>;
  /** Milliseconds from each death until the claims of what it left behind. */
  readonly recoveries: readonly number[];
  readonly failures: readonly string[];
}

const rowEpoch = "row";
const maxCrashes = 3;

interface AnswerAudit {
  readonly status: string;
  readonly unknownOutcomes: number;
  readonly failures: readonly string[];
}

const auditAnswer = async (
  { provider }: Fleet,
  question: Question,
  answer: StoredAnswer,
  { ledger, outcomes }: Awaited<ReturnType<typeof auditRows>>,
): Promise<AnswerAudit> => {
  const { id: completionId, status: ending, error } = answer.completion;
  const calls = provider.callsOf(question.plan.question);
  // of what was given up a snapshot is kept: it may hold a call whose end nobody came to note
  const isDone = ending === "completed";
  const kept = isDone ? splitSteps(answer.parts) : [];
  const stored = kept.flatMap((step, index) => findCall(calls, index + 1, step) ?? []);
  const failures = await differingViewers(question, answer);
  if (isDone) failures.push(...tornSteps(question, answer, provider));
  else if (error?.code !== "crash_loop") failures.push(`${question.plan.question}: ${ending}: ${error?.message}`);
  const kills = Number.POSITIVE_INFINITY;
  failures.push(
    ...ledgerFailures(ledger, { completionId, calls, stored, kills }).failures,
    ...(isDone ? outcomeFailures(completionId, answer.parts, outcomes) : []),
  );
  const unknown = answer.parts.filter((part) => isToolPart(part) && part.state === "output-error");
  return {
    status: error === null ? ending : `${ending} (${error.code})`,
    unknownOutcomes: unknown.length,
    failures: failures.map((failure) => `${question.plan.question}: ${failure}`),
  };
};

/** Who came when all was over may have been told it from the row, which is compared with what is stored. */
const isOfLog = ({ seen }: Viewer): boolean => seen.every(({ epoch }) => epoch !== rowEpoch);

/** What the log still says of an answer: its viewers must have read all of it, each chunk once. */
export const misreadOf = async ({ log }: Fleet, { viewers }: Question): Promise<Misreading> => {
  const { chunks } = await readLog(log, viewers[0]?.completionId ?? "");
  const misreads = viewers.filter(isOfLog).map(({ seen }) => findMisread(seen, chunks));
  const gaps = misreads.reduce((sum, misread) => sum + misread.gaps, 0);
  const duplicates = misreads.reduce((sum, misread) => sum + misread.duplicates, 0);
  const story = (): string => JSON.stringify({ said: chunks, seen: viewers.map(({ seen }) => seen) });
  return { gaps, duplicates, story: gaps + duplicates > 0 ? story() : "" };
};

/** Compares all that was asked with what is stored, what viewers saw, what the provider was called for, and what tools did. */
export const auditLoad = async (
  fleet: Fleet,
  load: Pick<Load, "questions" | "problems" | "gaps" | "duplicates">,
  deaths: ReadonlyMap<string, number> = new Map(),
): Promise<LoadAudit> => {
  const failures = [...load.problems];
  const audit = await fleet.database.look(auditRows);
  const claims = await fleet.database.look(readClaims);
  const takeOvers = takeOversOf(claims);
  const answers: AnswerAudit[] = [];
  for (const question of load.questions) {
    if (!question.viewers.every(({ isOver }) => isOver)) continue;
    const answer = await readStoredAnswer(() => fleet.webs[0]?.url ?? "", fleet.token, question);
    answers.push(await auditAnswer(fleet, question, answer, audit));
    const { id, error } = answer.completion;
    if (error?.code === "crash_loop" && (takeOvers.get(id) ?? 0) < maxCrashes)
      failures.push(`${question.plan.question}: given up after ${takeOvers.get(id) ?? 0} crashes`);
  }
  const starts = fleet.tools.starts();
  const startedTwice = starts.length - new Set(starts).size;
  if (startedTwice > 0) failures.push(`${startedTwice} tool calls were started twice`);
  if (audit.unclosed > 0) failures.push(`${audit.unclosed} logs were not closed`);
  const open = audit.statuses.filter((status) => status === "queued" || status === "running" || status === "waiting");
  if (open.length > 0) failures.push(`${open.length} completions are ${[...new Set(open)].join(" or ")} for ever`);
  const viewers = load.questions.flatMap((question) => question.viewers);
  const unread = answers.flatMap((answer) => answer.failures);
  return {
    figures: {
      completions: load.questions.length,
      statuses: countBy(answers.map(({ status }) => status)),
      stuck: load.problems.length + open.length,
      takeOvers: audit.takeOvers,
      gaps: load.gaps,
      duplicates: load.duplicates,
      answersWrong: answers.filter((answer) => answer.failures.length > 0).length,
      toolStarts: starts.length,
      toolsStartedTwice: startedTwice,
      toolOutcomesUnknown: answers.reduce((sum, { unknownOutcomes }) => sum + unknownOutcomes, 0),
      viewers: viewers.length,
      connectionsLost: viewers.reduce((sum, { losses }) => sum + losses, 0),
      replays: viewers.reduce((sum, { replays }) => sum + replays, 0),
    },
    recoveries: recoveriesOf(claims, deaths),
    failures: [...failures, ...audit.failures, ...unread],
  };
};
