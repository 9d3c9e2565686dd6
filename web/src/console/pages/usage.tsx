import { useMutation, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useNatter } from "../../shell/natter-context.ts";
import { Button } from "../../ui/button.tsx";
import { messageOf } from "../../ui/message-of.ts";
import { consoleTexts } from "../console-texts.ts";
import { FilterBar, type Filter } from "../filter-bar.tsx";
import { toQuery } from "../instant.ts";
import { saveFile } from "../save-file.ts";
import { UsageChart } from "../usage-chart.tsx";
import { UsageTable, type Group } from "../usage-table.tsx";
import { useFilters } from "../use-filters.ts";

const filters: readonly Filter[] = [
  { name: "group", label: consoleTexts.groupBy, options: ["day", "model", "user"] },
  { name: "from", label: "From (UTC)", isDay: true },
  { name: "to", label: "To (UTC)", isDay: true },
];

const groupOf = (value: string | undefined): Group => (value === "model" || value === "user" ? value : "day");

/** What the workspace has spent, as bars, in figures and as CSV. */
export const UsagePage = () => {
  const { admin } = useNatter();
  const chosen = useFilters();
  const group = groupOf(chosen.values["group"]);
  const query = { ...toQuery(chosen.values), group };
  const usage = useQuery({ queryKey: ["console", "usage", query], queryFn: () => admin.usage(query) });
  const save = useMutation({
    mutationFn: async () => saveFile(await admin.csv("usage", query), `usage-by-${group}.csv`),
  });
  const error = usage.error ?? save.error;
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-4">
        <FilterBar list={filters} filters={chosen} />
        <Button className="mb-4" disabled={save.isPending} onClick={() => save.mutate()}>
          <Download size={16} strokeWidth={1.5} aria-hidden />
          {consoleTexts.download}
        </Button>
      </div>
      {error !== null && (
        <p role="alert" className="mb-4 text-danger">
          {messageOf(error)}
        </p>
      )}
      {usage.isPending && <p role="status">{consoleTexts.loading}…</p>}
      {usage.data !== undefined && (
        <>
          <UsageChart data={group === "day" ? usage.data.data.toReversed() : usage.data.data} />
          <UsageTable group={group} usage={usage.data} />
        </>
      )}
    </>
  );
};
