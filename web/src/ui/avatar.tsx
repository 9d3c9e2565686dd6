import { classNames } from "./class-names.ts";

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => /./u.exec(word)?.[0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();

export interface AvatarProps {
  readonly name: string | null;
  /** What stands there for somebody without a name. */
  readonly fallback: string;
  readonly className?: string;
}

/** The initials of somebody, to look at; the name has to stand elsewhere for those who listen. */
export const Avatar = ({ name, fallback, className }: AvatarProps) => (
  <span
    aria-hidden="true"
    className={classNames(
      "grid size-[30px] shrink-0 place-items-center rounded-full bg-accent-soft text-11 font-[650] text-accent-ink",
      className,
    )}
  >
    {name === null || name.trim() === "" ? fallback : initialsOf(name.trim())}
  </span>
);
