import { useQuery } from "@tanstack/react-query";
import { useNatter } from "../../shell/natter-context.ts";
import { messageOf } from "../../ui/message-of.ts";
import { UsageChart } from "../charts/usage-chart.tsx";
import { UsageTable, type Group } from "../charts/usage-table.tsx";
import { consoleTexts } from "../console-texts.ts";
import { CsvButton } from "../table/csv-button.tsx";
import { FilterBar, type Filter } from "../table/filter-bar.tsx";
import { useFilters } from "../table/use-filters.ts";
import { toQuery } from "../time/instant.ts";
import { useZone } from "../time/zone.ts";

const freshMs = 15_000;

const filters: readonly Filter[] = [
  { name: "group", label: consoleTexts.groupBy, options: ["model", "user", "agent"], fallback: "day" },
  { name: "userId", label: "User's id" },
  { name: "from", label: "From", isDay: true },
  { name: "to", label: "To", isDay: true },
];

const groupOf = (value: string | undefined): Group =>
  value === "model" || value === "user" || value === "agent" ? value : "day";

/** What the workspace has spent, as bars, in figures and as CSV. */
export const UsagePage = () => {
  const { admin } = useNatter();
  const chosen = useFilters();
  const zone = useZone().name;
  const group = groupOf(chosen.values["group"]);
  const query = { ...toQuery(chosen.values, zone), group, zone };
  const { data, error, isPending } = useQuery({
    queryKey: ["console", "usage", query],
    queryFn: () => admin.usage(query),
    refetchInterval: freshMs,
    placeholderData: (before) => before,
  });
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2 pb-4">
        <FilterBar list={filters} filters={chosen} />
        <CsvButton list="usage" query={query} name={`usage-by-${group}`} />
      </div>
      {error !== null && (
        <p role="alert" className="mb-4 text-danger">
          {messageOf(error)}
        </p>
      )}
      {isPending && <p role="status">{consoleTexts.loading}…</p>}
      {data !== undefined && (
        <>
          <UsageChart group={group} data={data.data} />
          <UsageTable group={group} usage={data} />
        </>
      )}
    </>
  );
};
