import type { AdminUsage } from "natter/client";
import { formatNumber } from "../../ui/format.ts";
import { consoleTexts } from "../console-texts.ts";
import { DataTable, type Column } from "../table/data-table.tsx";
import { formatExactCost } from "../time/amounts.ts";
import { nameOfSum, type UsageSum } from "./usage-chart.tsx";

export type Group = keyof typeof consoleTexts.groups;

const columnsOf = (group: Group): readonly Column<UsageSum>[] => [
  { label: consoleTexts.groups[group], show: nameOfSum },
  { label: "Model calls", isNumber: true, show: ({ calls }) => formatNumber(calls) },
  { label: "Tokens in", isNumber: true, show: ({ inputTokens }) => formatNumber(inputTokens) },
  { label: "Tokens out", isNumber: true, show: ({ outputTokens }) => formatNumber(outputTokens) },
  { label: "Cost", isNumber: true, show: ({ costMicros }) => formatExactCost(costMicros) },
  { label: "Without a price", isNumber: true, show: ({ unpricedCalls }) => formatNumber(unpricedCalls) },
];

/** What the chart shows, in figures, and the sum of all. */
export const UsageTable = ({ group, usage }: { readonly group: Group; readonly usage: AdminUsage }) => (
  <DataTable
    label={consoleTexts.usageBy[group]}
    columns={columnsOf(group)}
    rows={usage.data}
    keyOf={({ key }) => key}
    total={{ key: "total", name: consoleTexts.total, ...usage.totals }}
  />
);
