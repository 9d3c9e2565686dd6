const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Day and time of the day, for what may happen twice in a day. */
export const formatMoment = (time: string): string => moment.format(new Date(time));

/** The day of a time in ISO 8601, as people here write it. */
export const formatDate = (time: string): string => day.format(new Date(time));
