const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** The day of a time in ISO 8601, as people here write it. */
export const formatDate = (time: string): string => day.format(new Date(time));
