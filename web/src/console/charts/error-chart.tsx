import type { AdminOverview } from "natter/client";
import { useLocation } from "wouter";
import { formatNumber } from "../../ui/format.ts";
import { consoleTexts } from "../console-texts.ts";
import { linkTo } from "../link-to.ts";
import { DataTable, type Column } from "../table/data-table.tsx";
import { NamedBars } from "./bar-chart.tsx";

type ErrorCount = AdminOverview["errors"][number];

const columns: readonly Column<ErrorCount>[] = [
  { label: consoleTexts.errorCode, show: ({ code }) => code },
  { label: consoleTexts.errorCount, isNumber: true, show: ({ count }) => formatNumber(count) },
];

export interface ErrorChartProps {
  readonly errors: AdminOverview["errors"];
  /** Since when they are counted, in ISO 8601. */
  readonly from: string;
}

/** Why answers failed, as bars and in figures. */
export const ErrorChart = ({ errors, from }: ErrorChartProps) => {
  const [, navigate] = useLocation();
  return (
    <>
      {errors.length > 1 && (
        <NamedBars
          measure={consoleTexts.errorCount}
          bars={errors.map(({ code, count }) => ({ name: code, value: count }))}
          format={formatNumber}
        />
      )}
      <DataTable
        label={consoleTexts.errors}
        columns={columns}
        rows={errors}
        keyOf={({ code }) => code}
        onChoose={(error) => navigate(linkTo("completions", { status: "failed", error, from }))}
      />
    </>
  );
};
