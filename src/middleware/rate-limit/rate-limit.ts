import { NatterError } from "../../foundation/errors.ts";
import type { RateLimitStore, RateOutcome } from "../../ports/rate-limit-store.ts";
import type { AcceptRequest, Middleware, ModelLayerCall } from "../../protocol/agent/middleware.ts";
import type { ModelEnd } from "../../protocol/agent/model.ts";
import { builtIn, type MiddlewareServices } from "../services.ts";
import { minuteRules, type MinuteRule, type RateLimitOptions } from "./minute-rules.ts";
import { namedRateHeaders, wholeSeconds, type NamedStanding } from "./rate-headers.ts";

interface Payer {
  readonly workspaceId: string;
  readonly userId: string;
  readonly keyId?: string | undefined;
}

const nameOf = ({ scope, unit }: MinuteRule): string => `${scope}-${unit}`;

/** Null: the rule is about something that this payer has not. */
const storeKeyOf = (rule: MinuteRule, { workspaceId, userId, keyId }: Payer): string | null => {
  const subject = { user: `${workspaceId}:${userId}`, workspace: workspaceId, key: keyId }[rule.scope];
  return subject === undefined ? null : `middleware:${nameOf(rule)}:${subject}`;
};

const take = async (
  store: RateLimitStore,
  payer: Payer,
  each: MinuteRule,
  cost: number,
): Promise<(RateOutcome & NamedStanding) | null> => {
  const key = storeKeyOf(each, payer);
  if (key === null) return null;
  const outcome = await store.take(key, [each.rule], cost);
  const [standing] = outcome.standings;
  return standing === undefined ? null : { ...outcome, name: nameOf(each), standing };
};

/** What was used is used, also beyond the limit: then the window is full. */
const spend = async (store: RateLimitStore, payer: Payer, each: MinuteRule, cost: number): Promise<void> => {
  if (cost <= 0) return;
  const taken = await take(store, payer, each, cost);
  if (taken !== null && !taken.isAllowed && taken.standing.remaining > 0)
    await take(store, payer, each, taken.standing.remaining);
};

const owners = { user: "you", workspace: "your workspace", key: "this API key" } as const;

const refusalOf = ({ scope, unit, rule }: MinuteRule, seconds: number): NatterError => {
  const retryAfter = wholeSeconds(seconds);
  const of = scope === "user" ? "" : ` of ${owners[scope]}`;
  const used = rule.limit === 1 ? `1 ${unit.slice(0, -1)} a minute${of} is` : `${rule.limit} ${unit} a minute${of} are`;
  return new NatterError("rate_limited", `${used} used; try again in ${retryAfter} s.`, { retryAfter });
};

/** Looks at the tokens that are left, then takes a request, of everybody who is counted. */
const admit = async (
  { limits, models }: MiddlewareServices,
  rules: readonly MinuteRule[],
  request: AcceptRequest,
): Promise<void> => {
  const needed = request.texts.reduce((sum, text) => sum + models.estimateTokens(text), 1);
  const seen: NamedStanding[] = [];
  // requests last: a message that is too long takes none
  for (const each of rules.toSorted((left, right) => (left.unit < right.unit ? 1 : -1))) {
    const taken = await take(limits, request.principal, each, each.unit === "requests" ? 1 : 0);
    if (taken === null) continue;
    seen.push({ name: taken.name, standing: taken.standing });
    const isShort = each.unit === "tokens" && taken.standing.remaining < Math.min(needed, each.rule.limit);
    if (taken.isAllowed && !isShort) continue;
    request.tell(namedRateHeaders([{ name: taken.name, standing: taken.standing }]));
    throw refusalOf(each, taken.standing.resetSeconds);
  }
  request.tell(namedRateHeaders(seen));
};

const charactersPerToken = 4;

const countSaid = (call: ModelLayerCall): { sink: ModelLayerCall["sink"]; tokens: () => number } => {
  let characters = 0;
  return {
    tokens: () => Math.ceil(characters / charactersPerToken),
    sink(events) {
      for (const event of events) if ("delta" in event) characters += event.delta.length;
      call.sink(events);
    },
  };
};

const chargeModel = async (
  { limits }: MiddlewareServices,
  rules: readonly MinuteRule[],
  call: ModelLayerCall,
  next: (changes: { sink: ModelLayerCall["sink"] }) => Promise<ModelEnd>,
): Promise<ModelEnd> => {
  const spendAll = async (tokens: number): Promise<void> => {
    for (const each of rules) await spend(limits, call.completion, each, tokens);
  };
  const said = countSaid(call);
  const input = call.estimateInput();
  await spendAll(input);
  let used: number | undefined;
  try {
    const end = await next({ sink: said.sink });
    used = end.usage === undefined ? undefined : end.usage.inputTokens + end.usage.outputTokens;
    return end;
  } finally {
    await spendAll((used ?? input + said.tokens()) - input);
  }
};

/**
 * Requests and tokens a minute: 30 and 100,000 for each user, besides limits of workspaces and API keys. A request that
 * has no room is refused with 429 and `Retry-After` before anything is stored; every answer tells `RateLimit`,
 * `RateLimit-Policy` and `X-RateLimit-*`. Tokens are counted as models use them, so that answers under way may go beyond.
 * With Redis all nodes count together.
 * @throws NatterError `unprocessable` for what is no limit
 *
 * @example rateLimit({ user: { requests: 10 }, workspace: { tokens: 2_000_000 } })
 */
export const rateLimit = (options: RateLimitOptions = {}): Middleware => {
  const rules = minuteRules(options);
  const tokenRules = rules.filter(({ unit }) => unit === "tokens");
  return builtIn("rateLimit", (services) => ({
    accept: async (request, next) => {
      await admit(services, rules, request);
      await next();
    },
    ...(tokenRules.length === 0 ? {} : { model: (call, next) => chargeModel(services, tokenRules, call, next) }),
  }));
};
