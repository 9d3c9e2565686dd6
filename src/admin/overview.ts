import { sumUsageOf } from "../completions/money/usage.ts";
import type { Database } from "../ports/database.ts";
import type { AdminOverview } from "../protocol/admin/figures.ts";
import type { Principal } from "../protocol/people/principal.ts";
import {
  countCompletions,
  countErrors,
  countToolRuns,
  readDurationRow,
  readStandingRow,
  type CountOf,
} from "../store/admin/overview-rows.ts";
import type { Span } from "../store/admin/keyset.ts";
import { iso } from "./page.ts";

type Statuses = AdminOverview["completions"];

const none: Statuses = { queued: 0, running: 0, waiting: 0, completed: 0, failed: 0, cancelled: 0 };

const byStatus = (counts: readonly CountOf<keyof Statuses>[]): Statuses => ({
  ...none,
  ...Object.fromEntries(counts.map(({ key, count }) => [key, count])),
});

/** What happened in a workspace in a time, in figures. */
export const readOverview = async (
  database: Database,
  principal: Principal,
  { from, to }: Span,
): Promise<AdminOverview> => {
  const filter = { workspaceId: principal.workspaceId, from, to };
  const [standing, completions, toolRuns, errors, duration, usage] = await Promise.all([
    readStandingRow(database, filter),
    countCompletions(database, filter),
    countToolRuns(database, filter),
    countErrors(database, filter),
    readDurationRow(database, filter),
    sumUsageOf(database, principal, { isOfWorkspace: true, from, to }),
  ]);
  const { median, worst } = duration;
  return {
    from: iso(from ?? null),
    to: iso(to ?? null),
    members: { all: standing.members, suspended: standing.suspended },
    conversations: { all: standing.conversations, shared: standing.shared },
    completions: byStatus(completions),
    toolRuns: byStatus(toolRuns),
    errors: errors.map(({ key, count }) => ({ code: key, count })),
    seconds: median === null || worst === null ? null : { median, worst },
    usage,
  };
};
