import type { AdminUsage } from "natter/client";
import { formatCompact } from "../../ui/format.ts";
import { consoleTexts } from "../console-texts.ts";
import { formatExactCost } from "../time/amounts.ts";
import { NamedBars } from "./bar-chart.tsx";
import { fillDays, type DaySpan } from "./fill-days.ts";
import type { Group } from "./usage-table.tsx";

export type UsageSum = AdminUsage["data"][number];

export const nameOfSum = ({ key, name }: UsageSum): string => name ?? (key === "" ? consoleTexts.purgedAgent : key);

const mostBars = 62;

const tokensOf = ({ inputTokens, outputTokens }: UsageSum): number => inputTokens + outputTokens;

export interface UsageChartProps {
  readonly group: Group;
  readonly data: readonly UsageSum[];
  /** Days to show, also where nothing happened; absent: from the first to the last on which something did. */
  readonly span?: DaySpan;
}

/** The cost of each group as bars, or its tokens where nothing has a price: days in their order, others by size. */
export const UsageChart = ({ group, data, span }: UsageChartProps) => {
  const hasCost = data.some(({ costMicros }) => costMicros > 0);
  const valueOf = hasCost ? ({ costMicros }: UsageSum) => costMicros : tokensOf;
  const bars =
    group === "day"
      ? fillDays(
          data.slice(0, mostBars).map((sum) => ({ name: sum.key, value: valueOf(sum) })),
          span,
        ).slice(-mostBars)
      : data
          .map((sum) => ({ name: nameOfSum(sum), value: valueOf(sum) }))
          .toSorted((left, right) => right.value - left.value)
          .slice(0, mostBars);
  if (data.length === 0) return null;
  return (
    <>
      <NamedBars
        measure={hasCost ? consoleTexts.cost : consoleTexts.tokens}
        bars={bars}
        format={hasCost ? formatExactCost : formatCompact}
      />
      {data.length > mostBars && (
        <p className="-mt-2 mb-4 text-12 text-text-3">{consoleTexts.fewerBars(mostBars, data.length)}</p>
      )}
    </>
  );
};
