/**
 * The one gate that every effect of the engine passes: a database statement, a log append, a model call, a tool body.
 * `label` names the fault point. In production it only calls `effect`; tests delay, reorder and crash here.
 */
export type Io = <Result>(label: string, effect: () => Promise<Result>) => Promise<Result>;

export const directIo: Io = (_label, effect) => effect();
