import type { ToolArtifacts } from "../artifact.ts";
import type { Register, RegisteredContext } from "./register.ts";
import type { TurnCompletion } from "./turn.ts";

/**
 * What tools keep for the user who asks, in the workspace where they ask: JSON under keys of 1 to 200 characters, 64 KiB
 * each, at most 1,000 of them. Nothing of another user or workspace can be reached through it. Kept until it is deleted.
 * @throws NatterError `unprocessable` for a key or a value that can't be kept, or when there are too many
 */
export interface ToolDatabase {
  /** Undefined: nothing is kept there. */
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  /** Keeps what `change` makes of the present value (undefined: none), also when others change it at the same time: then it is called again. */
  update<Value>(key: string, change: (value: unknown) => Value): Promise<Value>;
  delete(key: string): Promise<void>;
  /** Whose keys begin so, by key. */
  list(prefix?: string): Promise<readonly { readonly key: string; readonly value: unknown }[]>;
}

/** Where tools and instructions write lines, which name the completion that they belong to. */
export interface ToolLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What Natter itself gives to tools and instructions. */
export interface NatterContext {
  readonly database: ToolDatabase;
  /** Documents beside the conversation. */
  readonly artifacts: ToolArtifacts;
  readonly logger: ToolLogger;
  /** Who asks. */
  readonly user: { readonly id: string; readonly name: string | null; readonly email: string | null };
  readonly workspace: { readonly id: string; readonly name: string };
  readonly conversation: { readonly id: string; readonly title: string | null };
  readonly completion: TurnCompletion;
}

/** What tools and instructions get as `context`: Natter's part, and the application's own. */
export type InjectedContext = NatterContext & Omit<RegisteredContext, keyof NatterContext>;

/** The application's part: the same for all, or made for each completion that is worked on. */
export type ContextProvider =
  | RegisteredContext
  | ((context: NatterContext) => RegisteredContext | Promise<RegisteredContext>);

/** `context` in the configuration: needed as soon as a `Register` says what it holds. */
export type ContextOption = Register extends { readonly context: unknown }
  ? { readonly context: ContextProvider }
  : { readonly context?: ContextProvider | undefined };
