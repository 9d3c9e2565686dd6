import { useQuery } from "@tanstack/react-query";
import type { AdminQueue } from "natter/client";
import { useLocation } from "wouter";
import { useNatter } from "../../shell/natter-context.ts";
import { formatElapsed } from "../../thread/format-amounts.ts";
import { formatNumber } from "../../ui/format.ts";
import { consoleTexts } from "../console-texts.ts";
import { DataTable } from "../data-table.tsx";
import { daysAgo, toQuery } from "../instant.ts";
import { UsageChart } from "../usage-chart.tsx";
import { UsageTable } from "../usage-table.tsx";
import { usePages } from "../use-pages.ts";
import { completionColumns } from "./completion-columns.tsx";

const queueMs = 2_000;
const days = 30;
const failed = { status: "failed" };

const figuresOf = ({
  queued,
  running,
  waiting,
  oldestSeconds,
  tools,
  jobs,
}: AdminQueue): readonly [string, string][] => [
  [consoleTexts.figures.queued, formatNumber(queued)],
  [consoleTexts.figures.running, formatNumber(running)],
  [consoleTexts.figures.waiting, formatNumber(waiting)],
  [consoleTexts.figures.oldest, queued === 0 ? consoleTexts.none : formatElapsed(oldestSeconds * 1_000)],
  [consoleTexts.figures.tools, formatNumber(tools.queued + tools.running + tools.waiting)],
  [consoleTexts.figures.jobs, formatNumber(jobs.open)],
  [consoleTexts.figures.failedJobs, formatNumber(jobs.failed)],
];

const Queue = () => {
  const { admin } = useNatter();
  const { data } = useQuery({
    queryKey: ["console", "queue"],
    queryFn: () => admin.queue(),
    refetchInterval: queueMs,
  });
  return (
    <section aria-label={consoleTexts.queue} className="mb-8 min-h-20">
      <h2 className="mb-2 font-semibold">{consoleTexts.queue}</h2>
      {data !== undefined && (
        <dl className="grid grid-cols-[repeat(auto-fill,minmax(128px,1fr))] gap-2">
          {figuresOf(data).map(([name, value]) => (
            <div key={name} className="rounded-medium border border-line bg-surface px-3 py-2">
              <dt className="text-12 text-text-3">{name}</dt>
              <dd className="text-18 font-semibold tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
};

const Spent = () => {
  const { admin } = useNatter();
  const query = { ...toQuery({ from: daysAgo(days - 1) }), group: "day" };
  const { data } = useQuery({ queryKey: ["console", "usage", query], queryFn: () => admin.usage(query) });
  return (
    <section className="mb-8">
      <h2 className="mb-2 font-semibold">{consoleTexts.costByDay}</h2>
      {data !== undefined && (
        <>
          <UsageChart data={data.data.toReversed()} />
          <UsageTable group="day" usage={data} />
        </>
      )}
    </section>
  );
};

const Failures = () => {
  const { admin } = useNatter();
  const [, navigate] = useLocation();
  const { rows, state } = usePages("completions", failed, admin.completions);
  return (
    <section>
      <h2 className="mb-2 font-semibold">{consoleTexts.newestFailed}</h2>
      {state === "there" && rows.length === 0 && <p className="text-text-2">{consoleTexts.none}</p>}
      {rows.length > 0 && (
        <DataTable
          label={consoleTexts.newestFailed}
          columns={completionColumns}
          rows={rows.slice(0, 8)}
          keyOf={({ id }) => id}
          onChoose={(id) => navigate(`/console/completions?status=failed&row=${id}`)}
        />
      )}
    </section>
  );
};

/** What is going on, what it costs, and what went wrong. */
export const OverviewPage = () => (
  <>
    <Queue />
    <Spent />
    <Failures />
  </>
);
