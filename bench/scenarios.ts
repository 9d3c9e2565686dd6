/** One load; the numbers in the model's name are explained by `AnswerShape`. */
export interface Scenario {
  readonly model: string;
  readonly streams: number;
  readonly total: number;
  readonly rampMilliseconds?: number;
  /** Sends to conversations that are there already, instead of beginning one each time. */
  readonly followUp?: true;
}

/** The answers that the line of CPU over tokens is drawn through. */
export const lineTokens = { medium: 500, long: 5_000 } as const;

export type ScenarioName = "one" | "fifty" | "short" | "medium" | "long" | "existing";

export const scenarios: ReadonlyMap<ScenarioName, Scenario> = new Map([
  ["one", { model: "mock-n10-d0", streams: 1, total: 150 }],
  ["fifty", { model: "mock-n20-d20-f20", streams: 50, total: 400, rampMilliseconds: 400 }],
  ["short", { model: "mock-n10-d0", streams: 20, total: 400 }],
  ["medium", { model: `mock-n${lineTokens.medium}-d0`, streams: 20, total: 400 }],
  ["long", { model: `mock-n${lineTokens.long}-d0`, streams: 20, total: 80 }],
  ["existing", { model: `mock-n${lineTokens.medium}-d0`, streams: 20, total: 400, followUp: true }],
]);
