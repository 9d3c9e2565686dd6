/** What Natter logs through: one JSON line an event. pino fits; so does a host's own logger. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = (): void => {};

export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** A logger whose every line holds these fields besides; a line's own win. */
export const withFields = (logger: Logger, more: () => object): Logger => ({
  debug: (fields, message) => logger.debug({ ...more(), ...fields }, message),
  info: (fields, message) => logger.info({ ...more(), ...fields }, message),
  warn: (fields, message) => logger.warn({ ...more(), ...fields }, message),
  error: (fields, message) => logger.error({ ...more(), ...fields }, message),
});
