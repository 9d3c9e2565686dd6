/**
 * What an application tells TypeScript of itself, once, by merging:
 *
 * @example
 * declare module "natter" {
 *   interface Register {
 *     context: { orders: Orders };
 *     agents: typeof agents;
 *   }
 * }
 */
export interface Register {}

/** What the application's `context` holds; without a `Register` of its own, anything by any name. */
export type RegisteredContext = Register extends { readonly context: infer Context }
  ? Context
  : Readonly<Record<string, unknown>>;

/** The application's agents by id; without a `Register` of its own, none is known. */
export type RegisteredAgents = Register extends { readonly agents: infer Agents }
  ? Agents
  : Readonly<Record<string, object>>;

/** Ids of the application's agents. */
export type AgentId = Extract<keyof RegisteredAgents, string>;
