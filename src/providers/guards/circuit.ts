/** `closed`: calls go through, so many have failed in a row. `open`: none does before `until`. `trying`: one is under way that decides. */
export type Circuit =
  | { readonly state: "closed"; readonly failures: number }
  | { readonly state: "open"; readonly until: number }
  | { readonly state: "trying" };

export type CircuitEvent = "begin" | "succeed" | "fail" | "abort";

export interface CircuitLimits {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Milliseconds that it stays open. */
  readonly rest: number;
}

export const closedCircuit: Circuit = { state: "closed", failures: 0 };

type Step = (circuit: Circuit, now: number, limits: CircuitLimits) => Circuit;

const stay: Step = (circuit) => circuit;
const close: Step = () => closedCircuit;
const open: Step = (_circuit, now, { rest }) => ({ state: "open", until: now + rest });
const count: Step = (circuit, now, limits) => {
  const failures = circuit.state === "closed" ? circuit.failures + 1 : limits.failures;
  return failures >= limits.failures ? open(circuit, now, limits) : { state: "closed", failures };
};
const tryAgain: Step = () => ({ state: "trying" });
/** Nothing was learnt: the next call may try. */
const giveBack: Step = (_circuit, now) => ({ state: "open", until: now });

/** In `open` and `trying`, what ends may have begun before it opened. */
const transitions: Readonly<Record<Circuit["state"], Readonly<Record<CircuitEvent, Step>>>> = {
  closed: { begin: stay, succeed: close, fail: count, abort: stay },
  open: { begin: tryAgain, succeed: close, fail: stay, abort: stay },
  trying: { begin: stay, succeed: close, fail: open, abort: giveBack },
};

export const stepCircuit = (circuit: Circuit, event: CircuitEvent, now: number, limits: CircuitLimits): Circuit =>
  transitions[circuit.state][event](circuit, now, limits);

/** Milliseconds until a call may be tried; 0: now. */
export const restOf = (circuit: Circuit, now: number, { rest }: CircuitLimits): number => {
  switch (circuit.state) {
    case "closed":
      return 0;
    case "open":
      return Math.max(0, circuit.until - now);
    case "trying":
      return rest;
  }
};
