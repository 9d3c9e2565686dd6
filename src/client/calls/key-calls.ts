import type { Scope } from "../../protocol/people/principal.ts";
import type { Page } from "./bodies.ts";
import type { Requester } from "../requests/requester.ts";

/** An API key as its owner sees it afterwards; times are ISO 8601 in UTC. */
export interface ApiKey {
  readonly id: string;
  readonly workspaceId: string;
  readonly userId: string;
  readonly name: string;
  /** Its first characters. */
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** To the minute. */
  readonly lastUsedAt: string | null;
}

export interface NewApiKey extends ApiKey {
  /** Shown this once. */
  readonly key: string;
}

export interface CreateKeyBody {
  readonly name: string;
  /** Default: `read` and `chat`. */
  readonly scopes?: readonly Scope[] | undefined;
  /** Absent: until it is revoked. */
  readonly expiresAt?: string | undefined;
}

/** Your API keys in a workspace. */
export const keyCalls = ({ json, response }: Requester) => ({
  list: (): Promise<Page<ApiKey>> => json("/v1/api-keys"),
  create: (body: CreateKeyBody): Promise<NewApiKey> => json("/v1/api-keys", { body }),
  revoke: async (keyId: string): Promise<void> => void (await response(`/v1/api-keys/${keyId}`, { method: "DELETE" })),
});
