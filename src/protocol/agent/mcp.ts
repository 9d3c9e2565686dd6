/** For whom a server of the Model Context Protocol is asked. */
export interface McpCaller {
  readonly userId: string;
  readonly workspaceId: string;
}

interface McpServerCommon {
  /** Names of the tools to offer, as the server calls them. Default: all. */
  readonly tools?: readonly string[] | undefined;
  /**
   * Which calls a person must allow: `destructive` asks for what does not say that it only reads or only adds, as the
   * protocol's annotations have it. Default `destructive`.
   */
  readonly approval?: "destructive" | "always" | "never" | undefined;
  /**
   * Fingerprints of changed tools that may run without a person's leave, as the log and `GET /v1/tools` name them, or
   * `all`: changes are not looked for. Default: none.
   */
  readonly trust?: "all" | readonly string[] | undefined;
  /** Until a call counts as failed. Default 60. */
  readonly timeoutSeconds?: number | undefined;
}

/** A server that Natter starts itself, and talks to by its standard input and output. Only an operator can name one. */
export interface McpCommandServer extends McpServerCommon {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Besides `PATH`, `HOME` and their like, which are handed on; nothing else of this process's environment is. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
}

/** How Natter signs in: by a refresh token that was given to it, else with its own credentials (`client_credentials`). */
export interface McpOAuth {
  /** The authorization server; the credentials are sent to no other. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly scope?: string | undefined;
}

/** Headers for each request; gets null when Natter itself asks, for the list of tools. */
export type McpHeaders = (
  caller: McpCaller | null,
) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;

/** A server on the network, spoken to by streamable HTTP. */
export interface McpUrlServer extends McpServerCommon {
  readonly url: string;
  /** A function is asked for each request, and gives every user a session of their own. */
  readonly headers?: Readonly<Record<string, string>> | McpHeaders | undefined;
  readonly oauth?: McpOAuth | undefined;
}

/** A server of the Model Context Protocol as `natter.config.ts` names it. */
export type McpServerConfig = McpCommandServer | McpUrlServer;

/** How a tool stands to what it was when it was first seen. */
export type McpDrift = "none" | "changed" | "added";

/** What is known of a server now. */
export interface McpServerReport {
  readonly name: string;
  /** `lazy`: it is started by the first call. */
  readonly status: "lazy" | "connecting" | "ready" | "down";
  /** What is wrong with it, in words that hold no address and no secret. */
  readonly problem: string | null;
  readonly tools: readonly McpToolReport[];
}

/** What is known of one of its tools. */
export interface McpToolReport {
  /** As models call it. */
  readonly name: string;
  readonly description: string | null;
  readonly drift: McpDrift;
  /** Of what the server lists now; named under `trust` it lets a changed tool run. */
  readonly fingerprint: string;
}
