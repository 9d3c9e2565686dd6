import type { CaseResult } from "./measure-case.ts";
import { median } from "./samples.ts";
import { lineTokens, type ScenarioName } from "./scenarios.ts";

/** The cases of one target in one round, by scenario. */
export type Round = Readonly<Partial<Record<ScenarioName, CaseResult>>>;

/** What a target comes to: medians of its rounds. Undefined where its scenarios were not run. */
export interface Figures {
  /** Processor milliseconds for 1,000 tokens more. */
  readonly slope: number | undefined;
  readonly slopeToPipe: number | undefined;
  /** Processor milliseconds of a completion of no tokens, by the same line; new conversations. */
  readonly fixedCpu: number | undefined;
  readonly fixedCpuExisting: number | undefined;
  /** Measured, not by the line: a completion of 10 tokens. */
  readonly shortCpu: number | undefined;
  /** Processor milliseconds of the database's processes for a completion of 10 tokens. */
  readonly databaseCpu: number | undefined;
  /** Milliseconds to the first token, p50, beyond those of the provider itself. */
  readonly addedAtOne: number | undefined;
  readonly addedAtFifty: number | undefined;
  readonly memory: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly errors: number;
  /** Cores that something else used, at worst; above `quietLimit` the times are not to be trusted. */
  readonly others: number;
}

export const quietLimit = 0.3;

const perCompletion = (result: CaseResult | undefined): number | undefined =>
  result && result.serverCpu / result.completions;

const slopeOf = (round: Round | undefined): number | undefined => {
  const [medium, long] = [perCompletion(round?.medium), perCompletion(round?.long)];
  if (medium === undefined || long === undefined) return undefined;
  return ((long - medium) / (lineTokens.long - lineTokens.medium)) * 1_000;
};

const interceptOf = (round: Round, scenario: "medium" | "existing"): number | undefined => {
  const [cost, slope] = [perCompletion(round[scenario]), slopeOf(round)];
  return cost === undefined || slope === undefined ? undefined : cost - (slope * lineTokens.medium) / 1_000;
};

const difference = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? undefined : left - right;

const quotient = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || !right ? undefined : left / right;

const medianOf = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : median(known);
};

const casesOf = (round: Round): CaseResult[] => Object.values(round);

const isQuiet = (round: Round): boolean => casesOf(round).every(({ others }) => others <= quietLimit);

/** Compares a target with the provider and the pipe, round by round; rounds that others disturbed count only if all were. */
export const figuresOf = (rounds: readonly Round[], pipe: readonly Round[], direct: readonly Round[]): Figures => {
  const numbered = rounds.map((round, index) => ({ round, index }));
  const quiet = numbered.filter(({ round }) => isQuiet(round));
  const used = quiet.length > 0 ? quiet : numbered;
  const over = (figure: (round: Round, index: number) => number | undefined): number | undefined =>
    medianOf(used.map(({ round, index }) => figure(round, index)));
  const total = (count: (result: CaseResult) => number): number =>
    rounds.flatMap(casesOf).reduce((sum, result) => sum + count(result), 0);
  const added = (scenario: "one" | "fifty"): number | undefined =>
    over((round, index) => difference(round[scenario]?.firstToken.p50, direct[index]?.[scenario]?.firstToken.p50));
  return {
    slope: over(slopeOf),
    slopeToPipe: over((round, index) => quotient(slopeOf(round), slopeOf(pipe[index]))),
    fixedCpu: over((round) => interceptOf(round, "medium")),
    fixedCpuExisting: over((round) => interceptOf(round, "existing")),
    shortCpu: over((round) => perCompletion(round.short)),
    databaseCpu: over((round) => round.short && round.short.databaseCpu / round.short.completions),
    addedAtOne: added("one"),
    addedAtFifty: added("fifty"),
    memory: Math.max(0, ...rounds.flatMap(casesOf).map(({ memory }) => memory)),
    lost: total(({ lost }) => lost),
    duplicated: total(({ duplicated }) => duplicated),
    errors: total(({ errors }) => errors),
    others: Math.max(0, ...used.flatMap(({ round }) => casesOf(round)).map(({ others }) => others)),
  };
};
