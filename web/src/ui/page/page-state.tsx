import { Button } from "../button/button.tsx";
import { useIsLate } from "../use-is-late.ts";
import { uiTexts } from "../ui-texts.ts";
import { useOnline } from "../use-online.ts";

export interface PageStateProps {
  readonly isPending: boolean;
  /** Why it could not be loaded; null: it could, or is on its way. */
  readonly error: string | null;
  readonly onRetry: () => void;
}

const widths = ["w-1/2", "w-3/4", "w-2/3"];

/** Stands for a page that is loaded, if that takes its time, or that could not be. */
export const PageState = ({ isPending, error, onRetry }: PageStateProps) => {
  const isOnline = useOnline();
  const isLate = useIsLate(isPending && error === null);
  if (error !== null)
    return (
      <div role="alert" className="flex flex-col items-start gap-2 text-pretty text-danger">
        {error}
        <Button onClick={onRetry}>{uiTexts.tryAgain}</Button>
      </div>
    );
  if (!isLate) return null;
  if (!isOnline)
    return (
      <p role="status" className="text-pretty text-text-2">
        {uiTexts.offline}
      </p>
    );
  return (
    <div role="status" className="flex animate-appear flex-col gap-3 pt-2">
      <span className="sr-only">{uiTexts.loading}</span>
      {widths.map((width) => (
        <span key={width} aria-hidden="true" className={`h-3 rounded-full bg-hover ${width}`} />
      ))}
    </div>
  );
};
