import { NatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { GuardRule, RuleSet } from "./rules.ts";

export type Direction = "input" | "output";

const blockedText = {
  input: "This message was not accepted: it goes against a rule of this server.",
  output: "The answer was stopped: it went against a rule of this server.",
};

/** Where a rule was broken, for the log; never what was said. */
export interface GuardPlace {
  readonly logger: Logger;
  readonly direction: Direction;
  readonly fields: object;
}

/** @throws NatterError `guardrail_blocked` */
const judge = ({ logger, direction, fields }: GuardPlace, { name, action, message }: GuardRule): void => {
  logger.warn({ ...fields, rule: name, direction, action }, "a guardrail found something");
  if (action === "block") throw new NatterError("guardrail_blocked", message ?? blockedText[direction]);
};

/**
 * Acts on rules that were broken: notes them, or ends the matter.
 * @returns those that are only flagged
 * @throws NatterError `guardrail_blocked`
 */
export const actOn = (place: GuardPlace, { named }: RuleSet, found: Iterable<string>): string[] => {
  const broken = [...found].flatMap((name) => named.get(name) ?? []);
  // what blocks comes first: nothing is noted of what is not said
  for (const rule of broken.toSorted(
    (left, right) => Number(right.action === "block") - Number(left.action === "block"),
  ))
    judge(place, rule);
  return broken.filter(({ action }) => action === "flag").map(({ name }) => name);
};
