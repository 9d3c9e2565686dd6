import type { ReactNode, Ref } from "react";
import { classNames } from "../../ui/class-names.ts";
import { moveByKeys } from "./row-keys.ts";

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
  /** The last line, set apart. */
  readonly total?: Item;
  readonly chosen?: string | null;
  /** Absent: the rows open nothing. */
  readonly onChoose?: (id: string) => void;
  readonly ref?: Ref<HTMLDivElement>;
}

const cell = "h-8 px-3 whitespace-nowrap max-w-64 truncate";

const Head = <Item,>({ columns }: { readonly columns: readonly Column<Item>[] }) => (
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
);

interface RowProps<Item> extends Pick<DataTableProps<Item>, "columns" | "onChoose"> {
  readonly id: string;
  readonly item: Item;
  readonly isChosen: boolean;
}

const Row = <Item,>({ id, item, isChosen, columns, onChoose }: RowProps<Item>) => (
  <tr
    aria-current={isChosen ? "true" : undefined}
    onClick={onChoose === undefined ? undefined : () => onChoose(id)}
    className={classNames(
      "border-b border-line last:border-0 aria-[current=true]:bg-accent-soft",
      onChoose !== undefined && "cursor-pointer hover:bg-hover",
    )}
  >
    {columns.map((column, place) => (
      <td key={column.label} dir="auto" className={classNames(cell, column.isNumber && "text-end")}>
        {place === 0 && onChoose !== undefined ? (
          // the row is what is clicked; the button is for keys and screen readers
          <button type="button" className="max-w-full truncate rounded-small font-[550] text-accent-ink">
            {column.show(item)}
          </button>
        ) : (
          column.show(item)
        )}
      </td>
    ))}
  </tr>
);

/** A dense table that scrolls sideways by itself; a click, or its first column, opens a row. */
export const DataTable = <Item,>(props: DataTableProps<Item>) => {
  const { label, columns, rows, keyOf, total, chosen, onChoose, ref } = props;
  return (
    <div
      ref={ref}
      role="region"
      aria-label={label}
      tabIndex={0}
      onKeyDown={moveByKeys}
      className="overflow-x-auto rounded-medium border border-line bg-surface"
    >
      <table className="w-full border-collapse text-13 tabular-nums">
        <caption className="sr-only">{label}</caption>
        <Head columns={columns} />
        <tbody>
          {rows.map((item) => {
            const id = keyOf(item);
            const isChosen = id === chosen;
            return (
              <Row key={id} {...{ id, item, isChosen, columns }} {...(onChoose === undefined ? {} : { onChoose })} />
            );
          })}
        </tbody>
        {total !== undefined && (
          <tfoot className="border-t border-edge font-semibold">
            <Row id="" item={total} isChosen={false} columns={columns} />
          </tfoot>
        )}
      </table>
    </div>
  );
};
