/** How a built-in provider is reached. */
export interface BuiltInOptions {
  /** Where it is instead of at its public address. */
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Seconds without a word until a call fails as `provider_timeout`. */
  readonly stallSeconds: number;
}
