import type { Middleware } from "../protocol/agent/middleware.ts";
import type { Agent } from "../protocol/agent/agent.ts";
import type { ContextOption, ContextProvider } from "../protocol/agent/injected-context.ts";
import type { ResolveHostUser } from "../protocol/people/host-user.ts";
import type { McpServerConfig } from "../protocol/agent/mcp.ts";
import type { LanguageModelV4, ModelDriver } from "../protocol/agent/model.ts";
import type { TelemetryConfig } from "../protocol/agent/telemetry.ts";

/** What every provider may say of its models and of itself. */
export interface ProviderOffer {
  /** Model ids to offer; others are accepted too. */
  readonly models?: readonly string[] | undefined;
  /** Media types that its models read besides text, as `image/*`. Absent: judged by their names. */
  readonly files?: readonly string[] | undefined;
  /** Calls that a worker makes to it at a time; more wait. Default: any number. */
  readonly concurrency?: number | undefined;
  /** Models (`<provider id>/<model id>`) that answer, the first one that can, while this provider is busy, down or too slow. */
  readonly fallback?: readonly string[] | undefined;
}

/** A server that speaks OpenAI's Chat Completions. */
export interface CompatibleProvider extends ProviderOffer {
  /** Up to and without `/chat/completions`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Models of AI SDK 7: `{ model: createMistral({ apiKey }) }`. */
export interface LanguageModelProvider extends ProviderOffer {
  readonly model: (modelId: string) => LanguageModelV4;
}

/** A provider of your own. */
export interface OwnProvider extends ProviderOffer {
  readonly driver: ModelDriver;
}

/** Price of a model in dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
}

export interface AccountsConfig {
  /** Who may make an account, besides the first one. Default `invited`. */
  readonly signUp?: "invited" | "open" | undefined;
  /** Signs the cookies, at least 32 bytes; the same on all nodes. Default: made in the data folder. */
  readonly secret?: string | undefined;
  /** Where people reach the server; https makes the cookies secure. */
  readonly publicUrl?: string | undefined;
}

export interface AuthConfig {
  /** Tokens signed with a shared secret (HS256) of at least 32 bytes. */
  readonly jwt?: { readonly secret: string; readonly audience?: string | undefined } | undefined;
  /** Tokens of an OpenID Connect issuer, checked with its published keys. */
  readonly oidc?: { readonly issuer: string; readonly audience: string } | undefined;
  /** Claims that decide workspace and role; without a name no token decides them. */
  readonly claims?: { readonly workspace?: string | undefined; readonly role?: string | undefined } | undefined;
  /** Asks the host application who is asking. */
  readonly resolve?: ResolveHostUser | undefined;
  /** Built-in accounts with e-mail and password; absent: none, unless NATTER_ACCOUNTS turns them on. */
  readonly accounts?: AccountsConfig | undefined;
}

export interface FeaturesConfig {
  /** Conversations get a title from their model after the first answer. Default true. */
  readonly titles?: boolean | undefined;
  /** What a model is not shown any more of a long conversation is summarised for it, by the conversation's model. Default true. */
  readonly summary?: boolean | undefined;
  /** People may send files. Default true. */
  readonly attachments?: boolean | undefined;
  /** Documents beside the conversation, which people and the default agent write. Default true. */
  readonly artifacts?: boolean | undefined;
}

export interface LimitsConfig {
  /** Model calls of a completion whose agent does not say how many. Default 10. */
  readonly steps?: number | undefined;
  /** Messages that the model of such an agent is shown; the rest is summarised. Default 100. */
  readonly contextMessages?: number | undefined;
  /** Bytes of a JSON body, at most. Default 1 MiB. */
  readonly bodyBytes?: number | undefined;
  /** Seconds that `stream: false` waits for the answer. Default 30. */
  readonly answerSeconds?: number | undefined;
  /** Requests of known callers that a node works on at a time; open streams and waits for whole answers are not counted. Default 1,000. */
  readonly requests?: number | undefined;
  /** Event streams and sockets on a node. Default 10,000. */
  readonly viewers?: number | undefined;
  /** Event streams of one user on a node. Default 250. */
  readonly viewersPerUser?: number | undefined;
  /** Messages of one user that ask for an answer, on all nodes. 0: any number. Default 600. */
  readonly sendsPerMinute?: number | undefined;
  /** Tokens for browsers that the keys of one user are exchanged for, on all nodes. 0: any number. Default 1,200. */
  readonly tokensPerMinute?: number | undefined;
  /** Completions that wait in one conversation. Default 100. */
  readonly waitingSends?: number | undefined;
  /** Completions of one user that wait or run. Default 1,000. */
  readonly openPerUser?: number | undefined;
  /** Completions of one user that run at a time, on all workers; more wait. Default 100. */
  readonly runningPerUser?: number | undefined;
  /** Background tools of one user that are at work at a time. Default 50. */
  readonly backgroundPerUser?: number | undefined;
  /** Bytes of one file. Default 10 MiB. */
  readonly uploadBytes?: number | undefined;
  /** Bytes of all files of one user. Default 1 GiB. */
  readonly storagePerUser?: number | undefined;
}

/** What `natter.config.ts` exports and `createNatter` takes; all of it optional. What stands here wins over the environment. */
export interface NatterConfig {
  /** By id. The one with the key `default`, else the first, answers when nobody chose. */
  readonly agents?: Readonly<Record<string, Partial<Omit<Agent, "id">>>> | undefined;
  /** What tools and instructions get as `context` besides Natter's part: an object, or a function that makes one for each completion. */
  readonly context?: ContextProvider | undefined;
  /** By id, the part of a model's id before the first `/`. */
  readonly providers?: Readonly<Record<string, CompatibleProvider | LanguageModelProvider | OwnProvider>> | undefined;
  readonly models?:
    | {
        /** `<provider id>/<model id>` that answers when nobody chose one. */
        readonly default?: string | undefined;
        /** Other names of models. */
        readonly aliases?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  /** By model id; wins over the catalogue. */
  readonly prices?: Readonly<Record<string, ModelPrice>> | undefined;
  readonly limits?: LimitsConfig | undefined;
  readonly features?: FeaturesConfig | undefined;
  /** Layers around accepting, answering and calling models, the outermost first. */
  readonly middleware?: readonly Middleware[] | undefined;
  readonly auth?: AuthConfig | undefined;
  /** Servers of the Model Context Protocol by name; agents name them under `mcp`. Default: tasks, for the default agent. */
  readonly mcp?: Readonly<Record<string, McpServerConfig>> | undefined;
  readonly egress?:
    | {
        /** Hosts (`mcp.internal`), hosts with a port, and networks (`10.0.0.0/8`) that may be asked although they are not public. */
        readonly allow?: readonly string[] | undefined;
      }
    | undefined;
  readonly webhooks?:
    | {
        /** Whether webhooks are told what is said in private conversations, too. Default false: only that something happened. */
        readonly tellsPrivate?: boolean | undefined;
      }
    | undefined;
  /** Traces of completions, through a tracer of OpenTelemetry. Absent: none, at no cost. */
  readonly telemetry?: TelemetryConfig | undefined;
  /** Where the host has mounted Natter, as `/natter`. */
  readonly basePath?: string | undefined;
  /** What this process does: serve, work, or both. Default `all`. */
  readonly role?: "all" | "web" | "worker" | undefined;
  readonly dataDirectory?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
}

/** Types a configuration file. */
export const defineConfig = <const Config extends NatterConfig & ContextOption>(config: Config): Config => config;
