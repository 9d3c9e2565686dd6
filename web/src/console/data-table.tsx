import type { ReactNode } from "react";
import { classNames } from "../ui/class-names.ts";

export interface Column<Item> {
  readonly label: string;
  readonly isNumber?: boolean;
  readonly show: (item: Item) => ReactNode;
}

export interface DataTableProps<Item> {
  readonly label: string;
  readonly columns: readonly Column<Item>[];
  readonly rows: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly chosen?: string | null;
  /** Absent: the rows open nothing. */
  readonly onChoose?: (id: string) => void;
}

const cell = "h-8 px-3 whitespace-nowrap max-w-64 truncate";

/** A dense table that scrolls sideways by itself; the first column opens its row. */
export const DataTable = <Item,>({ label, columns, rows, keyOf, chosen, onChoose }: DataTableProps<Item>) => (
  <div
    role="region"
    aria-label={label}
    tabIndex={0}
    className="overflow-x-auto rounded-medium border border-line bg-surface"
  >
    <table className="w-full border-collapse text-13 tabular-nums">
      <caption className="sr-only">{label}</caption>
      <thead>
        <tr className="border-b border-line text-12 text-text-3">
          {columns.map((column) => (
            <th
              key={column.label}
              scope="col"
              className={classNames(cell, "font-[550]", column.isNumber ? "text-end" : "text-start")}
            >
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const id = keyOf(row);
          return (
            <tr
              key={id}
              aria-current={id === chosen ? "true" : undefined}
              className="border-b border-line last:border-0 hover:bg-hover aria-[current=true]:bg-accent-soft"
            >
              {columns.map((column, place) => (
                <td key={column.label} dir="auto" className={classNames(cell, column.isNumber && "text-end")}>
                  {place === 0 && onChoose !== undefined ? (
                    <button
                      type="button"
                      className="max-w-full truncate font-[550] text-accent-ink underline underline-offset-2"
                      onClick={() => onChoose(id)}
                    >
                      {column.show(row)}
                    </button>
                  ) : (
                    column.show(row)
                  )}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  </div>
);
