import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { useNatter } from "../../shell/natter-context.ts";
import { ErrorChart } from "../charts/error-chart.tsx";
import { UsageChart } from "../charts/usage-chart.tsx";
import { UsageTable } from "../charts/usage-table.tsx";
import { completionColumns } from "../completion/completion-columns.tsx";
import { consoleTexts } from "../console-texts.ts";
import { dayFigures, queueFigures } from "../figures/overview-figures.ts";
import { FigureRow } from "../figures/figure-row.tsx";
import { messageOf } from "../../ui/message-of.ts";
import { PageState } from "../../ui/page/page-state.tsx";
import { QueryState } from "../../ui/page/query-state.tsx";
import { Section } from "../section.tsx";
import { DataTable } from "../table/data-table.tsx";
import { usePages } from "../table/use-pages.ts";
import { daysAgo, toQuery } from "../time/instant.ts";
import { useZone } from "../time/zone.ts";

const queueMs = 2_000;
const freshMs = 15_000;
const dayMs = 86_400_000;
const days = 30;
const failed = { status: "failed" };

const Queue = () => {
  const { admin } = useNatter();
  const query = useQuery({
    queryKey: ["console", "queue"],
    queryFn: () => admin.queue(),
    refetchInterval: ({ state }) => (state.error === null ? queueMs : freshMs),
  });
  const { data } = query;
  return (
    <Section title={consoleTexts.now}>
      <div className="min-h-32">
        <QueryState of={query} />
        {data?.workers === 0 && (
          <p role="alert" className="mb-2 text-danger">
            {consoleTexts.noWorkers}
          </p>
        )}
        {data !== undefined && <FigureRow figures={queueFigures(data)} />}
      </div>
    </Section>
  );
};

const LastDay = () => {
  const { admin } = useNatter();
  const query = useQuery({
    queryKey: ["console", "overview"],
    queryFn: async () => {
      const from = new Date(Date.now() - dayMs).toISOString();
      return { from, overview: await admin.overview({ from }) };
    },
    refetchInterval: freshMs,
  });
  const { data } = query;
  return (
    <>
      <Section title={consoleTexts.lastDay}>
        <div className="min-h-32">
          <QueryState of={query} />
          {data !== undefined && <FigureRow figures={dayFigures(data.overview, data.from)} />}
        </div>
      </Section>
      {data !== undefined && data.overview.errors.length > 0 && (
        <Section title={consoleTexts.errors} note={consoleTexts.lastDay}>
          <ErrorChart errors={data.overview.errors} from={data.from} />
        </Section>
      )}
    </>
  );
};

const Spent = () => {
  const { admin } = useNatter();
  const zone = useZone().name;
  const span = [daysAgo(days - 1, zone), daysAgo(0, zone)] as const;
  const query = { ...toQuery({ from: span[0] }, zone), group: "day", zone };
  const usage = useQuery({ queryKey: ["console", "usage", query], queryFn: () => admin.usage(query) });
  const { data } = usage;
  return (
    <Section title={consoleTexts.usageOf}>
      <QueryState of={usage} />
      {data !== undefined && (
        <>
          <UsageChart group="day" data={data.data} span={span} />
          <UsageTable group="day" usage={data} />
        </>
      )}
    </Section>
  );
};

const mostFailures = 8;

const Failures = () => {
  const { admin } = useNatter();
  const [, navigate] = useLocation();
  const { rows, state, error, again } = usePages("completions", failed, admin.completions);
  return (
    <Section title={consoleTexts.newestFailed}>
      <PageState isPending={state === "loading"} error={error === null ? null : messageOf(error)} onRetry={again} />
      {state === "there" && rows.length === 0 && <p className="text-text-2">{consoleTexts.noFailures}</p>}
      {rows.length > 0 && (
        <DataTable
          label={consoleTexts.newestFailed}
          columns={completionColumns}
          rows={rows.slice(0, mostFailures)}
          keyOf={({ id }) => id}
          onChoose={(id) => navigate(`/console/completions?status=failed&row=${id}`)}
        />
      )}
    </Section>
  );
};

/** What is going on, what it costs, and what went wrong. */
export const OverviewPage = () => (
  <>
    <Queue />
    <LastDay />
    <Failures />
    <Spent />
  </>
);
