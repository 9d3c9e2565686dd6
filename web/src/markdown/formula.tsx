type FormulaProps = Readonly<{ source: string; tex: string; isDisplayed: boolean }>;

/** A formula. */
export const Formula = ({ source }: FormulaProps) => <span>{source}</span>;
