const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** The day of a time in ISO 8601, as people here write it. */
export const formatDate = (iso: string): string => day.format(new Date(iso));

/** Day and time of the day, for what may happen twice in a day; without the day if it is today. */
export const formatMoment = (iso: string): string => {
  const at = new Date(iso);
  return (at.toDateString() === new Date().toDateString() ? time : moment).format(at);
};
