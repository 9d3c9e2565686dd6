import { useSyncExternalStore } from "react";
import { useSearchParams } from "wouter";
import { createStoredValue } from "../../ui/stored-value.ts";

/** The zone of an address, so that a link means the same days to whoever opens it. */
export const zoneName = "zone";

const utc = "UTC";

/** Of this device. */
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone || utc;

const isKnown = (zone: string): boolean => {
  try {
    return Intl.DateTimeFormat(undefined, { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

const stored = createStoredValue<boolean>("natter.console.utc", (value) => value === true);

/** In which zone the console tells times, and where days begin. */
export interface Zone {
  readonly name: string;
  /** Those to choose from: of the address, of this device, and UTC. */
  readonly names: readonly string[];
  choose(this: void, name: string): void;
}

/** The zone that the address names, else the one that was chosen on this device. */
export const useZone = (): Zone => {
  const [parameters, setParameters] = useSearchParams();
  const isUtc = useSyncExternalStore(stored.subscribe, stored.get);
  const named = parameters.get(zoneName);
  const name = named !== null && isKnown(named) ? named : isUtc ? utc : ownZone;
  return {
    name,
    names: [...new Set([ownZone, utc, name])],
    choose: (next) => {
      stored.set(next === utc);
      setParameters(
        (current) => {
          const changed = new URLSearchParams(current);
          if (changed.has(zoneName)) changed.set(zoneName, next);
          return changed;
        },
        { replace: true },
      );
    },
  };
};
