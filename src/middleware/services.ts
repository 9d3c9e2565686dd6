import type { PriceOf } from "../completions/money/bill.ts";
import type { BudgetPolicy } from "../completions/money/budgets.ts";
import type { Logger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";
import type { RateLimitStore } from "../ports/rate-limit-store.ts";
import type { Middleware } from "../protocol/agent/middleware.ts";
import type { ModelDriver } from "../protocol/agent/model.ts";

/** What the built-in middleware works with. */
export interface MiddlewareServices {
  readonly database: Database;
  readonly limits: RateLimitStore;
  readonly logger: Logger;
  readonly models: {
    driver(model: string): ModelDriver;
    readonly priceOf: PriceOf;
    estimateTokens(text: string): number;
    /** The budgets that calls are reserved against; absent: none. */
    readonly budgets?: BudgetPolicy | undefined;
  };
}

const serve = Symbol("natter.serve");

/** A built-in: its hooks come to be when the server starts. */
export interface BuiltIn extends Middleware {
  readonly [serve]: (services: MiddlewareServices) => Omit<Middleware, "name">;
}

/** Makes a middleware whose hooks need the server's stores. */
export const builtIn = (name: string, hooks: (services: MiddlewareServices) => Omit<Middleware, "name">): BuiltIn => ({
  name,
  [serve]: hooks,
});

const isBuiltIn = (middleware: Middleware): middleware is BuiltIn => serve in middleware;

/** The middleware with its hooks. */
export const withHooks = (middleware: Middleware, services: MiddlewareServices): Middleware =>
  isBuiltIn(middleware) ? { name: middleware.name, ...middleware[serve](services) } : middleware;
