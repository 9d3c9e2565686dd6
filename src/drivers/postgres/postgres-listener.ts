import postgres, { type Sql } from "postgres";
import type { Logger } from "../../foundation/logger.ts";

export interface PostgresListenerOptions {
  readonly url: string;
  readonly channel: string;
  readonly logger: Logger;
  readonly onNotify: (payload: string) => void;
  /** Called whenever it begins to hear: what was told before is lost. */
  readonly onReady: () => void;
}

const retryMilliseconds = (attempt: number): number => Math.min(1_000, 25 * 2 ** attempt);

/** Hears a channel on a connection of its own, until closed; another takes the place of one that is lost. */
export class PostgresListener {
  readonly #options: PostgresListenerOptions;
  #session: Sql | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failures = 0;
  #isClosed = false;

  constructor(options: PostgresListenerOptions) {
    this.#options = options;
    this.#connect();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const session = this.#session;
    this.#session = null;
    await session?.end({ timeout: 0 });
  }

  #connect(): void {
    const { url, channel, logger, onNotify, onReady } = this.#options;
    // Its `listen` stays deaf when the error of a lost connection answers the next one's first statement: each session is a client of its own.
    const settings = {
      max: 1,
      max_lifetime: null,
      fetch_types: false,
      connect_timeout: 10,
      connection: { application_name: "natter listener" },
      onnotice: (notice: object) => logger.debug({ notice }, "PostgreSQL notice"),
      onnotify: (_channel: string, payload: string) => onNotify(payload),
      onclose: () => this.#lose(session, undefined),
    };
    const session = postgres(url, settings);
    this.#session = session;
    session.unsafe(`listen "${channel}"`).then(
      () => {
        this.#failures = 0;
        onReady();
      },
      (error: unknown) => this.#lose(session, error),
    );
  }

  #lose(session: Sql, err: unknown): void {
    if (this.#session !== session || this.#isClosed) return;
    const { logger, channel } = this.#options;
    const milliseconds = retryMilliseconds(this.#failures);
    this.#failures += 1;
    logger.warn({ channel, milliseconds, err }, "PostgreSQL is listened to again in a moment");
    this.#session = null;
    session.end({ timeout: 0 }).catch((error: unknown) => logger.debug({ err: error }, "a lost session was not ended"));
    this.#timer = setTimeout(() => this.#connect(), milliseconds);
  }
}
