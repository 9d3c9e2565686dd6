import type { AcceptRequest, Middleware } from "../../protocol/agent/middleware.ts";
import type { ModelMessage } from "../../protocol/agent/model.ts";
import type { TurnCompletion } from "../../protocol/agent/turn.ts";
import { builtIn, type MiddlewareServices } from "../services.ts";
import { guardAnswer } from "./answer-guard.ts";
import { isBroken } from "./ask-guard.ts";
import { checkText } from "./check-text.ts";
import { guardChunks } from "./chunk-guard.ts";
import { compileRules, type GuardRule, type RuleSet } from "./rules.ts";
import { secretsRule } from "./secrets-rule.ts";
import { lookFor, type Sought } from "./text-scanner.ts";
import { actOn, type GuardPlace } from "./verdict.ts";

export interface GuardrailsOptions {
  /** For what people send. Default: keys and other secrets are redacted. */
  readonly input?: readonly GuardRule[];
  /** For what models say. Default: keys and other secrets are redacted. */
  readonly output?: readonly GuardRule[];
}

const fieldsOf = ({ id, workspaceId, conversationId, userId }: TurnCompletion): object => ({
  completionId: id,
  workspaceId,
  conversationId,
  userId,
});

const acceptGuard =
  ({ logger }: MiddlewareServices, rules: RuleSet, sought: Sought): NonNullable<Middleware["accept"]> =>
  async (request: AcceptRequest, next) => {
    const { userId, workspaceId } = request.principal;
    const { requestId, route } = request;
    const place: GuardPlace = { logger, direction: "input", fields: { userId, workspaceId, requestId, route } };
    const texts: string[] = [];
    for (const text of request.texts) texts.push(await checkText(place, rules, sought, text));
    const isSame = texts.every((text, index) => text === request.texts[index]);
    await (isSame ? next() : next({ texts }));
  };

const questionIn = (messages: readonly ModelMessage[]): string => {
  const content = messages.findLast(({ role }) => role === "user")?.content ?? "";
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
};

const completionGuard =
  (services: MiddlewareServices, rules: RuleSet): NonNullable<Middleware["completion"]> =>
  async ({ completion, messages, signal }, next) => {
    const text = questionIn(messages);
    const place: GuardPlace = { logger: services.logger, direction: "input", fields: fieldsOf(completion) };
    for (const rule of rules.models) {
      if (text !== "" && (await isBroken(services, completion, { rule, text, signal })))
        actOn(place, rules, [rule.name]);
    }
    return next();
  };

const hooksOf = (services: MiddlewareServices, input: RuleSet, output: RuleSet): Omit<Middleware, "name"> => {
  const { logger } = services;
  const placeOf = (completion: TurnCompletion): GuardPlace => ({
    logger,
    direction: "output",
    fields: fieldsOf(completion),
  });
  const asksWhole = output.functions.length + output.models.length > 0;
  return {
    ...(input.patterns.length + input.functions.length === 0
      ? {}
      : { accept: acceptGuard(services, input, lookFor(input.patterns)) }),
    ...(input.models.length === 0 ? {} : { completion: completionGuard(services, input) }),
    ...(asksWhole
      ? {
          model: (call, next) => guardAnswer(services, { place: placeOf(call.completion), rules: output }, call, next),
        }
      : {}),
    ...(output.patterns.length === 0
      ? {}
      : { chunk: guardChunks(({ completion }) => placeOf(completion), output, lookFor(output.patterns)) }),
  };
};

/**
 * Rules for what people send and what models say, by pattern, by a function, or by a model; each blocks, redacts or
 * flags. Patterns are looked for while an answer streams, wherever it is split, and hold back only what may become a
 * match; functions and models judge the whole, which is shown when they are done. What is blocked is neither shown nor
 * stored, what is redacted is stored redacted. A message that a pattern or function blocks is refused with 422 and
 * `guardrail_blocked` before anything is stored; one that a model blocks is stored and answered by that error.
 * @throws NatterError `unprocessable` for a pattern that could backtrack, or a rule that is none
 *
 * @example
 * guardrails({
 *   input: [{ name: "cards", action: "redact", pattern: String.raw`\b(?:\d[ -]?){12,18}\d\b` }],
 *   output: [{ name: "advice", action: "block", model: "openai/gpt-5-nano", breaks: "It gives medical advice." }],
 * })
 */
export const guardrails = ({ input = [secretsRule], output = [secretsRule] }: GuardrailsOptions = {}): Middleware => {
  const rules = { input: compileRules("input", input), output: compileRules("output", output) };
  return builtIn("guardrails", (services) => hooksOf(services, rules.input, rules.output));
};
