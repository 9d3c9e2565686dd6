import type { AdminUsage } from "natter/client";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatCompact } from "../ui/format.ts";
import { formatExactCost } from "./amounts.ts";
import { consoleTexts } from "./console-texts.ts";

export type UsageSum = AdminUsage["data"][number];

export const nameOfSum = ({ key, name }: UsageSum): string => name ?? key;

const tick = { fill: "var(--text-3)", fontSize: 12 };
const mostBars = 60;

/** The cost of each group as bars, or its tokens where nothing has a price; hidden from screen readers, which have its table. */
export const UsageChart = ({ data }: { readonly data: readonly UsageSum[] }) => {
  const hasCost = data.some(({ costMicros }) => costMicros > 0);
  const measure = hasCost ? consoleTexts.cost : consoleTexts.tokens;
  const format = hasCost ? formatExactCost : formatCompact;
  const bars = data.slice(0, mostBars).map((sum) => ({
    name: nameOfSum(sum),
    [measure]: hasCost ? sum.costMicros : sum.inputTokens + sum.outputTokens,
  }));
  return (
    <div aria-hidden className="mb-4 h-56 rounded-medium border border-line bg-surface p-3 pb-7">
      <p className="mb-1 text-12 text-text-3">{measure}</p>
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={bars} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="name" tick={tick} tickLine={false} axisLine={false} />
          <YAxis
            tick={tick}
            tickLine={false}
            axisLine={false}
            width={72}
            tickFormatter={(value) => format(Number(value))}
          />
          <Tooltip
            cursor={{ fill: "var(--hover)" }}
            contentStyle={{ background: "var(--surface)", borderColor: "var(--line)", borderRadius: 6 }}
            formatter={(value) => format(Number(value))}
          />
          <Bar dataKey={measure} fill="var(--accent)" maxBarSize={40} isAnimationActive={false} radius={[3, 3, 0, 0]} />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
};
