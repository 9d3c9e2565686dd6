import type { AdminToolRun } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { formatNumber } from "../../ui/format.ts";
import { formatSpan } from "../time/amounts.ts";
import { Time } from "../time/time.tsx";
import { Who } from "../who.tsx";
import { ConsoleLink } from "../console-link.tsx";
import { consoleTexts } from "../console-texts.ts";
import type { Column } from "../table/data-table.tsx";
import { Facts } from "../table/facts.tsx";
import type { Filter } from "../table/filter-bar.tsx";
import { ListPage } from "../table/list-page.tsx";
import { StatusMark } from "../status-mark.tsx";

const filters: readonly Filter[] = [
  { name: "tool", label: "Tool" },
  { name: "kind", label: "Kind", options: ["inline", "client", "background"] },
  { name: "status", label: "Status", options: ["queued", "running", "waiting", "completed", "failed", "cancelled"] },
  { name: "userId", label: "User's id" },
  { name: "completionId", label: "Completion" },
  { name: "from", label: "From", isDay: true },
  { name: "to", label: "To", isDay: true },
];

const columns: readonly Column<AdminToolRun>[] = [
  { label: "Created", show: ({ createdAt }) => <Time at={createdAt} /> },
  { label: "Tool", show: ({ tool }) => tool },
  { label: "Kind", show: ({ kind }) => kind },
  { label: "Status", show: ({ status }) => <StatusMark status={status} /> },
  { label: "Result", show: ({ outcome }) => outcome ?? consoleTexts.none },
  { label: "User", show: ({ userName, userId }) => <Who id={userId} name={userName} /> },
  { label: "Starts", isNumber: true, show: ({ starts }) => formatNumber(starts) },
  { label: "Took", isNumber: true, show: ({ createdAt, finishedAt }) => formatSpan(createdAt, finishedAt) },
];

const RunDetail = ({ run }: { readonly run: AdminToolRun }) => (
  <>
    <Facts
      of={{
        Id: run.id,
        Tool: run.tool,
        Kind: run.kind,
        Status: <StatusMark status={run.status} />,
        Result: run.outcome ?? consoleTexts.none,
        User: <Who id={run.userId} name={run.userName} />,
        Agent: run.agent,
        Step: run.step,
        Starts: run.starts,
        Created: <Time at={run.createdAt} />,
        Finished: <Time at={run.finishedAt} />,
      }}
    />
    <p className="mt-4">
      <ConsoleLink to={`/console/completions?row=${encodeURIComponent(run.completionId)}`}>
        {consoleTexts.theCompletion}
      </ConsoleLink>
    </p>
  </>
);

/** Every call of a tool in the workspace, as it goes on. */
export const ToolRunsPage = () => {
  const { admin } = useNatter();
  return (
    <ListPage
      name="tool-runs"
      load={admin.toolRuns}
      filters={filters}
      columns={columns}
      titleOf={({ tool }) => tool}
      detail={(run) => <RunDetail run={run} />}
    />
  );
};
