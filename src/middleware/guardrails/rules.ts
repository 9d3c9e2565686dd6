import { z } from "zod";
import { NatterError } from "../../foundation/errors.ts";
import { compilePattern } from "./pattern/compile-pattern.ts";
import type { SoughtPattern } from "./text-scanner.ts";

/** What is done about a text that breaks a rule: the answer ends there, the match is replaced, or it is only noted. */
export type GuardAction = "block" | "redact" | "flag";

interface NamedRule {
  /** Told in the log and, for `flag`, in the part `data-natter-guardrail`. */
  readonly name: string;
  /** Said to the person where something is blocked. */
  readonly message?: string;
}

/** A text that must not be there. */
export interface PatternRule extends NamedRule {
  /** Expressions of RE2, or of JavaScript that RE2 takes: without lookaround and backreferences. */
  readonly pattern: string | RegExp | readonly (string | RegExp)[];
  readonly action: GuardAction;
  /** Stands in place of a match. Default `[redacted]`. */
  readonly replacement?: string;
}

/** Asked about a whole text. */
export interface FunctionRule extends NamedRule {
  /** True: the rule is broken. For `redact` the text to show in its place, or false. */
  readonly check: (text: string) => boolean | string | Promise<boolean | string>;
  readonly action: GuardAction;
}

/** A model that is asked about a whole text; each question is an entry of the ledger. */
export interface ModelRule extends NamedRule {
  /** `<provider id>/<model id>` */
  readonly model: string;
  /** What breaks the rule, in words: "It asks for medical advice." */
  readonly breaks: string;
  readonly action: "block" | "flag";
}

export type GuardRule = PatternRule | FunctionRule | ModelRule;

/** The rules of one direction, by how they are asked. */
export interface RuleSet {
  readonly patterns: readonly SoughtPattern[];
  readonly functions: readonly FunctionRule[];
  readonly models: readonly ModelRule[];
  /** Of all of them, by name. */
  readonly named: ReadonlyMap<string, GuardRule>;
}

const name = z.string().min(1).max(64);
const action = z.enum(["block", "redact", "flag"]);
const text = z.string().max(1_000);
const pattern = z.union([z.string().min(1), z.instanceof(RegExp)]);
const common = { name, message: text.optional() };
const ruleSchema = z.union(
  [
    z.strictObject({
      ...common,
      action,
      pattern: z.union([pattern, z.array(pattern).min(1)]),
      replacement: text.optional(),
    }),
    z.strictObject({ ...common, action, check: z.custom((value) => typeof value === "function") }),
    z.strictObject({
      ...common,
      action: z.enum(["block", "flag"]),
      model: z.string().min(1),
      breaks: z.string().min(1),
    }),
  ],
  "must be { name, action, pattern }, { name, action, check } or { name, action: block or flag, model, breaks }",
);

const isPattern = (rule: GuardRule): rule is PatternRule => "pattern" in rule;
const isFunction = (rule: GuardRule): rule is FunctionRule => "check" in rule;
const isModel = (rule: GuardRule): rule is ModelRule => "model" in rule;

const patternsOf = ({ pattern: given }: PatternRule): readonly (string | RegExp)[] =>
  typeof given === "string" || given instanceof RegExp ? [given] : given;

const soughtOf = (rule: PatternRule): SoughtPattern[] =>
  patternsOf(rule).map((each) => ({
    rule: rule.name,
    pattern: compilePattern(each),
    replacement: rule.action === "redact" ? (rule.replacement ?? "[redacted]") : null,
  }));

/**
 * Checks and compiles the rules of one direction.
 * @throws NatterError `unprocessable` for a rule that is none, a name that stands twice, a pattern that could backtrack
 */
export const compileRules = (direction: "input" | "output", rules: readonly GuardRule[]): RuleSet => {
  const parsed = z.array(ruleSchema).safeParse(rules);
  if (!parsed.success) {
    const said = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    throw new NatterError("unprocessable", `guardrails(): ${direction}.${said}`);
  }
  const named = new Map(rules.map((rule) => [rule.name, rule]));
  if (named.size !== rules.length)
    throw new NatterError("unprocessable", `guardrails(): two rules of ${direction} have one name.`);
  return {
    patterns: rules.filter(isPattern).flatMap(soughtOf),
    functions: rules.filter(isFunction),
    models: rules.filter(isModel),
    named,
  };
};
