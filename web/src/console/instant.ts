const dayMs = 86_400_000;
const isDay = /^\d{4}-\d{2}-\d{2}$/;

/** Filters as the server takes them: days, both of them included, become instants in UTC. */
export const toQuery = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (!isDay.test(value) || (name !== "from" && name !== "to")) return [name, value];
      const start = Date.parse(`${value}T00:00:00Z`);
      return [name, new Date(name === "to" ? start + dayMs : start).toISOString()];
    }),
  );

/** The day that was so many days before this one, in UTC. */
export const daysAgo = (days: number): string => new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);
