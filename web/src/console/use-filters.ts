import { useSearchParams } from "wouter";

const rowName = "row";

/** What the address says of a list: its filters, and the row that is looked at. */
export interface Filters {
  readonly values: Readonly<Record<string, string>>;
  readonly rowId: string | null;
  set(this: void, name: string, value: string): void;
  clear(this: void): void;
  choose(this: void, rowId: string | null): void;
}

/** The filters of a list live in the address: a link shows the same, and *Back* goes back to what was there. */
export const useFilters = (): Filters => {
  const [parameters, setParameters] = useSearchParams();
  const put = (name: string, value: string | null, isStep: boolean): void =>
    setParameters(
      (current) => {
        const next = new URLSearchParams(current);
        if (value === null || value === "") next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: !isStep },
    );
  const entries = [...parameters].filter(([name]) => name !== rowName);
  return {
    values: Object.fromEntries(entries),
    rowId: parameters.get(rowName),
    set: (name, value) => put(name, value, false),
    clear: () => setParameters({}),
    choose: (rowId) => put(rowName, rowId, true),
  };
};
