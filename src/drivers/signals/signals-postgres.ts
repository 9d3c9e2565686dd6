import postgres from "postgres";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import { type Logger, silentLogger } from "../../foundation/logger.ts";
import type { SignalChannel, Signals } from "../../ports/signals.ts";
import { Listeners } from "./listeners.ts";

export interface PostgresSignalsOptions {
  readonly url: string;
  readonly logger?: Logger;
}

const pendingAtMost = 1_000;
const bytesAtMost = 4_000;

const nameOf = (channel: SignalChannel): string => `natter_${channel}`;

/**
 * Sends what is added in one turn of the event loop as one statement, one statement at a time: every commit with a
 * NOTIFY takes a lock on the whole database.
 */
const createOutbox = (pool: postgres.Sql, logger: Logger) => {
  let pending: [name: string, payload: string][] = [];
  let sending: Promise<void> | undefined;

  const send = async (): Promise<void> => {
    while (pending.length > 0) {
      const batch = JSON.stringify(pending.splice(0));
      try {
        await pool`select pg_notify(signal ->> 0, signal ->> 1) from json_array_elements(${batch}::text::json) as signal`;
      } catch (error) {
        logger.warn({ err: error }, "signals were not published");
      }
    }
    sending = undefined;
  };
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  return {
    add: (name: string, instance: string, payload: string): void => {
      if (pending.length >= pendingAtMost || Buffer.byteLength(payload) > bytesAtMost || payload.includes("\0")) {
        logger.warn({ name, pending: pending.length }, "a signal was dropped");
        return;
      }
      pending.push([name, instance + payload]);
      sending ??= nextTurn().then(send);
    },
    flush: async (): Promise<void> => sending,
  };
};

/** Signals between nodes over LISTEN and NOTIFY; the server's connection pooler, if any, must not pool by transaction. */
export const createPostgresSignals = ({ url, logger = silentLogger }: PostgresSignalsOptions): Signals => {
  const instance = createId();
  const listeners = new Listeners<string>(logger);
  const listening = new Map<string, Promise<unknown>>();
  const pool = postgres(url, {
    max: 1,
    backoff: (attempt) => Math.min(1, 0.025 * 2 ** attempt),
    onnotice: (notice) => logger.debug({ notice }, "PostgreSQL notice"),
  });
  const outbox = createOutbox(pool, logger);

  const listen = async (name: string): Promise<void> => {
    const hear = (payload: string): void => {
      if (!payload.startsWith(instance)) listeners.tell(name, payload.slice(instance.length));
    };
    try {
      await pool.listen(name, hear);
    } catch (error) {
      listening.delete(name);
      throw new NatterError("unavailable", "PostgreSQL can't be reached; try again in a few seconds.", {
        cause: error,
      });
    }
  };

  return {
    publish: (channel, payload) => {
      listeners.tell(nameOf(channel), payload);
      outbox.add(nameOf(channel), instance, payload);
    },
    subscribe: async (channel, listener) => {
      const name = nameOf(channel);
      const started = listening.get(name) ?? listen(name);
      listening.set(name, started);
      await started;
      return listeners.add(name, listener);
    },
    close: async () => {
      listeners.clear();
      await outbox.flush();
      await pool.end({ timeout: 5 });
    },
  };
};
