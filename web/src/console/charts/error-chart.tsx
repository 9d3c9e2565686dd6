import type { AdminOverview } from "natter/client";
import { useLocation } from "wouter";
import { formatNumber } from "../../ui/format.ts";
import { consoleTexts } from "../console-texts.ts";
import { DataTable, type Column } from "../table/data-table.tsx";
import { NamedBars } from "./bar-chart.tsx";

type ErrorCount = AdminOverview["errors"][number];

const columns: readonly Column<ErrorCount>[] = [
  { label: consoleTexts.errorCode, show: ({ code }) => code },
  { label: consoleTexts.errorCount, isNumber: true, show: ({ count }) => formatNumber(count) },
];

/** Why answers failed, as bars and in figures. */
export const ErrorChart = ({ errors }: { readonly errors: AdminOverview["errors"] }) => {
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
        onChoose={(code) => navigate(`/console/completions?status=failed&error=${encodeURIComponent(code)}`)}
      />
    </>
  );
};
