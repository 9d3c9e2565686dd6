const dayMs = 86_400_000;
const dayForm = /^\d{4}-\d{2}-\d{2}$/;

/** Whether it names a day, as `2026-11-21`, and no moment. */
export const isDay = (text: string): boolean => dayForm.test(text) && !Number.isNaN(Date.parse(text));

/** What clocks in a zone show at an instant, as if it were UTC, in milliseconds. */
const wallClock = (instant: number, zone: string): number => {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(instant);
  const of = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
};

/** When a day begins in a zone, in milliseconds; where its clocks skip midnight, the first moment after. */
export const startOfDay = (day: string, zone: string): number => {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // an hour from the offset of the day before or after decides at most: try both, and take what shows that midnight
  const guesses = [midnight - dayMs, midnight + dayMs].map((near) => midnight - (wallClock(near, zone) - near));
  return guesses.find((guess) => wallClock(guess, zone) === midnight) ?? Math.max(...guesses);
};

const nextDay = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);

/** Filters as the server takes them: days of that zone, both of them included, become instants. */
export const toQuery = (values: Readonly<Record<string, string>>, zone: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (!isDay(value)) return [name, value];
      if (name === "from") return [name, new Date(startOfDay(value, zone)).toISOString()];
      return name === "to" ? [name, new Date(startOfDay(nextDay(value), zone)).toISOString()] : [name, value];
    }),
  );

/** The day that it is in a zone, so many days ago. */
export const daysAgo = (days: number, zone: string, now = Date.now()): string =>
  new Date(wallClock(now, zone) - days * dayMs).toISOString().slice(0, 10);
