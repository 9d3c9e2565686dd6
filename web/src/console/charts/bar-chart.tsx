import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

export interface ChartBar {
  readonly name: string;
  readonly value: number;
}

export interface NamedBarsProps {
  /** What is measured. */
  readonly measure: string;
  readonly bars: readonly ChartBar[];
  readonly format: (value: number) => string;
}

const tick = { fill: "var(--text-3)", fontSize: 12 };
const mostNameCharacters = 14;

const shorten = (name: string): string =>
  name.length <= mostNameCharacters ? name : `${name.slice(0, mostNameCharacters - 1)}…`;

/** Bars with names; hidden from screen readers, which have the table beside them. */
export const NamedBars = ({ measure, bars, format }: NamedBarsProps) => (
  <div aria-hidden className="mb-4 h-60 rounded-medium border border-line bg-surface p-3 pb-8">
    <p className="mb-1 text-12 text-text-3">{measure}</p>
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={[...bars]} accessibilityLayer={false} margin={{ top: 4, right: 8, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="name"
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: "var(--line)" }}
          minTickGap={12}
          tickFormatter={shorten}
        />
        <YAxis
          allowDecimals={false}
          tick={tick}
          tickLine={false}
          axisLine={false}
          width={76}
          tickFormatter={(value) => format(Number(value))}
        />
        <Tooltip
          cursor={{ fill: "var(--hover)" }}
          contentStyle={{ background: "var(--surface)", borderColor: "var(--line)", borderRadius: 6, fontSize: 13 }}
          itemStyle={{ color: "var(--text)" }}
          formatter={(value) => [format(Number(value)), measure]}
        />
        <Bar dataKey="value" fill="var(--accent)" maxBarSize={36} isAnimationActive={false} radius={[3, 3, 0, 0]} />
      </BarChart>
    </ResponsiveContainer>
  </div>
);
