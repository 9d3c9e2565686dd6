export interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1; null: it goes on, and nobody knows how far it is. */
  readonly ratio: number | null;
}

/** How far something is that goes on besides. */
export const ProgressBar = ({ label, ratio }: ProgressBarProps) => {
  const percent = ratio === null ? null : Math.round(Math.min(1, Math.max(0, ratio)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      {...(percent === null ? {} : { "aria-valuenow": percent, "aria-valuemin": 0, "aria-valuemax": 100 })}
      className="h-[3px] overflow-hidden bg-sunken"
    >
      <div
        className={`h-full origin-left bg-edge transition-transform duration-(--slow) rtl:origin-right ${percent === null ? "animate-pulse-live" : ""}`}
        style={{ transform: `scaleX(${percent === null ? 0.35 : percent / 100})` }}
      />
    </div>
  );
};
