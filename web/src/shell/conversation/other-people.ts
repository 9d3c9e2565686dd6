import type { PresentUser } from "natter/client";
import { shellTexts } from "../shell-texts.ts";

/** Everybody who is there but oneself, those with a name first. */
export const othersOf = (presence: readonly PresentUser[], ownId: string | undefined): readonly PresentUser[] =>
  ownId === undefined
    ? []
    : presence
        .filter(({ userId }) => userId !== ownId)
        .toSorted((left, right) => Number(left.name === null) - Number(right.name === null));

export const nameOf = ({ name }: PresentUser): string =>
  name === null || name.trim() === "" ? shellTexts.somebody : name.trim();

/** `Ada`, `Ada and Bo`, `Ada, Bo and 3 others`. */
export const listNames = (people: readonly PresentUser[]): string => {
  const [first, second, ...rest] = people.map(nameOf);
  if (first === undefined) return "";
  if (second === undefined) return first;
  if (rest.length === 0) return `${first} ${shellTexts.and} ${second}`;
  return `${first}, ${second} ${shellTexts.and} ${shellTexts.others(rest.length)}`;
};
