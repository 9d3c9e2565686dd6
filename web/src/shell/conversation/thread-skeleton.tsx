import { useIsLate } from "../../ui/use-is-late.ts";
import { shellTexts } from "../shell-texts.ts";

const lines = ["w-11/12", "w-full", "w-4/5", "w-2/3"];

/** Stands for the messages while they are loaded, if that takes its time. */
export const ThreadSkeleton = () => {
  const isLate = useIsLate(true);
  if (!isLate) return null;
  return (
    <div
      role="status"
      className="absolute inset-x-0 top-14 mx-auto max-w-[736px] animate-appear px-7 pt-6 max-wide:px-[18px]"
    >
      <span className="sr-only">{`${shellTexts.loading}…`}</span>
      <div aria-hidden="true" className="flex flex-col gap-4">
        <span className="mb-6 h-11 w-1/2 self-end rounded-large bg-accent-soft" />
        {lines.map((width) => (
          <span key={width} className={`h-3 rounded-full bg-hover ${width}`} />
        ))}
      </div>
    </div>
  );
};
