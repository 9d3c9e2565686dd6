import { Link } from "wouter";
import { classNames } from "../../ui/class-names.ts";

/** One figure with its name. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  /** Where what it counts is listed. */
  readonly to?: string;
  /** `alarm`: somebody should look. */
  readonly look?: "alarm" | "live";
}

const looks = { alarm: "text-danger", live: "text-live-ink" };

const box = "block rounded-medium border border-line bg-surface px-3 py-2";

/** Figures side by side. */
export const FigureRow = ({ figures }: { readonly figures: readonly Figure[] }) => (
  <dl className="grid grid-cols-[repeat(auto-fill,minmax(132px,1fr))] gap-2">
    {figures.map(({ name, value, to, look }) => (
      <div key={name} className={classNames(box, "relative", to !== undefined && "hover:border-edge")}>
        <dt className="text-12 text-text-3">
          {to === undefined ? (
            name
          ) : (
            <Link href={to} className="after:absolute after:inset-0 after:rounded-medium">
              {name}
            </Link>
          )}
        </dt>
        <dd className={classNames("text-18 font-semibold tabular-nums", look !== undefined && looks[look])}>{value}</dd>
      </div>
    ))}
  </dl>
);
