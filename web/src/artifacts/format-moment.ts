const withDay = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** A time in ISO 8601 as people here write it; without the day if it is today. */
export const formatMoment = (iso: string): string => {
  const moment = new Date(iso);
  return (moment.toDateString() === new Date().toDateString() ? time : withDay).format(moment);
};
