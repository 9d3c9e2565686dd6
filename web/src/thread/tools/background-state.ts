import type { ToolExecution } from "natter/client";
import type { ToolStatus } from "./tool-summary.ts";
import { toolTexts } from "./tool-texts.ts";

const statuses: Readonly<Record<ToolExecution["status"], ToolStatus>> = {
  queued: "background",
  running: "background",
  waiting: "background",
  completed: "done",
  failed: "failed",
  cancelled: "denied",
};

/** What became of a call that went to the background. */
export const statusOfExecution = ({ status }: ToolExecution): ToolStatus => statuses[status];

/** Whether it goes on. */
export const isGoingOn = ({ status }: ToolExecution): boolean => statuses[status] === "background";

/** Whether it can be done again: it has ended, and not well. */
export const isRetryable = ({ status }: ToolExecution): boolean => status === "failed" || status === "cancelled";

/** `In the background · 2 of 3`, as far as it is known. */
export const progressWords = ({ status, progress }: ToolExecution): string => {
  const { note = null, ratio = null } = progress ?? {};
  const known = note ?? (ratio === null ? null : toolTexts.percent(ratio));
  const words = known ?? toolTexts.backgroundState[status];
  return words === "" ? toolTexts.inBackground : `${toolTexts.inBackground} · ${words}`;
};

/** What went wrong with it; null: nothing, or it goes on. */
export const failureOfExecution = ({ status, outcome }: ToolExecution): string | null => {
  if (status === "cancelled") return toolTexts.backgroundState.cancelled;
  switch (outcome?.type) {
    case "failed":
      return outcome.message;
    case "not-found":
      return toolTexts.notFound(outcome.what);
    case "validation-error":
      return outcome.issues.join("; ");
    default:
      return null;
  }
};

/** Milliseconds that it took, or has taken until now. */
export const timeOfExecution = ({ createdAt, finishedAt }: ToolExecution, now: number): number =>
  (finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(createdAt);
