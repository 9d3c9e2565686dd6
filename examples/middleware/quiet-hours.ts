import { NatterError, type Middleware } from "natter";

export interface QuietHoursOptions {
  /** Hours of the day in UTC: nothing is accepted from one up to the other. */
  readonly from: number;
  readonly to: number;
  readonly now?: () => Date;
}

/** Accepts nothing at night; nothing is stored of what is refused. */
export const quietHours = ({ from, to, now = () => new Date() }: QuietHoursOptions): Middleware => ({
  name: "quietHours",
  accept: async (_request, next) => {
    const hour = now().getUTCHours();
    const isQuiet = from < to ? hour >= from && hour < to : hour >= from || hour < to;
    if (isQuiet) throw new NatterError("unavailable", `We are back at ${to}:00 UTC.`, { retryAfter: 3_600 });
    await next();
  },
});
