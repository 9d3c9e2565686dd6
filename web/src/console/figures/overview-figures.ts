import type { AdminOverview, AdminQueue } from "natter/client";
import { formatDuration, formatElapsed } from "../../thread/answer/format-amounts.ts";
import { formatNumber } from "../../ui/format.ts";
import { consoleTexts } from "../console-texts.ts";
import { linkTo } from "../link-to.ts";
import { formatExactCost } from "../time/amounts.ts";
import type { Figure } from "./figure-row.tsx";

const names = consoleTexts.figures;

const alarmIf = (isSo: boolean): Pick<Figure, "look"> => (isSo ? { look: "alarm" } : {});
const liveIf = (isSo: boolean): Pick<Figure, "look"> => (isSo ? { look: "live" } : {});

const inList = (status: string): string => linkTo("completions", { status });

/** What there is to do now. */
export const queueFigures = ({
  queued,
  running,
  waiting,
  oldestSeconds,
  tools,
  jobs,
  ...queue
}: AdminQueue): Figure[] => [
  { name: names.queued, value: formatNumber(queued), to: inList("queued") },
  {
    name: names.running,
    value: formatNumber(running),
    to: inList("running"),
    ...liveIf(running > 0),
  },
  { name: names.waiting, value: formatNumber(waiting), to: inList("waiting") },
  { name: names.oldest, value: queued === 0 ? consoleTexts.none : formatElapsed(oldestSeconds * 1_000) },
  {
    name: names.workers,
    value: formatNumber(queue.workers),
    ...alarmIf(queue.workers === 0),
  },
  { name: names.held, value: formatNumber(queue.leases.held) },
  {
    name: names.expired,
    value: formatNumber(queue.leases.expired),
    ...alarmIf(queue.leases.expired > 0),
  },
  {
    name: names.tools,
    value: formatNumber(tools.queued + tools.running + tools.waiting),
    to: "/console/tool-runs?kind=background",
  },
  { name: names.jobs, value: formatNumber(jobs.open) },
  {
    name: names.failedJobs,
    value: formatNumber(jobs.failed),
    ...alarmIf(jobs.failed > 0),
  },
];

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What happened since `from`, in ISO 8601; the lists behind it begin there as well. */
export const dayFigures = (
  { completions, toolRuns, seconds, usage, ...overview }: AdminOverview,
  from: string,
): Figure[] => [
  { name: names.completions, value: formatNumber(sumOf(completions)), to: linkTo("completions", { from }) },
  {
    name: names.failed,
    value: formatNumber(completions.failed),
    to: linkTo("completions", { status: "failed", from }),
    ...alarmIf(completions.failed > 0),
  },
  {
    name: names.cancelled,
    value: formatNumber(completions.cancelled),
    to: linkTo("completions", { status: "cancelled", from }),
  },
  { name: names.median, value: seconds === null ? consoleTexts.none : formatDuration(seconds.median * 1_000) },
  { name: names.worst, value: seconds === null ? consoleTexts.none : formatDuration(seconds.worst * 1_000) },
  { name: names.toolRuns, value: formatNumber(sumOf(toolRuns)), to: linkTo("tool-runs", { from }) },
  { name: names.failedRuns, value: formatNumber(toolRuns.failed), to: linkTo("tool-runs", { status: "failed", from }) },
  { name: names.conversations, value: formatNumber(overview.conversations.all), to: linkTo("conversations", { from }) },
  { name: names.calls, value: formatNumber(usage.calls), to: linkTo("usage", { from }) },
  { name: names.cost, value: formatExactCost(usage.costMicros), to: linkTo("usage", { from }) },
  { name: names.members, value: formatNumber(overview.members.all), to: "/console/users" },
  { name: names.suspended, value: formatNumber(overview.members.suspended), to: "/console/users?suspended=true" },
];
