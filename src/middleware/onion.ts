import { NatterError } from "../foundation/errors.ts";

/** Something that surrounds what comes next, which it calls at most once. */
export interface Layer<Call, Change, Result> {
  readonly name: string;
  readonly run: (call: Call, next: (change?: Change) => Promise<Result>) => Promise<Result>;
}

/**
 * Layers as one, the first outermost.
 * @param apply the call that the inner layers see after a change
 */
export const onion = <Call, Change, Result>(
  layers: readonly Layer<Call, Change, Result>[],
  apply: (call: Call, change: Change) => Call,
): ((call: Call, core: (call: Call) => Promise<Result>) => Promise<Result>) => {
  const enter = async (at: number, call: Call, core: (call: Call) => Promise<Result>): Promise<Result> => {
    const layer = layers[at];
    if (layer === undefined) return core(call);
    let isCalled = false;
    return layer.run(call, async (change) => {
      if (isCalled) throw new NatterError("internal", `The middleware "${layer.name}" called next() twice.`);
      isCalled = true;
      return enter(at + 1, change === undefined ? call : apply(call, change), core);
    });
  };
  return (call, core) => enter(0, call, core);
};
