import { shellTexts } from "../shell-texts.ts";

/** What to say to somebody who comes at this hour. */
export const greetingAt = (hour: number): string => {
  const { night, morning, day, evening } = shellTexts.greetings;
  if (hour < 5) return night;
  if (hour < 11) return morning;
  return hour < 18 ? day : evening;
};
