import { useSearchParams } from "wouter";
import { useZone, zoneName } from "../time/zone.ts";

const rowName = "row";
const dayNames: readonly string[] = ["from", "to"];

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
  const zone = useZone();
  const [parameters, setParameters] = useSearchParams();
  const put = (name: string, value: string | null, isStep: boolean): void =>
    setParameters(
      (current) => {
        const next = new URLSearchParams(current);
        if (value === null || value === "") next.delete(name);
        else next.set(name, value);
        // days mean nothing without the zone that they are of
        if (dayNames.some((day) => next.has(day))) next.set(zoneName, zone.name);
        else next.delete(zoneName);
        return next;
      },
      { replace: !isStep },
    );
  const entries = [...parameters].filter(([name]) => name !== rowName && name !== zoneName);
  return {
    values: Object.fromEntries(entries),
    rowId: parameters.get(rowName),
    set: (name, value) => put(name, value, false),
    clear: () => setParameters({}),
    choose: (rowId) => put(rowName, rowId, true),
  };
};
